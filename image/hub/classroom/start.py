"""Start the hub or its proxy, once nothing stands in the way."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from docker.errors import ImageNotFound

from classroom import course
from classroom.cpus import host_cpus
from classroom.engine import Engine
from classroom.errors import ClassroomError
from classroom.roster import read_roster
from classroom.settings import Settings, read_settings, read_tls

CONFIG = "/opt/hub/jupyterhub_config.py"
PROXY = "/opt/proxy/node_modules/.bin/configurable-http-proxy"


def check(environment: Mapping[str, str]) -> tuple[Settings, Engine]:
    """Return settings and engine.

    Raises
    ------
    ClassroomError
        At the first thing that an instructor has to mend.
    """
    settings = read_settings(environment, host_cpus())
    read_roster(settings.roster)
    engine = Engine(settings.class_name)
    try:
        engine.client.images.get(settings.image)
    except ImageNotFound as error:
        raise ClassroomError(
            f"The participants' image {settings.image!r} is not there; run: make image"
        ) from error
    return settings, engine


def become_hub() -> NoReturn:
    """Bring the course and the networks in order, and become JupyterHub."""
    settings, engine = check(os.environ)
    course.refresh(engine, settings.image)
    engine.rejoin_networks()
    _become(sys.executable, "-m", "jupyterhub", "--config", CONFIG)


def become_proxy() -> NoReturn:
    """Become configurable-http-proxy, which serves the whole class on one port.

    Its own interface listens where participants' networks do not reach.
    """
    cert, key = read_tls(os.environ)
    tls = ["--ssl-cert", str(cert), "--ssl-key", str(key)] if cert else []
    hub = "http://hub-backend:8081"
    os.environ["CONFIGPROXY_AUTH_TOKEN"] = os.environ["HUB_PROXY_TOKEN"]
    _become(
        PROXY, "--ip", "0.0.0.0", "--port", "8000", "--api-ip", "proxy-backend", "--api-port",
        "8001", "--default-target", hub, "--error-target", f"{hub}/hub/error", "--log-level",
        "warn", *tls,
    )  # fmt: skip


def _become(*command: str) -> NoReturn:
    os.execvp(command[0], command)
