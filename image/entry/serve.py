#!/opt/venv/bin/python -s
"""Start Jupyter: as the hub's single-user server when a hub asked for it, else on its own.

Arguments are handed on, for example ``serve --ServerApp.root_dir=/home/jovyan/course``.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from urllib.parse import quote

from telling import asked_for, number, stop, tell_command

SERVERS = {"lab": "JupyterLab", "notebook": "Jupyter Notebook", "server": "Jupyter Server"}
"""What DOCKER_STACKS_JUPYTER_CMD may name, and how people call it."""


def main() -> None:
    """Become the server."""
    refuse_what_is_not_here(os.environ)
    server = choose_server(os.environ)
    arguments = [*more_arguments(os.environ), *sys.argv[1:]]
    chosen = read_options(arguments)
    check_certificates(chosen, under_a_hub(os.environ))
    lead_to_dashboards(os.environ, chosen)
    if under_a_hub(os.environ):
        command = "jupyterhub-singleuser"
    else:
        command = f"jupyter-{server}"
        read_token_file(os.environ)
        page = os.environ.get("JUPYTERHUB_DEFAULT_URL") or first_page(server, os.environ)
        address = announce(os.environ, chosen, page)
        print(f"{SERVERS[server]}: {address}", file=sys.stderr, flush=True)
    tell_command([command, *arguments])
    os.execvp(command, [command, *arguments])


def refuse_what_is_not_here(environment: Mapping[str, str]) -> None:
    """Stop if a setting of the Jupyter Docker Stacks is asked for that this image cannot honour."""
    if asked_for(environment, "RESTARTABLE"):
        stop(
            "RESTARTABLE=yes is not supported; let the engine restart the container instead "
            "(docker run --restart unless-stopped)."
        )


def choose_server(environment: Mapping[str, str]) -> str:
    """Return which front end is asked for: lab, notebook or server (none)."""
    server = environment.get("DOCKER_STACKS_JUPYTER_CMD") or "lab"
    if server not in SERVERS:
        stop(f"DOCKER_STACKS_JUPYTER_CMD={server} is not here; choose lab, notebook or server.")
    return server


def first_page(server: str, environment: Mapping[str, str]) -> str:
    """Return the page on which a front end opens, as the settings of Jupyter have it, too."""
    page = quote(environment.get("SWIMLANES_FIRST_PAGE") or "START.ipynb")
    return {"lab": f"lab/tree/course/{page}", "notebook": "tree/course", "server": ""}[server]


def more_arguments(environment: Mapping[str, str]) -> list[str]:
    """Return the words of NOTEBOOK_ARGS, split as a shell would."""
    text = environment.get("NOTEBOOK_ARGS", "")
    try:
        return shlex.split(text)
    except ValueError as error:
        stop(f"NOTEBOOK_ARGS={text} cannot be read: {error}.")


def under_a_hub(environment: Mapping[str, str]) -> bool:
    """Return whether a hub started this; it is known by the token it gives."""
    return bool(environment.get("JUPYTERHUB_API_TOKEN"))


def read_options(arguments: Sequence[str]) -> dict[str, str]:
    """Return what ``--ServerApp.name=value``, ``--name=value`` and ``--name value`` choose."""
    chosen = {}
    for word, following in zip(arguments, [*arguments, ""][1:], strict=True):
        if match := re.fullmatch(r"--(?:\w+\.)?(\w+)(?:=(.*))?", word):
            name, value = match.groups()
            chosen[name] = following if value is None else value
    return chosen


def check_certificates(chosen: Mapping[str, str], hub: bool) -> None:
    """Stop if TLS is asked for and cannot be had."""
    for name in chosen.keys() & {"certfile", "keyfile", "client_ca"}:
        if hub:
            stop(
                f"{name} cannot be honoured under a hub, which speaks plain HTTP to its servers; "
                "leave it out, and give the hub's proxy the certificate."
            )
        if not os.access(chosen[name], os.R_OK):
            stop(f"{name}={chosen[name]} cannot be read by user {os.getuid()}; is it mounted?")


def read_token_file(environment: MutableMapping[str, str]) -> None:
    """Take the token out of JUPYTER_TOKEN_FILE; Jupyter would count the end of the line to it."""
    file = environment.pop("JUPYTER_TOKEN_FILE", "")
    if not file or environment.get("JUPYTER_TOKEN"):
        return
    try:
        environment["JUPYTER_TOKEN"] = Path(file).read_text().strip()
    except (OSError, UnicodeError) as error:
        stop(f"JUPYTER_TOKEN_FILE={file} cannot be read: {error}.")
    if not environment["JUPYTER_TOKEN"]:
        stop(f"JUPYTER_TOKEN_FILE={file} holds no token.")


def lead_to_dashboards(environment: MutableMapping[str, str], chosen: Mapping[str, str]) -> None:
    """Let Dask name a way to its dashboard that a browser can go: through this server.

    The way begins at the server's origin, whatever that is called outside.
    """
    prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX") or chosen.get("base_url", "")
    base = f"/{prefix.strip('/')}".rstrip("/").replace("{", "{{").replace("}", "}}")
    environment.setdefault("DASK_DISTRIBUTED__DASHBOARD__LINK", f"{base}/proxy/{{port}}/status")


def announce(environment: MutableMapping[str, str], chosen: Mapping[str, str], page: str) -> str:
    """Return the address to open, with a random token unless the user has chosen how to log in.

    Jupyter's own message names the container, which no browser outside of it can reach.
    """
    address = reached_at(environment, chosen) + chosen.get("default_url", page).lstrip("/")
    if environment.get("JUPYTER_TOKEN"):
        return f"{address} (with the token it was given)"
    if chosen.keys() & {"token", "password", "hashed_password"}:
        return f"{address} (with the token or password it was given)"
    environment["JUPYTER_TOKEN"] = secrets.token_hex(24)
    return f"{address}?token={environment['JUPYTER_TOKEN']}"


def reached_at(environment: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """Return where the server is reached from outside, the base address included.

    From inside nobody can see under which port or name it was published: PUBLIC_URL says so.
    """
    secure = asked_for(environment, "GEN_CERT") or "certfile" in chosen
    port = chosen.get("port") or number(environment, "JUPYTER_PORT", 8888, 65535)
    public = environment.get("PUBLIC_URL") or f"http{'s' * secure}://127.0.0.1:{port}"
    if not re.fullmatch(r"https?://[^/\s]+/?", public):
        stop(f"PUBLIC_URL={public} is no address like http://lab.example.org:9000; correct it.")
    base = chosen.get("base_url", "").strip("/")
    return f"{public.rstrip('/')}/{base}{'/' * bool(base)}"


if __name__ == "__main__":
    main()
