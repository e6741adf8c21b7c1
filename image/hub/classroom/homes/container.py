"""A container that runs one program beside one home, and ends when nobody listens any more."""

from __future__ import annotations

import inspect
import json
import os
import select
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from secrets import token_hex
from types import ModuleType
from typing import Any

from docker.errors import DockerException
from docker.types import LogConfig, Mount, Ulimit
from requests.exceptions import RequestException

from classroom.cpus import format_cpus
from classroom.engine import Engine
from classroom.homes import unpack
from classroom.homes.pack import HOME

MEMORY = "1g"
READS = ("DAC_READ_SEARCH",)
WRITES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID")
LOCKED_UP = {
    "network_mode": "none", "read_only": True, "cap_drop": ["ALL"], "pids_limit": 32,
    "security_opt": ["no-new-privileges:true"], "mem_limit": MEMORY, "memswap_limit": MEMORY,
    # Folders in folders, as deep as a path can be.
    "ulimits": [Ulimit(name="nofile", soft=8192, hard=8192)],
    # The log would be one more copy of the home.
    "log_config": LogConfig(type="none"),
    "auto_remove": True,
}  # fmt: skip
GONE_WITHIN_S = 30
MOST_SAID = PIECE = 1 << 20
STDOUT = 1
ATTACHED = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
FAILURES = (OSError, DockerException, RequestException)
"""What can go wrong between the hub and its engine."""


class Wire:
    """What is said by a program in a container, and told to it: bounded in time, always closed."""

    def __init__(self, attached: Any, seconds: float) -> None:  # noqa: ANN401
        self._attached = attached
        self._socket: socket.socket = attached._sock
        self._file = self._socket.makefile("rb")
        self._deadline = time.monotonic() + seconds
        self.said = b""
        """The beginning of what came on standard error."""

    def pieces(self) -> Iterator[bytes]:
        """Yield what comes on standard output, until its end.

        Raises
        ------
        OSError
            If there is no end within the time.
        """
        while head := self._read(8):
            stream, size = struct.unpack(">BxxxL", head)
            while size and (piece := self._read(min(size, PIECE))):
                size -= len(piece)
                if stream == STDOUT:
                    yield piece
                else:
                    self.said = (self.said + piece)[:MOST_SAID]

    def write(self, piece: bytes) -> None:
        """Send to standard input.

        Raises
        ------
        OSError
            If the program has something to say: it speaks when it has ended, and takes no more.
        """
        left = memoryview(piece)
        while left:
            heard, ready, _ = select.select([self._socket], [self._socket], [], self._left())
            if heard or not ready:
                raise BrokenPipeError
            left = left[self._socket.send(left, socket.MSG_DONTWAIT) :]

    def finish(self) -> None:
        """Let standard input end."""
        self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End the program, from any thread, even if somebody waits for it."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Close all that was opened; nobody may wait any more."""
        self.close()
        for opened in (self._file, self._attached._response, self._attached, self._socket):
            opened.close()

    def _read(self, size: int) -> bytes:
        self._socket.settimeout(self._left())
        return self._file.read(size)

    def _left(self) -> float:
        return max(0.001, self._deadline - time.monotonic())


@contextmanager
def alone(
    engine: Engine,
    image: str,
    program: ModuleType,
    name: str,
    seconds: float,
    argument: object = None,
) -> Iterator[Wire]:
    """Run a program of this folder in a container that has the home of `name` and nothing else.

    The container is gone afterwards. Should this process be killed, it ends and goes as well: its
    standard input ends with the connection.
    """
    api = engine.client.api
    title = f"{engine.class_name}-{program.__name__.rpartition('.')[2]}-{name}-{token_hex(4)}"
    writes = program is unpack
    home = Mount(HOME, engine.home_volume(name), read_only=not writes, no_copy=True)
    api.inspect_volume(home["Source"])  # The engine would make one.
    try:
        api.create_container(
            image, ["-I", "-X", "utf8", "-c", inspect.getsource(program), json.dumps(argument)],
            entrypoint=["python3"], name=title, user="0:0", working_dir="/", stdin_open=True,
            healthcheck={"test": ["NONE"]},
            host_config=api.create_host_config(
                **LOCKED_UP, mounts=[home], cap_add=WRITES if writes else READS,
                # On the cores of the process that reads it, so that it disturbs nobody else.
                cpuset_cpus=format_cpus(os.sched_getaffinity(0)),
            ),
        )  # fmt: skip
        wire = Wire(api.attach_socket(title, params=ATTACHED), seconds)
        try:
            api.start(title)
            yield wire
        finally:
            wire.release()
    finally:
        with suppress(*FAILURES):
            api.remove_container(title, force=True, v=True)
        with suppress(*FAILURES):  # It may have been going already, and holds the volume so long.
            api.wait(title, timeout=GONE_WITHIN_S, condition="removed")
