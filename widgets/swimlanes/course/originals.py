"""The originals of the lessons, and how one of them comes back."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from datetime import date
from pathlib import Path

from swimlanes.errors import SwimlanesError
from swimlanes.keep import files

WHERE = "SWIMLANES_COURSE"
"""Environment variable that names the folder with the originals."""


class NoOriginals(SwimlanesError, OSError):
    """There is no original to put a lesson back from, or it could not be put back."""


def originals() -> Path | None:
    """Return the folder that holds the originals, None where there is none."""
    folder = Path(os.environ.get(WHERE) or "/nowhere")
    return folder if folder.is_dir() else None


def changed(folder: Path, file: str) -> bool:
    """Return whether a lesson is there and is not the original: then a copy of it would be kept."""
    source, lesson = originals(), folder / file
    if not source or not os.path.lexists(lesson):
        return False
    try:
        return not _is_copy(lesson, source / file)
    except OSError:
        return True


def reset(folder: Path, file: str) -> Path | None:
    """Put a lesson in a participant's folder back, and return where an edited one is kept.

    Its notebook may be missing or broken. If there is no original, or a file cannot be written,
    nothing has changed.
    """
    source = originals()
    if not source or Path(file).name != file or not (source / file).is_file():
        raise NoOriginals(
            f"There is no original of {file} here to go back to. Outside of the lab, fetch the "
            "course again."
        )
    try:
        return _put_back(source / file, folder / file)
    except OSError as error:
        raise NoOriginals(
            f"{file} could not be put back ({error.strerror}); it is as it was."
        ) from error


def _put_back(original: Path, lesson: Path) -> Path | None:
    """Move what is there out of the way, unread: it may be a link, or a pipe that never ends."""
    if _is_copy(lesson, original):
        return None
    kept = _reserved(lesson) if os.path.lexists(lesson) else None
    try:
        if kept:
            _rename(lesson, kept)
        files.replace(lesson, original.read_bytes())
    except OSError:
        if kept and not os.path.lexists(lesson):
            kept.replace(lesson)
        raise
    return kept


def _is_copy(lesson: Path, original: Path) -> bool:
    """Return whether the lesson is a file of its own with the original's bytes."""
    try:
        found = lesson.lstat()
    except FileNotFoundError:
        return False
    same_size = stat.S_ISREG(found.st_mode) and found.st_size == original.stat().st_size
    return same_size and lesson.read_bytes() == original.read_bytes()


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
