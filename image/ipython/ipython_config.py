"""What every kernel and every IPython of the image knows: ``%%lanes``, plots in both themes."""

c = get_config()  # noqa: F821 - IPython provides it

c.InteractiveShellApp.extensions = ["swimlanes"]

# JupyterLab writes into a notebook what its kernel says of its language. The lessons hold all but
# Python's version, so opening one changes nothing in it.
c.IPKernelApp.exec_lines = ["del get_ipython().kernel.language_info['version']"]
