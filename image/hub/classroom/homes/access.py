"""Read a participant's home, or write to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from classroom.engine import Engine
from classroom.errors import ClassroomError
from classroom.homes import pack, unpack
from classroom.homes.archive import DamagedError, Source
from classroom.homes.container import FAILURES, Wire, alone
from classroom.homes.pack import Account, Member, Wanted
from classroom.words import counted, shown

GRACE_S = 30
"""How much longer the hub waits than the program in the container takes."""
RESTORE_S = 3600
NO_ACCOUNT = (ValueError, TypeError, KeyError)


class Home:
    """A home as it is read. No failure is raised: what is missing stands in the account."""

    def __init__(self, folder: str, wire: Wire | None = None) -> None:
        self.account = Account()
        self._folder = folder
        self._wire = wire
        self._pieces = wire.pieces() if wire else iter(())
        self._source = Source(self._pieces)

    def members(self) -> Iterator[Member]:
        """Yield what is in the home; take the data of each before the next, or not at all."""
        if self._wire is None:
            return
        try:
            yield from self._source.members()
            for _ in self._pieces:
                pass
            self.account = Account.of(json.loads(self._wire.said))
        except (DamagedError, *NO_ACCOUNT, *FAILURES) as error:
            self.account.miss("", self._why(error))

    def data(self, member: Member) -> Iterator[bytes]:
        """Yield as many bytes as the member announced: zeros where no more can be read."""
        left = member.stored
        try:
            for piece in self._source.data(left):
                left -= len(piece)
                yield piece
        except (DamagedError, *FAILURES):
            path = member.name.removeprefix(f"{self._folder}/")
            self.account.miss(path, "its end could not be read")
            while left:
                zeros = bytes(min(left, pack.CHUNK))
                left -= len(zeros)
                yield zeros

    def close(self) -> None:
        """End the reading, from any thread."""
        if self._wire:
            self._wire.close()

    def _why(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return "reading it takes too long"
        said = self._wire.said.decode(errors="replace").strip().rpartition("\n")[2]
        return f"reading it was ended{f' ({said})' if said else ''}"


@contextmanager
def reading(engine: Engine, image: str, name: str, wanted: Wanted) -> Iterator[Home]:
    """Read the home of `name`, whether a server runs there or not."""
    patience_s = wanted.seconds + GRACE_S
    started = False
    try:
        with alone(engine, image, pack, name, patience_s, asdict(wanted)) as wire:
            started = True
            yield Home(wanted.prefix, wire)
    except FAILURES as error:
        if started:
            raise
        home = Home(wanted.prefix)
        home.account.miss("", _refusal(error))
        yield home


@contextmanager
def writing(engine: Engine, image: str, name: str) -> Iterator[Wire]:
    """Write members of a tar file to the home of `name`.

    Raises
    ------
    ClassroomError
        If not all of them are there in the end.
    """
    try:
        with alone(engine, image, unpack, name, RESTORE_S) as wire:
            try:
                yield wire
                wire.write(pack.END)
                wire.finish()
            except OSError:
                pass  # The program has ended, and says why.
            for _ in wire.pieces():
                pass
            said = json.loads(wire.said)
    except (ValueError, *FAILURES) as error:
        said = {"error": _refusal(error)}
    if "error" in said:
        raise ClassroomError(
            f"The work of {name} is not back, or not all of it ({said['error']}); remove the cause "
            "and restore again."
        )


def told(name: str, account: Account) -> Iterator[str]:
    """Yield a sentence on each thing that is missing from the home of `name`, or changed in it."""
    for path, why in account.missing:
        what = shown(path) or ("the rest" if account.members else "everything")
        yield f"{name}: {what} is missing, because {shown(why)}."
    if more := account.missed - len(account.missing):
        yield f"{name}: {counted(more, 'more file is', 'more files are')} missing."
    for path, what in account.remarks:
        yield f"{name}: {shown(path)} {shown(what)}."


def _refusal(error: Exception) -> str:
    return f"the engine refused ({shown(getattr(error, 'explanation', None) or str(error))})"
