"""What may be restored into a home, and whether all of it is there."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import replace

from classroom.homes.archive import DamagedError
from classroom.homes.pack import Member, padding
from classroom.words import shown


class Seal:
    """The number of members of a home, and the digest of all their bytes."""

    def __init__(self) -> None:
        self.members = 0
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """The digest so far."""
        return self._hash.hexdigest()

    def over(self, member: Member, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces, and count and digest them with their member."""
        self._hash.update(member.header())
        for piece in pieces:
            self._hash.update(piece)
            yield piece
        self._hash.update(padding(member.stored))
        self.members += 1


class Guard:
    """Lets pass what belongs into one home, and nothing that leads out of it.

    Parameters
    ----------
    folder : str
        Below which all names have to be.
    most : int
        How many bytes of data there may be.
    """

    def __init__(self, folder: str, most: int) -> None:
        self._folder = folder
        self._most = self._left = most
        self._folders: set[str] = set()

    def passed(self, member: Member) -> Member:
        """Return the member with its name as it is in the home.

        Raises
        ------
        DamagedError
            If nobody has saved this from a home.
        """
        inside = replace(member, name=self._inside(member.name))
        self._left -= member.stored
        if self._left < 0:
            raise DamagedError(f"{self._folder} is larger than {self._most >> 20:,} MiB")
        if member.type == tarfile.LNKTYPE:
            return replace(inside, link=self._inside(member.link))
        if member.type == tarfile.DIRTYPE:
            self._folders.add(inside.name)
        elif inside.name in self._folders:
            raise DamagedError(f"it holds something twice: {shown(member.name)}")
        return inside

    def _inside(self, name: str) -> str:
        if name == self._folder:
            return "."
        path = name.removeprefix(f"{self._folder}/")
        parts = path.split("/")
        if path == name or "\0" in path or not {"", ".", ".."}.isdisjoint(parts):
            raise DamagedError(f"it holds something outside of the homes: {shown(name)}")
        if (path.rpartition("/")[0] or ".") not in self._folders:
            raise DamagedError(f"it holds something that lies in no folder: {shown(name)}")
        return path
