"""Where a participant's own packages are, and how every Python of theirs finds them.

`packages.pth` imports this whenever an interpreter of the image starts. The folder comes last, so
it hides nothing that the image holds. The server is started with ``-s``, as everything of Jupyter's
is, and does not see it: what lies in a home changes no server.
"""

import os
import sys


def folder() -> str:
    """Return the folder of these packages; nothing where ALLOW_PIP does not allow any.

    Root has none in somebody else's home: what lies there would be run with root's rights.
    """
    home = os.environ.get("HOME", "")
    if os.environ.get("ALLOW_PIP", "").lower() not in ("1", "yes", "true"):
        return ""
    if not os.path.isdir(home) or os.geteuid() == 0 != os.stat(home).st_uid:
        return ""
    return os.path.join(home, ".packages")


def modules(packages: str) -> str:
    """Return where in such a folder this version of Python has its modules."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return os.path.join(packages, "lib", version, "site-packages")


def show() -> None:
    """Let modules and commands that were installed there be found, after all others."""
    packages = folder()
    # An environment's *.pth are read twice when its interpreter starts.
    if not packages or sys.flags.no_user_site or modules(packages) in sys.path:
        return
    try:
        # An interpreter does not look again for a folder that was not there when it started.
        os.makedirs(modules(packages), exist_ok=True)
    except OSError:
        return
    sys.path.append(modules(packages))
    commands = os.path.join(packages, "bin")
    if commands not in os.environ.get("PATH", "").split(":"):
        os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":" + commands
