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


_SHOWN = re.compile(
    r"""^[^#\n]*\bquizzes\.(?:ask|arrange)\(\s*["']([^"'\n]+)["']\s*[,)]""", re.MULTILINE
)
_CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


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
    exercises : dict of str to str
        The name of each exercise, which is that of its check, and its title: the heading above it.
    quizzes : tuple of str
        The names of the quizzes that its code shows.
    """

    file: str
    title: str
    reading_min: int
    exercises_min: int
    exercises: Mapping[str, str]
    quizzes: tuple[str, ...] = ()


def lesson_of(file: str, notebook: Mapping[str, Any]) -> Lesson:
    """Return what a notebook in the format of Jupyter says about its lesson."""
    cells = [(cell, "".join(cell["source"])) for cell in notebook["cells"]]
    text = "\n".join(source for cell, source in cells if cell["cell_type"] == "markdown")
    code = "\n".join(source for cell, source in cells if cell["cell_type"] == "code")
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    return Lesson(
        file=file,
        title=title[1].replace("`", "") if title else PurePosixPath(file).stem,
        reading_min=_minutes(text, "reading"),
        exercises_min=_minutes(text, "exercises"),
        exercises=_exercises(cells, file),
        quizzes=tuple(_SHOWN.findall(code)),
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


def has_mark(name: str, lesson: Lesson, lessons: Sequence[Lesson], marks: Collection[str]) -> bool:
    """Return whether the exercise with this name has a mark in a lesson.

    A mark without a lesson comes from an earlier version, or from a notebook that does not know its
    own name. It counts where a single lesson has such an exercise.
    """
    if scoped(name, lesson.file) in marks:
        return True
    return name in marks and sum(name in other.exercises for other in lessons) == 1


def _exercises(cells: Sequence[tuple[Mapping[str, Any], str]], file: str) -> dict[str, str]:
    """Return names and titles of the exercises; no two have the same title.

    One check stands for one exercise, however often it is called.
    """
    found: dict[str, str] = {}
    above, taken = "", set()
    for cell, source in cells:
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"^#{2,6} (.*)", _CODE.sub("", source), re.MULTILINE)
            above = headings[-1].replace("`", "").strip() if headings else above
        elif has_tag(cell, EXERCISE):
            name = exercise_in(source, file)
            if name and name not in found:
                number = f"Exercise {len(found) + 1}"
                found[name] = f"{above} ({number})" if above in taken else above or number
                taken.add(found[name])
    return found


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
