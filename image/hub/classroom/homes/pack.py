"""Write a home to standard output as a tar file, and an account of that to standard error.

This program runs alone in a container where the home is mounted read-only. The home's owner may
change everything while it is read, and what they name their files is theirs. The hub sends the text
of this file along, so that it needs nothing but Python and fits the hub that asks.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import stat
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, BinaryIO

HOME = "/home"
OWNER = 1000, 100
"""User and group of the image, to which all files of a participant belong."""
CHUNK = 1 << 20
WHOLE = 16 << 20
"""A file that is not larger is read before it is announced, and so with the size it has then."""
LONGEST_PATH = 4000
"""In bytes. The system opens no path that is longer than 4,095."""
TOLD = 20
"""How many files are named of those that are missing."""
OPENED = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
CHANGED = {errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EINVAL}
"""What the system says when a name stands for something else than it did a moment ago."""
AGAIN = 20
"""So often a name is looked at anew that stands for something else each time."""
MIB = 1 << 20
END = bytes(2 * tarfile.BLOCKSIZE)
"""The end of a tar file."""

_TOLD_OF = ("missing", "remarks")
Segments = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Wanted:
    """What is taken from a home, and how much of it at most."""

    prefix: str
    seconds: float
    home_bytes: int
    file_bytes: int
    files: int
    notebooks_alone: bool


@dataclass
class Account:
    """What became of a home: how many members were written, and what is missing, with the reason.

    An empty path stands for all that comes after.
    """

    members: int = 0
    missed: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, said: dict[str, Any]) -> Account:
        """Return the account that was written as JSON; TypeError or the like if it is none."""
        told = {key: [(str(path), str(why)) for path, why in said[key]] for key in _TOLD_OF}
        return cls(int(said["members"]), int(said["missed"]), **told)

    def miss(self, path: str, why: str) -> None:
        """Note what is not in the tar file, although it is work."""
        self.missed += 1
        self.missing = [*self.missing, (path, why)][:TOLD]

    def remark(self, path: str, what: str) -> None:
        """Note what is worth knowing, although no work is missing."""
        self.remarks = [*self.remarks, (path, what)][:TOLD]


@dataclass(frozen=True)
class Member:
    """A file, folder, link or pipe as it stands in a tar file."""

    name: str
    type: bytes
    mode: int
    mtime: int
    size: int = 0
    link: str = ""
    segments: Segments | None = None
    """Where a sparse file holds data, as offsets and lengths."""

    @property
    def stored(self) -> int:
        """How many bytes of data follow the header."""
        if self.type != tarfile.REGTYPE:
            return 0
        return self.size if self.segments is None else sum(length for _, length in self.segments)

    def header(self) -> bytes:
        """Return what stands before the data; names may hold any byte."""
        entry = tarfile.TarInfo(self.name)
        entry.type, entry.mode, entry.mtime, entry.linkname = (
            self.type, self.mode, self.mtime, self.link,
        )  # fmt: skip
        entry.uid, entry.gid = OWNER
        entry.size = self.size
        table = b""
        if self.segments is not None:
            table = _table(self.segments)
            entry.size = len(table) + self.stored
            entry.pax_headers = {
                "GNU.sparse.major": "1",
                "GNU.sparse.minor": "0",
                "GNU.sparse.realsize": str(self.size),
            }
        return entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape") + table


def _table(segments: Segments) -> bytes:
    """Return the segments as they stand before a sparse file's data (GNU tar, format 1.0)."""
    numbers = (len(segments), *itertools.chain.from_iterable(segments))
    text = "".join(f"{number}\n" for number in numbers).encode()
    return text + padding(len(text))


def padding(size: int) -> bytes:
    """Return what fills the last block of `size` bytes."""
    return bytes(-size % tarfile.BLOCKSIZE)


class _SpentError(Exception):
    """Time, or the number of files, is used up; the message says which."""


