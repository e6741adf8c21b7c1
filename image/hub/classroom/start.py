"""Start the hub or its proxy, once nothing stands in the way."""

from __future__ import annotations

import contextlib
import http
import http.client
import os
import socket
import ssl
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from docker.errors import ImageNotFound

from classroom import course, door
from classroom.cpus import host_cpus
from classroom.engine import Engine
from classroom.errors import ClassroomError
from classroom.roster import read_roster
from classroom.settings import IMAGE, Settings, read_settings, read_subdomain_host, read_tls
from classroom.words import counted

CONFIG = "/opt/hub/jupyterhub_config.py"
PATIENCE_S = 60.0
DOOR = ("door", 8000)
PROXY_API = ("proxy-backend", 8001)
PROXY = "/opt/proxy/node_modules/.bin/configurable-http-proxy"
INOTIFY = Path("/proc/sys/fs/inotify/max_user_instances")
INOTIFY_EACH = 128
"""What Linux gives to a user by default."""
CERTIFICATE = Path("/tmp/door.pem")


def check_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings, which fit this host; there are accounts.

    Raises
    ------
    ClassroomError
        At the first thing that an instructor has to mend.
    """
    settings = read_settings(environment, host_cpus())
    read_roster(settings.roster)
    return settings


def check(environment: Mapping[str, str]) -> tuple[Settings, Engine]:
    """Return settings and engine.

    Raises
    ------
    ClassroomError
        At the first thing that an instructor has to mend.
    """
    settings = check_settings(environment)
    engine = Engine(settings.class_name, internet=settings.internet)
    try:
        engine.client.images.get(settings.image)
    except ImageNotFound as error:
        raise ClassroomError(no_image(settings.image)) from error
    if settings.home_size:
        engine.try_home_size(settings.home_size)
    return settings, engine


def no_image(name: str) -> str:
    """Return what to do about a participants' image that is not there."""
    if name == IMAGE:
        return f"The participants' image {name!r} is not there; run: make image"
    return (
        f"The participants' image {name!r} is not there; build it, with: docker build --tag {name} "
        "FOLDER, or name another one with IMAGE= in image/hub/.env."
    )


def what_remains(settings: Settings, free_bytes: int, inotify: int) -> list[str]:
    """Return what one participant can do to all, and this host does not prevent.

    Parameters
    ----------
    settings : Settings
        Of the class.
    free_bytes : int
        Room on the disk where the homes are.
    inotify : int
        How many inotify instances the kernel gives to one user; to it, all participants are one.
    """
    homes = len(read_roster(settings.roster).participants)
    told = []
    if not settings.home_size:
        told.append(
            "No home has a limit: one participant can fill the disk for all. "
            f"{free_bytes >> 30} GB are free for {counted(homes, 'home')}. HOME_SIZE sets a limit "
            "where the engine's data lie on XFS with project quotas."
        )
    if inotify < INOTIFY_EACH * homes:
        told.append(
            f"All participants share {inotify} inotify instances, and one can take them all; raise "
            f"them: sysctl fs.inotify.max_user_instances={INOTIFY_EACH * homes}"
        )
    return told


def become_hub() -> NoReturn:
    """Bring the course and the networks in order, and become JupyterHub."""
    settings, engine = check(os.environ)
    course.refresh(engine, settings.image, settings.course)
    engine.rejoin_networks()
    _until(lambda: socket.create_connection(PROXY_API, timeout=3).close(), "The proxy")
    _become(sys.executable, "-m", "jupyterhub", "--config", CONFIG)


def become_door() -> NoReturn:
    """Become HAProxy, which serves the whole class on one port."""
    cert, key = read_tls(os.environ)
    if cert and key:
        CERTIFICATE.touch(mode=0o600)
        CERTIFICATE.write_bytes(cert.read_bytes() + b"\n" + key.read_bytes())
    os.environ |= door.environment(
        os.environ["HUB_PROXY_TOKEN"], read_subdomain_host(os.environ), tls=bool(cert)
    )
    _become("haproxy", "-f", "/opt/hub/door.cfg")


def become_proxy() -> NoReturn:
    """Become configurable-http-proxy, which knows where each participant's server is.

    It joins their networks, and listens where these do not reach: the door alone asks it.
    """
    hub = "http://hub-backend:8081"
    os.environ["CONFIGPROXY_AUTH_TOKEN"] = os.environ["HUB_PROXY_TOKEN"]
    by_host = ["--host-routing"] if read_subdomain_host(os.environ) else []
    _become(
        PROXY, "--ip", PROXY_API[0], "--port", "8000",
        "--api-ip", PROXY_API[0], "--api-port", str(PROXY_API[1]),
        "--default-target", hub, "--error-target", f"{hub}/hub/error", "--log-level", "warn",
        *by_host,
    )  # fmt: skip


def become_internet() -> NoReturn:
    """Become the participants' way to the internet, or sleep if they must not reach it."""
    if os.environ.get("INTERNET") == "yes":
        _become("squid", "-N", "-f", "/opt/hub/squid.conf")
    _become("sleep", "infinity")


def wait_until_open(environment: Mapping[str, str]) -> None:
    """Return when the hub answers through the door.

    Raises
    ------
    ClassroomError
        If it does not within a minute.
    """
    _until(lambda: _ask(*DOOR, secure=bool(environment.get("TLS_CERT"))), "The hub")


def _ask(host: str, port: int, *, secure: bool) -> None:
    """Raise OSError unless the hub is well. It is asked directly: a proxy knows none of us."""
    asking = http.client.HTTPConnection(host, port, timeout=3)
    if secure:
        # The certificate names the class's address, not this container.
        any_certificate = ssl._create_unverified_context()
        asking = http.client.HTTPSConnection(host, port, timeout=3, context=any_certificate)
    with contextlib.closing(asking):
        asking.request("GET", "/hub/health")
        answer = asking.getresponse()
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        raise ConnectionError(f"{answer.status} {answer.reason}")


def _until(succeeds: Callable[[], None], who: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return succeeds()
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > deadline:
                raise ClassroomError(
                    f"{who} does not answer within {PATIENCE_S:.0f} seconds ({error}); its log "
                    "says why: docker compose --profile hub logs"
                ) from error
            time.sleep(0.1)


def _become(*command: str) -> NoReturn:
    os.execvp(command[0], command)
