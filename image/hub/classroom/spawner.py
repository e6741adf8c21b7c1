"""Start a participant's server: on cores and a network of its own, in a hardened container."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from dockerspawner import DockerSpawner
from jupyterhub import spawner as spawners
from tornado import web

from classroom.allocator import Allocator, most_sharers
from classroom.cpus import format_cpus
from classroom.engine import Engine
from classroom.errors import NoCoresLeftError
from classroom.settings import Settings

# As in docker-compose.yml for one person alone.
HARDENED = {
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "read_only": True,
    "tmpfs": {"/tmp": "size=512m,mode=1777"},
    "pids_limit": 256,
    "shm_size": "256m",
    "log_config": {"type": "json-file", "config": {"max-size": "10m", "max-file": "2"}},
}

TO_THE_INTERNET = {
    "http_proxy": "http://internet:3128",
    "https_proxy": "http://internet:3128",
    "no_proxy": "hub,localhost,127.0.0.1",
}
LISTENS_WITHIN_S = 60.0
"""How long it is asked whether a server listens; then the hub's own patience counts."""
WAITING = "waiting-for-cores"
"""The reason, for programs that count failures."""


class ClassroomSpawner(DockerSpawner):
    """DockerSpawner with an owner for every core."""

    # One call at a time, as is the default, would let a whole class wait for each other's stops.
    _executor = ThreadPoolExecutor(8)

    # The same for all participants; `jupyterhub_config.py` sets them before the hub starts.
    settings: ClassVar[Settings]
    engine: ClassVar[Engine]
    allocator: ClassVar[Allocator]
    accounts: ClassVar[int]

    async def start(self) -> tuple[str, int]:
        """Claim cores, make network and home, and start the container."""
        name = self.user.name
        cores = self._claim()
        self.extra_host_config = self._host_config(format_cpus(cores))
        self.extra_create_kwargs = {"labels": self.engine.labels(name)}
        self.network_name, _ = await asyncio.gather(
            asyncio.to_thread(self.engine.open_network, name, self.settings.subnets),
            asyncio.to_thread(self.engine.make_home, name, self.settings.home_size),
        )
        address = await super().start()
        await _listening(*address)
        return address

    async def leave(self) -> None:
        """Give back what the server had, once it is gone; the home stays."""
        try:
            if await self.get_object():
                await self.remove_object()
        finally:
            self.allocator.release(self.user.name)
            await asyncio.to_thread(self.engine.close_network, self.user.name)

    def get_env(self) -> dict[str, str]:
        """Return the server's environment; the panel shows how many may share the cores."""
        environment = super().get_env()
        # By this the wall knows whose panel it is.
        environment["SWIMLANES_WALL_TOKEN"] = environment["JUPYTERHUB_API_TOKEN"]
        if (sharers := self._sharers()) > 1:
            environment["SWIMLANES_SHARED_CORES"] = str(sharers)
        if not self.settings.solutions:
            environment["SWIMLANES_SOLUTIONS"] = "no"
        if self.settings.allow_pip:
            environment["ALLOW_PIP"] = "yes"
        return environment | (TO_THE_INTERNET if self.settings.internet else {})

    def get_state(self) -> dict[str, Any]:
        """Return what the hub remembers, with the cores for the instructor's page."""
        cores = self.allocator.owned.get(self.user.name, frozenset())
        return super().get_state() | {"cores": format_cpus(cores), "sharers": self._sharers()}

    def _claim(self) -> frozenset[int]:
        # An instructor who starts all servers puts nobody in line who may not have come.
        asks = getattr(self.handler, "current_user", None)
        waits = getattr(asks, "name", None) == self.user.name
        try:
            return self.allocator.claim(self.user.name, time.monotonic(), waits=waits)
        except NoCoresLeftError as error:
            raise _refusal(str(error)) from error

    def _sharers(self) -> int:
        """Return how many use these cores now, or may when everybody has come."""
        now = max(1, self.allocator.sharers(self.user.name))
        if not self.settings.share_cores:
            return now
        return max(now, most_sharers(self.accounts, self.allocator.seats))

    def _host_config(self, cores: str) -> dict[str, Any]:
        return HARDENED | {
            "cpuset_cpus": cores,
            "mem_limit": self.settings.memory,
            "memswap_limit": self.settings.memory,
            # The engine brings it back after a crash or its own restart, until the hub removes it.
            "auto_remove": False,
            "restart_policy": {"Name": "unless-stopped"},
        }


async def _listening(host: str, port: int) -> None:
    """Return when a server listens: the hub itself asks at random times, ever more seldom."""
    deadline = time.monotonic() + LISTENS_WITHIN_S
    while time.monotonic() < deadline:
        try:
            _, connection = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            connection.close()
            return


def _refusal(message: str) -> web.HTTPError:
    """Return what tells somebody to wait; from version 6 the hub knows that it is no fault."""
    if hasattr(spawners, "SpawnException"):
        refusal = spawners.SpawnException(message, reason=WAITING, status_code=503)
    else:
        refusal = web.HTTPError(503, message, reason=WAITING)
    refusal.jupyterhub_message = message  # for the page of a server that does not run
    refusal.waiting = True  # by this the pages know that they are to ask again (templates/)
    return refusal
