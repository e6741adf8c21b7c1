"""Questions and orderings from the lessons' files, checked when they are read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from swimlanes import course
from swimlanes.brief import quoted
from swimlanes.course import Lesson
from swimlanes.errors import SwimlanesError
from swimlanes.fitting import Unfit, fitted
from swimlanes.quizzes.kinds import Ordering, Question

FOLDER = Path(str(files("swimlanes.quizzes") / "questions"))


class QuizError(SwimlanesError, ValueError):
    """A quiz was asked for that is not there, or the file with it breaks a rule."""


def question(name: str) -> Question:
    """Return the question with this name, such as ``"04/where-it-runs"``."""
    found = _find(name)
    if not isinstance(found, Question):
        raise QuizError(f"{name!r} is an ordering; show it with quizzes.arrange({name!r}).")
    return found


def ordering(name: str) -> Ordering:
    """Return the lines to be put in order with this name, such as ``"04/pool-lines"``."""
    found = _find(name)
    if not isinstance(found, Ordering):
        raise QuizError(f"{name!r} is a question; show it with quizzes.ask({name!r}).")
    return found


@cache
def read(file: Path) -> dict[str, Question | Ordering]:
    """Return all quizzes of a lesson's file, by their full names."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise QuizError(f"The quizzes in {file.name} cannot be read: {error}.") from None
    quizzes = {}
    for key, table in tables.items():
        name = f"{file.stem}/{key}"
        try:
            quizzes[name] = _quiz(name, table)
        except QuizError as error:
            raise QuizError(f"In {file.name}{_line(key, text)}, {error}") from None
    return quizzes


def faults(place: Path | None, lessons: Iterable[Lesson] = ()) -> list[str]:
    """Return a sentence on each file with a fault, of the file or folder of a course's quizzes.

    A quiz that a lesson shows, and that is nowhere, is told, too; the first such, if the course has
    no quizzes.
    """
    told = []
    own = sorted(_files_in(place)) if place else []
    if place and not own:
        told.append(f"The folder {place.name} has no quizzes: no file in it ends in .toml.")
    for file in own:
        try:
            read(file)
        except QuizError as error:
            told.append(str(error))
    known = _by_lesson(own)
    lacking = [
        f"{lesson.file} shows the quiz {quoted(name)}, and there is none of this name. Is the name "
        "right, and does course.toml name the quiz's file?"
        for lesson in lessons
        for name in lesson.quizzes
        if not _is_there(name, known)
    ]
    return told + (lacking if place else lacking[:1])


def questions() -> tuple[list[Question], list[str]]:
    """Return the questions of the course, and a sentence on each file with a fault.

    These are all of its own, and those of ours that its lessons show. Without a course, all count.
    """
    read.cache_clear()  # somebody may have mended a file since
    folder = course.originals()
    named = course.quizzes_named(folder) if folder else None
    found: list[Question] = []
    faults: list[str] = []
    for file in _files().values():
        try:
            found += [
                quiz
                for quiz in read(file).values()
                if isinstance(quiz, Question)
                and (named is None or file.parent != FOLDER or quiz.name in named)
            ]
        except QuizError as error:
            faults.append(str(error))
    return found, faults


def _files() -> dict[str, Path]:
    """Return the files with quizzes by their lessons."""
    return _by_lesson(sorted(_own()))


def _by_lesson(files: Iterable[Path]) -> dict[str, Path]:
    """Return a course's files and ours by their lessons; one of the course comes before ours."""
    own = {file.stem: file for file in files}
    ours = {file.stem: file for file in sorted(FOLDER.glob("*.toml"))}
    return own | {lesson: file for lesson, file in ours.items() if lesson not in own}


def _is_there(name: str, known: Mapping[str, Path]) -> bool:
    """Return whether there is a quiz of this name; a file that cannot be read may have it."""
    file = known.get(name.partition("/")[0])
    try:
        return file is not None and name in read(file)
    except QuizError:
        return True


def _find(name: str) -> Question | Ordering:
    known = _files()
    lesson = str(name).partition("/")[0]
    if lesson not in known:
        raise QuizError(
            f"There is no quiz {name!r}; name it like '04/where-it-runs', with a lesson that has "
            f"quizzes: {', '.join(sorted(known))}."
        )
    quizzes = read(known[lesson])
    if name not in quizzes:
        raise QuizError(f"There is no quiz {name!r}; this lesson has {', '.join(quizzes)}.")
    return quizzes[name]


def _own() -> Iterable[Path]:
    """Return the files with the course's own quizzes."""
    own = course.own_file("quizzes")
    return () if own is None else _files_in(own)


def _files_in(place: Path) -> Iterable[Path]:
    return place.glob("*.toml") if place.is_dir() else (place,)


def _line(key: str, text: str) -> str:
    """Return the line in which a quiz begins, as a sentence has it; empty if it is not seen."""
    begins = rf"""^[ \t]*\[*[ \t]*["']?{re.escape(key)}["']?[ \t]*[].=]"""
    found = re.search(begins, text, re.MULTILINE)
    return f", line {text.count(chr(10), 0, found.start()) + 1}" if found else ""


def _quiz(name: str, table: Any) -> Question | Ordering:  # noqa: ANN401 - TOML holds anything
    if not isinstance(table, dict):
        raise QuizError(f"{name} must be a table: write [{name.split('/')[1]}].")
    kind, empty = (Question, {"code": ""}) if "question" in table else (Ordering, {})
    try:
        quiz: Question | Ordering = fitted(empty | table | {"name": name}, kind)
    except Unfit as error:
        raise QuizError(f"{name} breaks a rule: {error}.") from None
    return quiz