class Reader:
    """Reads one home to its end, whatever is in it."""

    def __init__(self, wanted: Wanted, out: BinaryIO) -> None:
        self.account = Account()
        self._wanted = wanted
        self._out = out
        self._deadline = time.monotonic() + wanted.seconds
        self._bytes_left = wanted.home_bytes
        self._linked: dict[tuple[int, int], str] = {}

    def read(self, top: int) -> None:
        """Write the folder with the descriptor `top`, which is closed, and all that is in it."""
        try:
            for _ in self._folders(top):
                if time.monotonic() > self._deadline:
                    raise _SpentError(self._too_slow)
        except _SpentError as spent:
            self.account.miss("", str(spent))
        self._out.write(END)
        self._out.flush()

    def _folders(self, top: int) -> Iterator[None]:
        """Descend by descriptors, because a path may lead elsewhere a moment later."""
        entered = [(top, "", self._names(top, ""))]
        try:
            while entered:
                folder, path, names = entered[-1]
                for name in names:
                    yield
                    inner = f"{path}/{name}" if path else name
                    descriptor = self._take(folder, name, inner)
                    if descriptor is not None:
                        entered.append((descriptor, inner, self._names(descriptor, inner)))
                        break
                else:
                    os.close(entered.pop()[0])
        finally:
            for folder, _, _ in entered:
                os.close(folder)

    def _names(self, folder: int, path: str) -> Iterator[str]:
        """Write a folder and return the names in it."""
        if not self._wanted.notebooks_alone:
            self._put(self._member(path, tarfile.DIRTYPE, os.fstat(folder)))
        try:
            return iter(sorted(os.listdir(folder)))
        except OSError as error:
            self.account.miss(path, _reason(error))
            return iter(())

    def _take(self, folder: int, name: str, path: str, again: int = AGAIN) -> int | None:
        """Write what has this name; of a folder return the descriptor."""
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if not self._is_wanted(name, path, status):
                return None
            if len(os.fsencode(path)) > LONGEST_PATH:
                raise OSError(0, f"its path is longer than {LONGEST_PATH:,} bytes")
            return self._kinds[stat.S_IFMT(status.st_mode)](self, folder, name, path, status)
        except FileNotFoundError:
            return None  # Its owner has removed it.
        except OSError as error:
            if again and error.errno in CHANGED:
                return self._take(folder, name, path, again - 1)
            self.account.miss(path, _reason(error))
            return None

    def _is_wanted(self, name: str, path: str, status: os.stat_result) -> bool:
        """Return whether to look at it; hidden folders hold copies of notebooks, and caches."""
        if not self._wanted.notebooks_alone:
            return True
        if name.startswith(".") or stat.S_ISDIR(status.st_mode):
            return not name.startswith(".")
        if name.endswith(".ipynb") and not stat.S_ISREG(status.st_mode):
            self.account.remark(path, "is a link, a pipe or the like, and no notebook")
        return name.endswith(".ipynb") and stat.S_ISREG(status.st_mode)

    def _folder(self, folder: int, name: str, path: str, _: os.stat_result) -> int:
        return os.open(name, OPENED | os.O_DIRECTORY, dir_fd=folder)

    def _link(self, folder: int, name: str, path: str, status: os.stat_result) -> None:
        target = os.readlink(name, dir_fd=folder)
        self._put(replace(self._member(path, tarfile.SYMTYPE, status), link=target))

    def _pipe(self, folder: int, name: str, path: str, status: os.stat_result) -> None:
        self._put(self._member(path, tarfile.FIFOTYPE, status))

    def _no_work(self, folder: int, name: str, path: str, status: os.stat_result) -> None:
        self.account.remark(path, "is a socket or a device, which holds no work")

    def _file(self, folder: int, name: str, path: str, _: os.stat_result) -> None:
        descriptor = os.open(name, OPENED, dir_fd=folder)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.ELOOP, "it was replaced again and again")
            self._contents(descriptor, path, status)
        finally:
            os.close(descriptor)

    _kinds: dict[int, Callable[..., int | None]] = {  # noqa: RUF012
        stat.S_IFDIR: _folder, stat.S_IFREG: _file, stat.S_IFLNK: _link, stat.S_IFIFO: _pipe,
        stat.S_IFSOCK: _no_work, stat.S_IFCHR: _no_work, stat.S_IFBLK: _no_work,
    }  # fmt: skip

    def _contents(self, descriptor: int, path: str, status: os.stat_result) -> None:
        inode = (status.st_dev, status.st_ino)
        if first := self._linked.get(inode):
            self._put(replace(self._member(path, tarfile.LNKTYPE, status), link=first))
            return
        member = replace(self._member(path, tarfile.REGTYPE, status), size=status.st_size)
        if not self._wanted.notebooks_alone:
            member = replace(member, segments=_segments(descriptor, status, self._bytes_left))
        self._check_size(member)
        self._put_file(descriptor, path, member)
        self._bytes_left -= member.stored
        if status.st_nlink > 1 and not self._wanted.notebooks_alone:
            self._linked[inode] = member.name

    def _check_size(self, member: Member) -> None:
        if member.stored > self._wanted.file_bytes:
            raise OSError(0, f"it is larger than {self._wanted.file_bytes // MIB:,} MiB")
        if member.stored > self._bytes_left:
            most = self._wanted.home_bytes // MIB
            raise OSError(0, f"with it there would be more than {most:,} MiB")

    def _put_file(self, descriptor: int, path: str, member: Member) -> None:
        if member.stored > WHOLE or member.segments is not None:
            self._put(member, self._as_announced(descriptor, path, member))
            return
        data = b"".join(iter(_Cursor(descriptor, member.size).read, b""))
        self._put(replace(member, size=len(data)), iter([data]))

    def _as_announced(self, descriptor: int, path: str, member: Member) -> Iterator[bytes]:
        """Yield as many bytes as the header says: zeros where the file has no more of them."""
        problem = ""
        for offset, length in member.segments or ((0, member.size),):
            cursor = _Cursor(descriptor, offset + length, offset)
            while cursor.left:
                piece = b""
                if not problem:
                    piece, problem = self._piece(cursor, path)
                yield piece or cursor.zeros()

    def _piece(self, cursor: _Cursor, path: str) -> tuple[bytes, str]:
        """Return the next bytes, or none and what is in the way, which is noted."""
        try:
            if time.monotonic() > self._deadline:
                raise OSError(0, self._too_slow)
            if piece := cursor.read():
                return piece, ""
        except OSError as error:
            problem = f"its end is missing: {_reason(error)}"
            self.account.miss(path, problem)
        else:
            problem = "became shorter while it was read, and ends in zeros"
            self.account.remark(path, problem)
        return b"", problem

    @property
    def _too_slow(self) -> str:
        return f"it takes longer than {self._wanted.seconds:g} seconds"

    def _member(self, path: str, kind: bytes, status: os.stat_result) -> Member:
        name = f"{self._wanted.prefix}/{path}" if path else self._wanted.prefix
        return Member(name, kind, stat.S_IMODE(status.st_mode), int(status.st_mtime))

    def _put(self, member: Member, pieces: Iterator[bytes] = iter(())) -> None:  # noqa: B008
        if self.account.members >= self._wanted.files:
            raise _SpentError(f"there are more than {self._wanted.files:,} files")
        self._out.write(member.header())
        for piece in pieces:
            self._out.write(piece)
        self._out.write(padding(member.stored))
        self.account.members += 1


