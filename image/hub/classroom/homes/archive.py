"""What a container or a file holds as a tar file, taken apart: nothing in it is trusted."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from classroom.homes.pack import CHUNK, Member, padding

LONGEST_HEADER = 64 << 20
"""A member's names, and the table of a sparse file: as much is held in memory at most."""
LATEST_MTIME = 1 << 34
KINDS = {
    tarfile.DIRTYPE: tarfile.DIRTYPE,
    tarfile.SYMTYPE: tarfile.SYMTYPE,
    tarfile.LNKTYPE: tarfile.LNKTYPE,
    tarfile.FIFOTYPE: tarfile.FIFOTYPE,
}


class DamagedError(Exception):
    """The rest cannot be read; the message says why, as a clause that begins with "it"."""


class Source:
    """Bytes that come piece by piece, as the file from which tarfile reads headers."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = io.BytesIO()
        self._at = 0
        self._header = 0
        self._latest = b""

    def members(self) -> Iterator[Member]:
        """Yield the members; take the data of each with `data` before the next, or not at all.

        Raises
        ------
        DamagedError
            If there is not one member after the other, and then the end.
        """
        try:
            archive = tarfile.open(  # noqa: SIM115
                fileobj=self, mode="r:", encoding="utf-8", errors="surrogateescape"
            )
            while entry := archive.next():
                archive.members.clear()
                self._header = 0
                yield _member(entry)
        except (tarfile.TarError, ValueError, OverflowError) as error:
            raise DamagedError("it is damaged") from error
        # To tarfile, whatever is no header is the end.
        if self._latest != bytes(tarfile.BLOCKSIZE):
            raise DamagedError("it is damaged")

    def data(self, size: int) -> Iterator[bytes]:
        """Yield the next `size` bytes.

        Raises
        ------
        DamagedError
            If there are not as many.
        """
        while size:
            piece = self._piece.read(min(size, CHUNK))
            if piece:
                self._at += len(piece)
                size -= len(piece)
                yield piece
                continue
            self._piece = io.BytesIO(next(self._pieces, b""))
            if not self._piece.getbuffer().nbytes:
                raise DamagedError("it ends too early")

    def read(self, size: int) -> bytes:
        """Return a part of a header, for tarfile."""
        self._header += size
        if self._header > LONGEST_HEADER:
            raise DamagedError("it holds a name without end")
        self._latest = b"".join(self.data(size))
        return self._latest

    def tell(self) -> int:
        """Return how many bytes were taken, for tarfile."""
        return self._at

    def seek(self, position: int) -> None:
        """Skip what is not wanted, for tarfile."""
        if position < self._at:
            raise DamagedError("it is damaged")
        for _ in self.data(position - self._at):
            pass


def write(out: BinaryIO, member: Member, pieces: Iterator[bytes]) -> None:
    """Write a member whose data are `pieces`."""
    out.write(member.header())
    for piece in pieces:
        out.write(piece)
    out.write(padding(member.stored))


def _member(entry: tarfile.TarInfo) -> Member:
    kind = tarfile.REGTYPE if entry.isreg() else KINDS.get(entry.type)
    segments = tuple(entry.sparse) if entry.sparse is not None else None
    if kind is None or not _in_order(segments or (), entry.size):
        raise DamagedError(f"it holds what is no file, folder or link: {entry.name[:100]!a}")
    return Member(
        entry.name, kind, entry.mode & 0o7777,
        int(entry.mtime) if abs(entry.mtime) < LATEST_MTIME else 0,
        entry.size if kind == tarfile.REGTYPE else 0,
        entry.linkname if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else "", segments,
    )  # fmt: skip


def _in_order(segments: tuple[tuple[int, int], ...], size: int) -> bool:
    """Return whether no part of a sparse file lies outside of it, or on another one."""
    end = 0
    for offset, length in segments:
        if offset < end or length < 0:
            return False
        end = offset + length
    return end <= size
