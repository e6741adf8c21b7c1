"""All participants' work as one file, and back.

The file is a gzipped tar: `classroom.json` says whose work it is, `work/NAME/` is what was in the
home of NAME, and `ends/NAME.json` says that this is all of it, or what is missing. Files of the
first schema lack these ends.
"""

from __future__ import annotations

import gzip
import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO

from classroom.engine import Engine
from classroom.errors import ClassroomError
from classroom.homes import archive
from classroom.homes.access import NO_ACCOUNT, reading, writing
from classroom.homes.archive import DamagedError, Source
from classroom.homes.guard import Guard, Seal
from classroom.homes.pack import CHUNK, END, Account, Member, Wanted
from classroom.roster import account_name
from classroom.words import counted, shown

MANIFEST = "classroom.json"
WORK, ENDS = "work", "ends"
NO_BACKUP = "This file is no backup that `make backup` wrote."
GIB = 1 << 30
LONGEST_TEXT = 1 << 20
HOME_BYTES = 20 * GIB
HOME_S = 1800.0
HOME_FILES = 10_000_000
Place = tuple[str, Member, Iterator[bytes]]
"""A participant, something in that home, and its data."""


def back_up(engine: Engine, image: str, out: BinaryIO) -> None:
    """Write the work of all participants to `out`.

    Servers may be running. A file that is being written is taken as it is at that moment.

    Raises
    ------
    ClassroomError
        If nobody has any work yet, or nothing of it can be read.
    """
    names = sorted(engine.homes())
    if not names:
        raise ClassroomError(
            f"The class {engine.class_name!r} has no work to back up: nobody has started a server."
        )
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6) as packed:
        _write_text(packed, MANIFEST, {"schema": 2, "participants": names})
        accounts = [_save(engine, image, name, packed) for name in names]
        packed.write(END)
    if not any(account.members for account in accounts):
        raise ClassroomError(f"No work can be read: {accounts[0].missing[0][1]}.")


def _save(engine: Engine, image: str, name: str, packed: gzip.GzipFile) -> Account:
    """Write one home, and its end."""
    seal = Seal()
    wanted = Wanted(f"{WORK}/{name}", HOME_S, HOME_BYTES, HOME_BYTES, HOME_FILES, False)
    with reading(engine, image, name, wanted) as home:
        for member in home.members():
            archive.write(packed, member, seal.over(member, home.data(member)))
    account = replace(home.account, members=seal.members)
    _write_text(packed, f"{ENDS}/{name}.json", asdict(account) | {"sha256": seal.digest})
    return account


def _write_text(out: gzip.GzipFile, name: str, value: object) -> None:
    text = json.dumps(value).encode()
    member = Member(name, tarfile.REGTYPE, 0o600, 0, len(text))
    archive.write(out, member, iter([text]))


