"""Print what is in a home: for each path what it is, as JSON. Runs as root."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys


def main(home: str) -> None:
    seen = {}
    for folder, folders, files, descriptor in os.fwalk(home):
        for name in (*folders, *files):
            path = os.path.relpath(f"{folder}/{name}", home)
            seen[path] = describe(name, descriptor)
    seen["."] = describe(home, None)
    print(json.dumps(seen))


def describe(name: str, folder: int | None) -> list[object]:
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    kind = stat.S_IFMT(status.st_mode)
    content = ""
    if kind == stat.S_IFLNK:
        content = os.readlink(name, dir_fd=folder)
    elif kind == stat.S_IFREG:
        content = digest(os.open(name, os.O_RDONLY, dir_fd=folder))
    size = status.st_size if kind == stat.S_IFREG else 0
    links = status.st_nlink if kind == stat.S_IFREG else 0
    # What an empty home has in it is the engine's: a sparse file is as small as it was.
    few = status.st_blocks < 1000
    return [
        stat.filemode(status.st_mode), size, few, links, content, int(status.st_mtime),
        status.st_uid, status.st_gid,
    ]  # fmt: skip


def digest(descriptor: int) -> str:
    """Return the digest of the data, and of where they are."""
    found, end = hashlib.sha256(), 0
    with open(descriptor, "rb"):
        try:
            while True:
                start = os.lseek(descriptor, end, os.SEEK_DATA)
                end = os.lseek(descriptor, start, os.SEEK_HOLE)
                found.update(f"{start} {end}".encode() + os.pread(descriptor, end - start, start))
        except OSError:
            return found.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1])
