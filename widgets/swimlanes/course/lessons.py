"""What a lesson's notebook says about itself: its title, its minutes, its exercises."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from swimlanes.course.texts import EXERCISE, has_tag

ORDERED = "arranged"
"""Name of the check that several lessons share; a lesson's number tells its answers apart."""


@dataclass(frozen=True)
class Lesson:
    """A lesson of the course.

    Attributes
    ----------
    file : str
        Path of its notebook in the course, such as ``00-your-cores.ipynb``.
    title : str
        Its title, number included; without one, the name of its file.
    reading_min, exercises_min : int
        Minutes of reading and running, and of exercises.
    exercises : tuple of str
        The name of each exercise, which is that of its check.
    """

    file: str
    title: str
    reading_min: int
    exercises_min: int
    exercises: tuple[str, ...]


def lesson_of(file: str, notebook: Mapping[str, Any]) -> Lesson:
    """Return what a notebook in the format of Jupyter says about its lesson."""
    cells = [(cell, "".join(cell["source"])) for cell in notebook["cells"]]
    text = "\n".join(source for cell, source in cells if cell["cell_type"] == "markdown")
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    exercises = [source for cell, source in cells if has_tag(cell, EXERCISE)]
    return Lesson(
        file=file,
        title=title[1].replace("`", "") if title else PurePosixPath(file).stem,
        reading_min=_minutes(text, "reading"),
        exercises_min=_minutes(text, "exercises"),
        # One check stands for one exercise, however often it is called.
        exercises=tuple(
            dict.fromkeys(filter(None, (exercise_in(each, file) for each in exercises)))
        ),
    )


def exercise_in(source: str, file: str) -> str:
    """Return the name of the exercise in a cell of the lesson with this file."""
    return mark_of(check_in(source), PurePosixPath(file).name[:2])


def mark_of(check: str, lesson: str) -> str:
    """Return the name of an exercise by its check; the shared one has the lesson's number, too."""
    return f"{check}-{lesson}" if check == ORDERED else check


def scoped(name: str, file: str) -> str:
    """Return the mark of an exercise in the lesson with this file.

    Lessons in any folder may use the same check, and a mark is a short file name of its own.
    """
    return f"{name}-{hashlib.sha256(file.encode()).hexdigest()[:12]}"


def is_right(name: str, lesson: Lesson, lessons: Sequence[Lesson], right: Collection[str]) -> bool:
    """Return whether the exercise with this name has been right in a lesson.

    A mark without a lesson comes from an earlier version, or from a notebook that does not know its
    own name. It counts where a single lesson has such an exercise.
    """
    if scoped(name, lesson.file) in right:
        return True
    return name in right and sum(name in other.exercises for other in lessons) == 1


def _minutes(text: str, activity: str) -> int:
    """Return the minutes that the line with the times gives to an activity, 0 for none."""
    line = re.search(r"^\**Time:.*$", text, re.MULTILINE)
    found = re.search(rf"\b(\d{{1,4}}) minutes? of {activity}", line[0]) if line else None
    if line and not found and activity == "reading":  # of a single number, for all together
        found = re.search(r"\b(\d{1,4}) min(utes?)?\b(?! of)", line[0])
    return int(found[1]) if found else 0


def check_in(source: str) -> str:
    """Return the name of the last check that the code calls; empty for none."""
    calls = list(re.finditer(r"\bchecks\.(\w+)\(", source))
    return calls[-1][1] if calls else ""
