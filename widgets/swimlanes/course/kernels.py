"""The lessons that run now, as the lab's own server knows them: the memory they take, their end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from swimlanes import kin
from swimlanes.errors import SwimlanesError

_LONGEST_S = 5
_NOT_TOLD = (
    *(OSError, http.client.HTTPException),  # nobody answers, or not with what was asked for
    *(RuntimeError, ValueError, LookupError, TypeError, StopIteration),  # or not in this way
)


class NoServer(SwimlanesError, OSError):
    """The lab's server does not answer, or does not let this kernel in."""


@dataclass(frozen=True)
class Running:
    """A notebook whose kernel runs.

    Attributes
    ----------
    file : str
        Path of the notebook, from the folder of the one that asks.
    session : str
        What the server calls it.
    busy : bool
        Whether a cell runs.
    memory_bytes : int or None
        What its kernel takes for itself; None where the system does not tell.
    """

    file: str
    session: str
    busy: bool
    memory_bytes: int | None


def running() -> list[Running]:
    """Return the other notebooks that run in the folder of this kernel's notebook, or below it.

    Raises
    ------
    NoServer
        If the server does not tell.
    """
    sessions = _ask("GET", "sessions")
    with _answer_understood():
        own = next(one for one in sessions if one["kernel"]["id"] == _own_kernel())
        folder = PurePosixPath(own["path"]).parent
        return [
            Running(
                str(PurePosixPath(one["path"]).relative_to(folder)),
                one["id"],
                one["kernel"]["execution_state"] == "busy",
                _memory_bytes(one["kernel"]["id"]),
            )
            for one in sessions
            if one is not own and PurePosixPath(one["path"]).is_relative_to(folder)
        ]


def shut_down(session: str) -> None:
    """End the kernel of a notebook; what its cells show stays.

    Raises
    ------
    NoServer
        If the server does not do it.
    """
    _ask("DELETE", f"sessions/{quote(session)}")


def _ask(method: str, what: str) -> Any:  # noqa: ANN401
    """Ask the server that started this kernel; asking is no use of the lab that keeps it alive."""
    from jupyter_core.paths import jupyter_runtime_dir  # only a kernel has it

    file = Path(jupyter_runtime_dir(), f"jpserver-{os.environ.get('JPY_PARENT_PID')}.json")
    with _answer_understood():
        server = json.loads(file.read_text(encoding="utf-8"))
        # A hub gives its servers no token of their own, but one for the hub, which opens them, too.
        token = server["token"] or os.environ.get("JUPYTERHUB_API_TOKEN", "")
        path = f"{server['base_url']}api/{what}?no_track_activity=1"
        with contextlib.closing(_line(server["hostname"], server["port"], server["secure"])) as ask:
            ask.request(method, path, headers={"Authorization": f"token {token}"})
            answer = ask.getresponse()
            if not 200 <= answer.status < 300:
                raise http.client.HTTPException(answer.reason)
            return json.loads(answer.read() or "null")


def _line(host: str, port: int, secure: bool) -> http.client.HTTPConnection:
    """Return a connection to the server itself: the token is for no proxy on the way to others."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    if not secure:
        return http.client.HTTPConnection(host, port, timeout=_LONGEST_S)
    # The certificate names the lab's address for browsers; here both ends are on one machine.
    any_certificate = ssl._create_unverified_context()
    return http.client.HTTPSConnection(host, port, timeout=_LONGEST_S, context=any_certificate)


def _own_kernel() -> str:
    """Return what the server calls the kernel that this is; a RuntimeError where it is none."""
    from ipykernel.connect import get_connection_file  # only a kernel has it

    return Path(get_connection_file()).stem.removeprefix("kernel-")


@contextlib.contextmanager
def _answer_understood() -> Iterator[None]:
    try:
        yield
    except _NOT_TOLD as error:
        raise NoServer(
            "The lab does not say which lessons run. To end one that you have finished, choose "
            "Kernel, Shut Down Kernel in its menu."
        ) from error


def _memory_bytes(kernel: str) -> int | None:
    """Return the memory that no other process shares with a kernel, found by its command line.

    Processes that it forked have the same one, and a higher number.
    """
    with contextlib.suppress(OSError):  # a system without /proc
        for pid in sorted(kin.processes()):
            told = kin.read(pid, "statm").split()
            if told and kernel.encode() in kin.read(pid, "cmdline"):
                return (int(told[1]) - int(told[2])) * os.sysconf("SC_PAGE_SIZE")
    return None
