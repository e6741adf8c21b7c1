#!/opt/venv/bin/python
"""Start JupyterLab: as the hub's single-user server when a hub asked for it, else on its own.

Arguments are handed on, for example ``serve --ServerApp.root_dir=/home/jovyan/course``.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import MutableMapping


def main() -> None:
    """Become the server."""
    command = choose_server(os.environ)
    if command == "jupyter-lab":
        print(announce(os.environ), file=sys.stderr, flush=True)
    os.execvp(command, [command, *sys.argv[1:]])


def choose_server(environment: MutableMapping[str, str]) -> str:
    """Return the command; a hub is known by the token it gives."""
    return "jupyterhub-singleuser" if environment.get("JUPYTERHUB_API_TOKEN") else "jupyter-lab"


def announce(environment: MutableMapping[str, str]) -> str:
    """Return the address to open, with a random token unless the user has chosen one.

    Jupyter's own message names the container, which no browser outside of it can reach.
    """
    address = f"http://127.0.0.1:{environment.get('JUPYTER_PORT') or 8888}/"
    if environment.get("JUPYTER_TOKEN") or environment.get("JUPYTER_TOKEN_FILE"):
        return f"JupyterLab: {address} (with the token it was given)"
    environment["JUPYTER_TOKEN"] = secrets.token_hex(24)
    return f"JupyterLab: {address}?token={environment['JUPYTER_TOKEN']}"


if __name__ == "__main__":
    main()
