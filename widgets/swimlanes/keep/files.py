"""Files that are there as a whole or not at all, and what to say where there is none."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from swimlanes.brief import cut, quoted, shown
from swimlanes.errors import RequestError, SwimlanesError

MOST_BYTES = 100_000_000
"""Larger files are not read: to open one takes ten to 25 times as much memory.

A record of a million tasks has 60 MB.
"""
_NO_FILES = {
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


def as_path(path: object) -> Path:
    """Return the path of a file; refuse what is no text, or holds what no file system takes."""
    try:
        name = Path(path)  # type: ignore[arg-type]
        os.fsencode(name)
    except (TypeError, UnicodeEncodeError):
        name = None
    if name is None or "\0" in str(name):
        raise RequestError(f"The name of a file is text without a NUL, not {shown(path)}.")
    return name


def check_replaceable(path: Path) -> None:
    """Refuse the name of something that a file cannot take the place of.

    That is a folder, a device, a pipe, a socket, a circle of links, or where no file may be made.
    """
    with _refusal_told(path):
        _replaceable(path)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name in its folder, then give it its own.

    If it cannot be written, a file that was there before is still as it was.
    """
    with _refusal_told(path):
        replace(_replaceable(path), content)


def replace(path: Path, content: bytes) -> None:
    """Write a file whole, as `write_whole` does, but raise OSError where that fails."""
    part = path.with_name(f".swimlanes-{uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def as_json(values: dict[str, Any], **options: Any) -> bytes:  # noqa: ANN401 - as of `json`
    """Return values as a line of JSON."""
    text = json.dumps(values, ensure_ascii=False, **options) + "\n"
    return text.encode(errors="backslashreplace")  # half a character is written as JSON does it


def first_free(paths: Iterable[Path]) -> Path:
    """Return the first path at which there is nothing."""
    return next(path for path in paths if not path.exists())


def read_text(path: Path) -> str:
    """Return a record's text, or say why it cannot be read."""
    try:
        return read(path)
    except OSError as error:
        raise SwimlanesError(
            f"The record {quoted(str(path))} cannot be read ({reason(error)}). Check its name."
        ) from error
    except UnicodeDecodeError as error:
        raise SwimlanesError(
            f"The file {quoted(str(path))} is no record: it holds no text. Give the .json file "
            "that a run or a study was saved to."
        ) from error


def read(path: str | Path) -> str:
    """Return a file's text; what would never end, or fill the memory, is an OSError."""
    with open(path, "rb", opener=_at_once) as file:
        found = os.fstat(file.fileno())
        _refuse_mode(found.st_mode)
        if found.st_size > MOST_BYTES:
            size, most = f"{found.st_size / 1e6:.0f} MB", f"{MOST_BYTES / 1e6:.0f} MB"
            raise OSError(errno.EFBIG, f"it has {size}, and at most {most} are read")
        return file.read(MOST_BYTES).decode("utf-8-sig")


def reason(error: BaseException) -> str:
    """Return why the system refused, or what else an error says."""
    return cut(getattr(error, "strerror", None) or str(error))


@contextlib.contextmanager
def _refusal_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # the latter for links that go round in a circle
        raise SwimlanesError(
            f"The file {quoted(str(path))} cannot be saved ({reason(error)}). Choose another "
            "place, or make room there."
        ) from error


def _replaceable(path: Path) -> Path:
    """Return what a path stands for, so that a link stays a link; a device stays what it is."""
    target = path.resolve()
    folder = target.parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with contextlib.suppress(FileNotFoundError):
        _refuse_mode(target.stat().st_mode)
    return target


def _refuse_mode(mode: int) -> None:
    kind = next((name for fits, name in _NO_FILES.items() if fits(mode)), None)
    if kind is not None:
        raise OSError(errno.EINVAL, f"it is {kind}")


def _at_once(path: str, flags: int) -> int:
    """Open a file; opening a pipe would otherwise wait for somebody to write into it."""
    return os.open(path, flags | os.O_NONBLOCK)
