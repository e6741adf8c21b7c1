"""The originals of the lessons, and how one of them comes back."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from datetime import date
from pathlib import Path

from swimlanes.course.material import material
from swimlanes.course.place import originals
from swimlanes.errors import SwimlanesError


class NoOriginals(SwimlanesError, OSError):
    """There is no original to put a lesson back from, or it could not be put back."""


def changed(folder: Path, file: str) -> bool:
    """Return whether a lesson is there and is not the original: then a copy of it would be kept."""
    original, lesson = _original(file), folder / file
    if original is None or not os.path.lexists(lesson):
        return False
    try:
        return not _is_copy(lesson, original)
    except OSError:
        return True


def reset(folder: Path, file: str) -> Path | None:
    """Put a lesson in a participant's folder back, and return where an edited one is kept.

    Its notebook may be missing or broken. If there is no original, or a file cannot be written,
    nothing has changed.
    """
    original = _original(file)
    if original is None:
        raise NoOriginals(
            f"There is no original of {file} here to go back to. Outside of the lab, fetch the "
            "course again."
        )
    try:
        return _put_back(original, folder / file)
    except OSError as error:
        raise NoOriginals(
            f"{file} could not be put back ({error.strerror}); it is as it was."
        ) from error


def _original(file: str) -> bytes | None:
    """Return what a lesson holds when it is brought."""
    source = originals()
    piece = material(source).pieces.get(file) if source else None
    try:
        return piece.read() if piece else None
    except OSError:
        return None


def _put_back(original: bytes, lesson: Path) -> Path | None:
    """Move what is there out of the way, unread: it may be a link, or a pipe that never ends."""
    from swimlanes.keep import files  # loads what draws and measures, too

    if _is_copy(lesson, original):
        return None
    lesson.parent.mkdir(parents=True, exist_ok=True)
    kept = _reserved(lesson) if os.path.lexists(lesson) else None
    try:
        if kept:
            _rename(lesson, kept)
        files.replace(lesson, original)
    except OSError:
        if kept and not os.path.lexists(lesson):
            kept.replace(lesson)
        raise
    return kept


def _is_copy(lesson: Path, original: bytes) -> bool:
    """Return whether the lesson is a file of its own with the original's bytes."""
    try:
        found = lesson.lstat()
    except FileNotFoundError:
        return False
    same_size = stat.S_ISREG(found.st_mode) and found.st_size == len(original)
    return same_size and lesson.read_bytes() == original


def _reserved(lesson: Path) -> Path:
    """Make an empty file for what is kept, and return its path.

    A narrow list of files shows the beginning of a name only: there it says whose the file is.
    """
    day = f"mine-{lesson.stem}-{date.today().isoformat()}"
    for number in itertools.count(1):
        kept = lesson.with_stem(day if number == 1 else f"{day}-{number}")
        with contextlib.suppress(FileExistsError):
            kept.touch(exist_ok=False)
            return kept
    raise AssertionError("there is always one more number")


def _rename(lesson: Path, kept: Path) -> None:
    """Let the lesson take a reserved name; if it cannot, the reservation goes."""
    try:
        lesson.replace(kept)
    except OSError:
        kept.unlink()
        raise