@dataclass
class Backup:
    """A backup that is read once, from its beginning to its end, and checked meanwhile."""

    file: BinaryIO
    participants: list[str] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    """What became of each home, once its end is read."""

    def places(self) -> Iterator[Place]:
        """Yield what is in the homes, one home after the other; take all data of each.

        Raises
        ------
        ClassroomError
            If this is no backup.
        DamagedError
            If it is damaged or was tampered with; also while data are taken.
        """
        pieces = _unpacked(self.file)
        source = Source(pieces)
        members = source.members()
        try:
            schema = self._begin(source, next(members, None))
        except DamagedError as error:
            raise ClassroomError(NO_BACKUP) from error
        yield from self._first(source, members) if schema == 1 else self._second(source, members)
        if sum(map(len, pieces)) > LONGEST_TEXT:
            raise DamagedError("something else comes after its end")

    def _begin(self, source: Source, first: Member | None) -> int:
        if first is None or first.name != MANIFEST:
            raise DamagedError("it has no beginning")
        begun = _read_text(source, first)
        names = begun.get("participants")
        if begun.get("schema") not in (1, 2) or not _are_names(names):
            raise DamagedError("it has no beginning")
        self.participants = names
        return begun["schema"]

    def _first(self, source: Source, members: Iterator[Member]) -> Iterator[Place]:
        """Read the homes as the engine itself once wrote them, below a folder of its own."""
        guards = {name: Guard(f"{WORK}/{name}", HOME_BYTES) for name in self.participants}
        for member in members:
            if member.name == WORK:
                continue
            name = member.name.split("/")[1] if "/" in member.name else ""
            if name not in guards:
                raise DamagedError(f"it holds something outside of the homes: {shown(member.name)}")
            yield name, guards[name].passed(member), source.data(member.stored)
        self.accounts = {name: Account() for name in self.participants}

    def _second(self, source: Source, members: Iterator[Member]) -> Iterator[Place]:
        for name in self.participants:
            guard, seal = Guard(f"{WORK}/{name}", HOME_BYTES), Seal()
            for member in members:
                if member.name == f"{ENDS}/{name}.json":
                    self.accounts[name] = _account(_read_text(source, member), seal)
                    break
                data = seal.over(member, source.data(member.stored))
                yield name, guard.passed(member), data
            else:
                raise DamagedError("it ends too early")
        if next(members, None):
            raise DamagedError("something else comes after its end")


def verify(file: BinaryIO) -> dict[str, Account]:
    """Read a backup to its end; return what became of each home.

    Raises
    ------
    ClassroomError
        If it is none, or cannot be restored.
    """
    backup = Backup(file)
    with _damage_told():
        for _, _, data in backup.places():
            for _ in data:
                pass
    return backup.accounts


def restore(engine: Engine, image: str, file: BinaryIO) -> dict[str, Account]:
    """Bring back what `verify` has found good; return what became of each home.

    Files made since then stay.

    Raises
    ------
    ClassroomError
        If servers are running whose files would change under them, or something cannot be written.
    """
    if running := sorted(seat.name for seat in engine.seats() if seat.running):
        raise ClassroomError(
            f"{counted(len(running), 'server is', 'servers are')} running ({', '.join(running)}); "
            "stop them first, on your page or with: make hub-stop"
        )
    backup = Backup(file)
    with _damage_told():
        for name, places in groupby(backup.places(), key=itemgetter(0)):
            engine.make_home(name)
            with writing(engine, image, name) as home:
                for _, member, data in places:
                    archive.write(home, member, data)
    return backup.accounts


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except DamagedError as error:
        raise ClassroomError(f"This backup cannot be restored, because {error}.") from error


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    packed = gzip.GzipFile(fileobj=file, mode="rb")
    try:
        while piece := packed.read1(CHUNK):  # As much as is whole, before the damage.
            yield piece
    except EOFError as error:
        raise DamagedError("it ends too early") from error
    except (OSError, zlib.error) as error:
        raise DamagedError("it is damaged") from error


def _read_text(source: Source, member: Member) -> dict[str, Any]:
    """Read what `_write_text` wrote."""
    if member.stored > LONGEST_TEXT:
        raise DamagedError("it is damaged")
    try:
        value = json.loads(b"".join(source.data(member.stored)))
    except ValueError as error:
        raise DamagedError("it is damaged") from error
    if not isinstance(value, dict):
        raise DamagedError("it is damaged")
    return value


def _are_names(names: object) -> bool:
    """Return whether these are accounts, each once; volumes are named after them."""
    return (
        isinstance(names, list)
        and all(isinstance(name, str) and account_name(name) == name != "" for name in names)
        and len(set(names)) == len(names)
    )


def _account(end: dict[str, Any], seal: Seal) -> Account:
    try:
        account = Account.of(end)
        sealed = (end["members"], end["sha256"])
    except NO_ACCOUNT as error:
        raise DamagedError("it is damaged") from error
    if sealed != (seal.members, seal.digest):
        raise DamagedError("it is damaged")
    return account
