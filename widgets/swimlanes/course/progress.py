"""Which exercises have been right: an empty file for each, beside the start page.

Files need no lock, cannot be half written, and two notebooks cannot overwrite one another's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from swimlanes.course.lessons import mark_of
from swimlanes.course.page import START

FOLDER = ".progress"


def record(check: str, lesson: str = "") -> None:
    """Note that the answer to a check is right, in the current folder, which is a notebook's.

    Nothing is noted outside of the course, or where nothing may be written. The number of the
    lesson is needed for a check that several lessons share.
    """
    with contextlib.suppress(OSError):
        if Path(START).is_file():
            Path(FOLDER).mkdir(exist_ok=True)
            Path(FOLDER, mark_of(check, lesson)).touch()


def recorded(folder: Path) -> frozenset[str]:
    """Return the marks of the exercises that have been right in the course in `folder`."""
    with contextlib.suppress(OSError):
        return frozenset(path.name for path in (folder / FOLDER).iterdir())
    return frozenset()


def forget(folder: Path, marks: Iterable[str]) -> None:
    """Take back that the exercises with these marks have been right."""
    with contextlib.suppress(OSError):
        for mark in marks:
            (folder / FOLDER / mark).unlink(missing_ok=True)
