"""Which exercises have been right: an empty file for each, beside the start page.

Files need no lock, cannot be half written, and two notebooks cannot overwrite one another's.
"""

from __future__ import annotations

import contextlib
from pathlib import Path, PurePosixPath

from swimlanes.course import place
from swimlanes.course.lessons import Lesson, mark_of, scoped
from swimlanes.course.own import own_exercise

FOLDER = ".progress"


def record(check: str, number: str = "") -> None:
    """Note that the answer to a check is right in this kernel's notebook.

    Nothing is noted outside of the course, or where nothing may be written. The number of a lesson
    is for a check that several lessons share, where this notebook has no such exercise.
    """
    with contextlib.suppress(OSError):
        if course := place.home():
            mark = mark_of(check, number)
            if own_exercise(check):
                file = place.lesson()
                mark = scoped(mark_of(check, PurePosixPath(file).name[:2]), file)
            (course / FOLDER).mkdir(exist_ok=True)
            (course / FOLDER / mark).touch()


def recorded(folder: Path) -> frozenset[str]:
    """Return the marks of the exercises that have been right in the course in `folder`."""
    with contextlib.suppress(OSError):
        return frozenset(path.name for path in (folder / FOLDER).iterdir())
    return frozenset()


def forget(folder: Path, lesson: Lesson) -> None:
    """Take back that the exercises of a lesson have been right."""
    with contextlib.suppress(OSError):
        for name in lesson.exercises:
            for mark in (name, scoped(name, lesson.file)):
                (folder / FOLDER / mark).unlink(missing_ok=True)