class _Cursor:
    """A place in a file up to which it was read, and an end."""

    def __init__(self, descriptor: int, end: int, at: int = 0) -> None:
        self._descriptor = descriptor
        self._end = end
        self._at = at

    @property
    def left(self) -> int:
        return self._end - self._at

    def read(self) -> bytes:
        return self._moved(os.pread(self._descriptor, min(CHUNK, self.left), self._at))

    def zeros(self) -> bytes:
        return self._moved(bytes(min(CHUNK, self.left)))

    def _moved(self, piece: bytes) -> bytes:
        self._at += len(piece)
        return piece


def _segments(descriptor: int, status: os.stat_result, most: int) -> Segments | None:
    """Return where a sparse file holds data, until there are more than `most` bytes of it."""
    size = status.st_size
    if status.st_blocks * 512 >= size:
        return None
    found: list[tuple[int, int]] = []
    end = stored = 0
    try:
        while end < size and stored <= most:
            start = os.lseek(descriptor, end, os.SEEK_DATA)
            end = min(os.lseek(descriptor, start, os.SEEK_HOLE), size)
            if start < end:
                found.append((start, end - start))
                stored += end - start
    except OSError:
        pass  # There is no more data: it ends in a hole, or has just become shorter.
    return (*found, (size, 0))


def _reason(error: OSError) -> str:
    """Return why something is missing; what we found ourselves has no number."""
    return f"it cannot be read ({error.strerror})" if error.errno else error.strerror


def _end_with_the_hub() -> None:
    """End this program when nobody listens any more, whatever has become of them."""
    while os.read(0, 1):
        pass
    os._exit(1)


def main() -> None:
    """Pack the home that is mounted."""
    threading.Thread(target=_end_with_the_hub, daemon=True).start()
    reader = Reader(Wanted(**json.loads(sys.argv[1])), open(1, "wb", CHUNK))  # noqa: SIM115
    reader.read(os.open(HOME, os.O_RDONLY | os.O_DIRECTORY))
    print(json.dumps(asdict(reader.account)), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
