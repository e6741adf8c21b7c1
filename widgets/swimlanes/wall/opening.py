"""A wall is opened: where it listens, what its first lines say, and a class that is shown again."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tornado.netutil import bind_sockets

from swimlanes.brief import quoted, shown
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.keep import files
from swimlanes.wall.identity import Identity, JoinCode
from swimlanes.wall.room import Classroom, Entry
from swimlanes.wall.server import server_of
from swimlanes.wall.updates import Wall

REPLAY_EVERY_S = 1.0
"""How long after each other the records of a class appear that is shown again."""
_ONLY_HERE = ("127.0.0.1", "localhost", "::1")
_NOWHERE = "192.0.2.1", 9
"""An address that is nobody's: to ask which way leads there sends nothing."""


class Door(NamedTuple):
    """Where a wall listens, and under which name others reach it.

    With a certificate and its key (files in PEM), everything is encrypted. Without a name, it is
    the address, or where that is any, this computer's own.
    """

    port: int
    address: str = "127.0.0.1"
    name: str = ""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def base(self) -> str:
        """The wall's address for others."""
        name = self.name or self._own_name
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{f'[{name}]' if ':' in name else name}:{self.port}"

    @property
    def _own_name(self) -> str:
        return self.address if self.address not in ("", "0.0.0.0", "::") else _own_address()


def open_wall(
    room: Classroom,
    identity: Identity,
    door: Door,
    recording: Sequence[tuple[int, Entry]],
    tell: Callable[[str], None],
) -> None:
    """Show a class until somebody interrupts; `tell` gets the first lines, one by one.

    Raises
    ------
    SwimlanesError
        If the wall cannot listen there, or its certificate cannot be used.
    """
    context = _context(door)
    sockets = _listening(door)
    for line in _first_lines(door, identity):
        tell(line)
    asyncio.run(_show(Wall(room, identity), sockets, context, recording))


async def _show(
    wall: Wall,
    sockets: list[socket.socket],
    context: ssl.SSLContext | None,
    recording: Sequence[tuple[int, Entry]],
) -> None:
    server = server_of(wall, context)
    server.add_sockets(sockets)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(wall.updates.keep_up())
        tasks.create_task(_replay(wall.room, recording))


async def _replay(room: Classroom, recording: Sequence[tuple[int, Entry]]) -> None:
    room.expect({person for person, _ in recording})  # before anybody else gets a number
    opened = room.opened
    for person, entry in recording:
        await asyncio.sleep(REPLAY_EVERY_S)
        if not room.open or room.opened != opened:
            return
        room.replay(person, entry)


def _first_lines(door: Door, identity: Identity) -> Iterator[str]:
    """Yield what the instructor has to know when the wall is open."""
    if not isinstance(identity, JoinCode):
        yield f"The wall is open for everybody in the class: on the hub, at {identity.prefix}"
        return
    base = door.base
    yield f"For you and the projector: {base}/#{identity.key}"
    yield f"For participants, in a browser or in the panel: {base}/#{identity.code}"
    if (door.name or door.address) in _ONLY_HERE:
        yield (
            "Only this computer reaches it: --address 0.0.0.0 lets others in, and so does "
            "WALL_ADDRESS with Compose."
        )
    elif not door.certificate:
        yield (
            "Nothing is encrypted: use it in a network that you trust, or give --certificate and "
            "--key."
        )
    yield "Control-C closes the class and forgets everything; your page can save it before."


def _listening(door: Door) -> list[socket.socket]:
    try:
        return bind_sockets(door.port, door.address)
    except (OSError, UnicodeError) as error:
        raise SwimlanesError(
            f"The wall cannot listen at {shown(door.address)}, port {door.port} "
            f"({files.reason(error)}). Choose another --port, or another --address."
        ) from error


def _context(door: Door) -> ssl.SSLContext | None:
    if not door.certificate and not door.key:
        return None
    if not door.certificate or not door.key:
        raise RequestError("--certificate and --key belong together: give both, or neither.")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        # A key with a password would ask for it, and nobody may be there to answer.
        context.load_cert_chain(door.certificate, door.key, password=lambda: "")
    except (OSError, ValueError) as error:
        raise SwimlanesError(
            f"The certificate {quoted(str(door.certificate))} and the key {quoted(str(door.key))} "
            f"cannot be used ({files.reason(error)}). Give two files in PEM that belong together; "
            "the key has no password."
        ) from error
    return context


def _own_address() -> str:
    """Return the address by which most others reach this computer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_NOWHERE)
        except OSError:  # no network at all
            return "127.0.0.1"
        return str(asking.getsockname()[0])
