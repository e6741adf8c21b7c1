"""Make THE hostile home: everything that a home has ever held to a reader's harm. Runs as root."""

from __future__ import annotations

import os
import socket
import stat
import sys
from pathlib import Path

OWNER = 1000, 100
MANY = 2000
DEPTH = 1500
NAMES = [
    b"mine.ipynb", b"bad-\xff.ipynb", b"bad-\xfe.ipynb", b"AUX.ipynb", b"con.ipynb", b"Nul",
    b"a.ipynb", b"A.ipynb", "\u00e9.ipynb".encode(), "e\u0301.ipynb".encode(), b"new\nline.ipynb",
    b"\x1b[31mred.ipynb", b"<script>alert(1)<.ipynb", b"C:\\evil.ipynb", b"=cmd.ipynb",
    b"-rf.ipynb", b"dots. . ", b" .ipynb", b"x" * 249 + b".ipynb", b"notes.txt", b".hidden.ipynb",
    b"Folder/same.ipynb", b"folder/same.ipynb", b"a.ipynb.d/inner.ipynb", b"dots./inner.ipynb",
    b"blank /inner.ipynb", b"mode-000/inner.ipynb", b".ipynb_checkpoints/old.ipynb",
]  # fmt: skip


def main(home: Path) -> None:
    os.umask(0o022)
    os.chdir(home)
    for name in NAMES:
        write(name, b"work in " + name)
    odd_kinds()
    holes()
    links()
    for number in range(MANY):
        write(b"many/%d" % number, b"")
    deep()
    for _, folders, files, descriptor in os.fwalk(b"."):
        for name in (b".", *folders, *files):
            os.chown(name, *OWNER, dir_fd=descriptor, follow_symlinks=False)
    odd_modes()


def write(name: bytes, text: bytes) -> None:
    if folder := os.path.dirname(name):
        os.makedirs(folder, exist_ok=True)
    with open(name, "wb") as file:
        file.write(text)


def odd_kinds() -> None:
    os.mkfifo("pipe.ipynb")
    os.mknod("device.ipynb", stat.S_IFCHR | 0o666, os.makedev(1, 5))  # zeros without end
    with socket.socket(socket.AF_UNIX) as listens:
        listens.bind("socket.ipynb")


def holes() -> None:
    for name in ("sparse.bin", "sparse.ipynb"):
        with open(name, "wb") as file:
            file.truncate(200 << 30)
    with open("islands.bin", "wb") as file:
        for place in (1 << 20, 5 << 30, 100 << 30):
            file.seek(place)
            file.write(b"island" * 1000)


def links() -> None:
    os.symlink("/etc/shadow", "shadow.ipynb")
    os.symlink("loop", "loop")
    os.symlink("..", "up")
    os.symlink(b"bad-\xff.ipynb", b"to-bad-\xff")
    os.link("mine.ipynb", "hard.ipynb")
    os.link("loop", "hard-loop")


def deep() -> None:
    """Make folders that are deep, and some whose path is longer than the system allows."""
    for name, depth in (("d", DEPTH), ("l" * 250, 20)):
        folder = os.open(".", os.O_RDONLY)
        os.mkdir(f"deep-{name[0]}")
        os.chdir(f"deep-{name[0]}")
        for _ in range(depth):
            os.mkdir(name)
            os.chdir(name)
        write(b"bottom.ipynb", b"deep")
        os.fchdir(folder)
        os.close(folder)


def odd_modes() -> None:
    write(b"roots.txt", b"put there by the instructor")
    os.chmod("mine.ipynb", 0o000)
    os.chmod("mode-000", 0o000)
    os.chmod("notes.txt", 0o4755)
    os.utime("a.ipynb", (0, -1))
    os.utime("A.ipynb", (0, 1 << 33))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
