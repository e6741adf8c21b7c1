"""Put what a tar file on standard input holds into a home, and account for it on standard error.

This program runs alone in a container where the home is all that can be written to. The hub has
looked at the tar file before; what is in the home already is nobody's to trust. So every step is
taken from the descriptor of a folder, and nothing is written through a link or into a pipe.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import stat
import sys
import tarfile
from collections.abc import Sequence

HOME = "/home"
CHUNK = 1 << 20
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Home:
    """A home, and how far one has descended into it."""

    def __init__(self, top: int) -> None:
        self._path: list[str] = []
        self._entered: list[tuple[int, tarfile.TarInfo | None]] = [(top, None)]

    def put(self, entry: tarfile.TarInfo, data: tarfile._Stream) -> None:
        """Put one member in its place."""
        *above, name = entry.name.split("/")
        self._descend(above)
        folder = self._entered[-1][0]
        if name == ".":
            self._entered[-1] = (folder, entry)
            return
        _make_room(folder, name, entry.isdir())
        if entry.isdir():
            self._enter(name, entry)
        elif entry.islnk():
            self._link(entry, name)
        else:
            _make(folder, name, entry, data)
            _dress(entry, name, folder)

    def leave(self) -> None:
        """Go back up to the top and out of the home."""
        self._ascend(-1)

    def _descend(self, path: Sequence[str]) -> None:
        """Go to a folder, by way of the next one that is above both."""
        alike = (mine == theirs for mine, theirs in zip(self._path, path, strict=False))
        shared = sum(itertools.takewhile(bool, alike))
        self._ascend(shared)
        for name in path[shared:]:
            _make_room(self._entered[-1][0], name, for_folder=True)
            self._enter(name, None)

    def _enter(self, name: str, entry: tarfile.TarInfo | None) -> None:
        above = self._entered[-1][0]
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=above)
        self._entered.append((os.open(name, FOLDER, dir_fd=above), entry))
        self._path.append(name)

    def _ascend(self, depth: int) -> None:
        """Leave folders; only now they may forbid to write to them."""
        while len(self._entered) > depth + 1:
            folder, entry = self._entered.pop()
            if entry:
                _dress(entry, folder)
            os.close(folder)
        del self._path[max(depth, 0) :]

    def _link(self, entry: tarfile.TarInfo, name: str) -> None:
        """Give one more name to a file that is there already."""
        *above, first = entry.linkname.split("/")
        there, here = os.dup(self._entered[0][0]), self._entered[-1][0]
        for step in above:
            outer, there = there, os.open(step, FOLDER, dir_fd=there)
            os.close(outer)
        os.link(first, name, src_dir_fd=there, dst_dir_fd=here, follow_symlinks=False)
        os.close(there)


def _make(folder: int, name: str, entry: tarfile.TarInfo, data: tarfile._Stream) -> None:
    if entry.issym():
        os.symlink(entry.linkname, name, dir_fd=folder)
    elif entry.isfifo():
        os.mkfifo(name, 0o600, dir_fd=folder)
    else:
        with open(os.open(name, NEW_FILE, 0o600, dir_fd=folder), "wb", buffering=0) as file:
            _fill(file.fileno(), entry, data)


def _fill(file: int, entry: tarfile.TarInfo, data: tarfile._Stream) -> None:
    """Write the data where they belong, and leave the holes."""
    for offset, length in entry.sparse or [(0, entry.size)]:
        os.lseek(file, offset, os.SEEK_SET)
        while length:
            piece = data.read(min(length, CHUNK))
            length -= os.write(file, piece)
    os.ftruncate(file, entry.size)


def _dress(entry: tarfile.TarInfo, place: str | int, folder: int | None = None) -> None:
    """Give a file its owner, its rights and its age, in this order."""
    follow = not isinstance(place, str)
    options = {} if follow else {"dir_fd": folder, "follow_symlinks": False}
    os.chown(place, entry.uid, entry.gid, **options)
    if not entry.issym():
        os.chmod(place, entry.mode, **({} if follow else {"dir_fd": folder}))
    os.utime(place, (entry.mtime, entry.mtime), **options)


def _make_room(folder: int, name: str, for_folder: bool) -> None:
    """Remove what has this name; of a folder, what was made since then stays."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(status.st_mode):
        os.unlink(name, dir_fd=folder)
    elif not for_folder:
        _set_aside(folder, name)


def _set_aside(folder: int, name: str) -> None:
    present = set(os.listdir(folder))
    others = (f"{name}-{number}" for number in itertools.count(2))
    other = next(other for other in others if other not in present)
    os.rename(name, other, src_dir_fd=folder, dst_dir_fd=folder)


def unpack(archive: tarfile.TarFile, top: int) -> int:
    """Put all members into the home with the descriptor `top`; return how many there were."""
    home = Home(top)
    number = 0
    while entry := archive.next():
        archive.members.clear()  # A million of them would fill the memory.
        home.put(entry, archive.fileobj)
        number += 1
    home.leave()
    return number


def main() -> None:
    """Fill the home that is mounted."""
    try:
        with tarfile.open(
            fileobj=sys.stdin.buffer, mode="r|", encoding="utf-8", errors="surrogateescape"
        ) as archive:
            said: dict[str, object] = {"members": unpack(archive, os.open(HOME, FOLDER))}
    except (OSError, tarfile.TarError) as error:
        said = {"error": getattr(error, "strerror", None) or str(error)}
    print(json.dumps(said), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
