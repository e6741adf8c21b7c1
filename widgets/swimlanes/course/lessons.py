"""What a lesson's notebook says about itself: its title, its minutes, its exercises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ORDERED = "arranged"
"""Name of the check that several lessons share; a lesson's number tells its answers apart."""


@dataclass(frozen=True)
class Lesson:
    """A lesson of the course.

    Attributes
    ----------
    file : str
        Name of its notebook, such as ``00-your-cores.ipynb``.
    title : str
        Its title, number included.
    reading_min, exercises_min : int
        Minutes of reading and running, and of exercises.
    exercises : tuple of str
        A mark for each exercise, as `swimlanes.course.record` leaves it when the answer is right.
    """

    file: str
    title: str
    reading_min: int
    exercises_min: int
    exercises: tuple[str, ...]


def lessons_in(folder: Path) -> list[Lesson]:
    """Return the lessons whose notebooks lie in `folder`, in order; broken ones are left out."""
    return [lesson for path in sorted(folder.glob("[0-9][0-9]-*.ipynb")) for lesson in _read(path)]


def lesson_of(file: str, notebook: Mapping[str, Any]) -> Lesson:
    """Return what a notebook in the format of Jupyter says about its lesson."""
    cells = [(cell, "".join(cell["source"])) for cell in notebook["cells"]]
    text = "\n".join(source for cell, source in cells if cell["cell_type"] == "markdown")
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    exercises = [source for cell, source in cells if "exercise" in cell["metadata"].get("tags", [])]
    return Lesson(
        file=file,
        title=title[1].replace("`", "") if title else file,
        reading_min=_minutes(text, "reading"),
        exercises_min=_minutes(text, "exercises"),
        exercises=tuple(exercise_in(source, file) for source in exercises),
    )


def exercise_in(source: str, file: str) -> str:
    """Return the mark of the exercise in a cell of the lesson with this file name."""
    return mark_of(_check(source), file[:2])


def mark_of(check: str, lesson: str) -> str:
    """Return the mark of a right answer to the check with this name, in this lesson."""
    return f"{check}-{lesson}" if check == ORDERED else check


def _read(path: Path) -> Iterator[Lesson]:
    """Yield the lesson, unless its notebook is broken or cannot be read."""
    try:
        yield lesson_of(path.name, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return


def _minutes(text: str, activity: str) -> int:
    """Return the minutes that the line with the times gives to an activity, 0 for none."""
    line = re.search(r"^\*\*Time:\*\*.*$", text, re.MULTILINE)
    found = re.search(rf"(\d+) minutes of {activity}", line[0]) if line else None
    return int(found[1]) if found else 0


def _check(source: str) -> str:
    """Return the name of the last check that the code calls; empty for none."""
    calls = list(re.finditer(r"\bchecks\.(\w+)\(", source))
    return calls[-1][1] if calls else ""
