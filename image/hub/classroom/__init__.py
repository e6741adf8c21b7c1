"""What makes a JupyterHub a class: accounts, cores of one's own, networks of one's own."""
