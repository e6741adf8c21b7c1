"""What a course brings besides its lessons: the files of its checks and quizzes, its exercises."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal

from swimlanes.course import place
from swimlanes.course.lessons import check_in
from swimlanes.course.settings import read_settings
from swimlanes.course.texts import (
    EXERCISE,
    MOST_BYTES,
    NOTEBOOK,
    TEXT,
    has_tag,
    read_notebook,
    solved,
)

_QUIZ = re.compile(r"""["']([\w-]+/[\w-]+)\\?["']""")
"""A quiz's name in code; in a notebook's file, a backslash stands before the quotes."""


def own_file(kind: Literal["checks", "quizzes"]) -> Path | None:
    """Return the file or folder that holds the course's own checks or quizzes; None for none."""
    folder = place.originals()
    if folder is None:
        return None
    settings, _ = read_settings(folder)
    name = settings.checks if kind == "checks" else settings.quizzes
    return folder / name if name else None


def quizzes_named(folder: Path) -> set[str]:
    """Return what may be names of quizzes in the lessons of the course in a folder."""
    named: set[str] = set()
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            is_text = path.suffix in (NOTEBOOK, TEXT) and path.is_file()
            if is_text and path.stat().st_size <= MOST_BYTES:
                named.update(_QUIZ.findall(path.read_text(encoding="utf-8", errors="replace")))
    return named


def own_exercise(check: str) -> tuple[str, str] | None:
    """Return the exercise with this check in the lesson of this kernel, and its solution.

    The solution is empty if the course does not hold it. None if there is no such exercise, or the
    lesson is not known.
    """
    folder, file = place.originals() or place.home(), place.lesson()
    if folder is None or not file:
        return None
    path = folder / file
    path = path if path.is_file() else path.with_suffix(TEXT)
    with contextlib.suppress(OSError, ValueError, RecursionError):
        return _exercises(path, file, path.stat().st_mtime_ns).get(check)
    return None


@cache
def _exercises(path: Path, file: str, _changed: int) -> dict[str, tuple[str, str]]:
    return dict(_found(path, file))


def _found(path: Path, file: str) -> Iterator[tuple[str, tuple[str, str]]]:
    cells = read_notebook(path, str(PurePosixPath(file)))["cells"]
    solutions = {id(cell): "".join(following["source"]) for cell, following in solved(cells)}
    for cell in cells:
        if has_tag(cell, EXERCISE):
            source = "".join(cell["source"])
            yield check_in(source), (source, solutions.get(id(cell), ""))
