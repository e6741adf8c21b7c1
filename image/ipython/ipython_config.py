"""What every kernel and every IPython of the image knows: ``%%lanes``."""

c = get_config()  # noqa: F821 - IPython provides it

c.InteractiveShellApp.extensions = ["swimlanes"]
