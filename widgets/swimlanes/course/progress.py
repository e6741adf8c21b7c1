"""Which exercises have been right or tried: an empty file for each, beside the start page.

Files need no lock, cannot be half written, and two notebooks cannot overwrite one another's.
"""

from __future__ import annotations

import contextlib
from pathlib import Path, PurePosixPath

from swimlanes.course import place
from swimlanes.course.lessons import Lesson, mark_of, scoped
from swimlanes.course.own import own_exercise

FOLDER = ".progress"
TRIED = ".tried"


def record(check: str, number: str = "", *, right: bool = True) -> None:
    """Note that the answer to a check is right, or was tried, in this kernel's notebook.

    Nothing is noted outside of the course, or where nothing may be written. The number of a lesson
    is for a check that several lessons share, where this notebook has no such exercise.
    """
    with contextlib.suppress(OSError):
        if course := place.home():
            mark = mark_of(check, number)
            if own_exercise(check):
                file = place.lesson()
                mark = scoped(mark_of(check, PurePosixPath(file).name[:2]), file)
            kept = course / (FOLDER if right else TRIED)
            kept.mkdir(exist_ok=True)
            (kept / mark).touch()


def recorded(folder: Path) -> frozenset[str]:
    """Return the marks of the exercises that have been right in the course in `folder`."""
    return _marks_in(folder / FOLDER)


def tried(folder: Path) -> frozenset[str]:
    """Return the marks of the exercises that had an answer that was not right."""
    return _marks_in(folder / TRIED)


def forget(folder: Path, lesson: Lesson) -> None:
    """Take back that the exercises of a lesson have been right or tried."""
    for name in lesson.exercises:
        for mark in (name, scoped(name, lesson.file)):
            for kept in (FOLDER, TRIED):
                with contextlib.suppress(OSError):
                    (folder / kept / mark).unlink(missing_ok=True)


def _marks_in(folder: Path) -> frozenset[str]:
    with contextlib.suppress(OSError):
        return frozenset(path.name for path in folder.iterdir())
    return frozenset()
