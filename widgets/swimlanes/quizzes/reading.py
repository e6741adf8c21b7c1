"""Questions and orderings from the lessons' files, checked when they are read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from swimlanes.errors import SwimlanesError
from swimlanes.quizzes.kinds import Option, Ordering, Question

FOLDER = Path(str(files("swimlanes.quizzes") / "questions"))


class QuizError(SwimlanesError, ValueError):
    """A quiz was asked for that is not there, or the file with it breaks a rule."""


def question(name: str) -> Question:
    """Return the question with this name, such as ``"04/where-it-runs"``.

    Raises
    ------
    QuizError
        If there is none, or its file breaks a rule.
    """
    found = _find(name)
    if not isinstance(found, Question):
        raise QuizError(f"{name!r} is an ordering; show it with quizzes.arrange({name!r}).")
    return found


def ordering(name: str) -> Ordering:
    """Return the lines to be put in order with this name, such as ``"04/pool-lines"``.

    Raises
    ------
    QuizError
        If there are none, or their file breaks a rule.
    """
    found = _find(name)
    if not isinstance(found, Ordering):
        raise QuizError(f"{name!r} is a question; show it with quizzes.ask({name!r}).")
    return found


@cache
def read(file: Path) -> dict[str, Question | Ordering]:
    """Return all quizzes of a lesson's file, by their full names.

    Raises
    ------
    QuizError
        If the file cannot be read or breaks a rule; the sentence names the place and the remedy.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise QuizError(f"The quizzes in {file.name} cannot be read: {error}.") from None
    return {f"{file.stem}/{key}": _quiz(f"{file.stem}/{key}", tables[key]) for key in tables}


def _find(name: str) -> Question | Ordering:
    known = {file.stem: file for file in FOLDER.glob("*.toml")}
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


def _quiz(name: str, table: Any) -> Question | Ordering:  # noqa: ANN401 - TOML holds anything
    if not isinstance(table, dict):
        raise QuizError(f"In the quizzes, {name} must be a table: write [{name.split('/')[1]}].")
    return _question(name, table) if "question" in table else _ordering(name, table)


def _question(name: str, table: dict[str, Any]) -> Question:
    _only(name, table, {"question", "code", "options"})
    options = table.get("options")
    if not isinstance(options, list) or len(options) < 2:
        raise QuizError(f"The question {name} needs two [[{name.split('/')[1]}.options]] or more.")
    made = tuple(_option(name, option) for option in options)
    if not any(option.right for option in made):
        raise QuizError(f"The question {name} has no right option; write right = true in one.")
    if len({option.text for option in made}) < len(made):
        raise QuizError(f"The question {name} has the same option twice; write another text.")
    code = _text(name, table, "code").rstrip("\n") if "code" in table else ""
    return Question(name, _text(name, table, "question"), code, made)


def _option(name: str, table: Any) -> Option:  # noqa: ANN401 - TOML holds anything
    if not isinstance(table, dict):
        raise QuizError(f"An option of {name} must be a table with the keys text and because.")
    _only(name, table, {"text", "because", "right"})
    is_right = table.get("right", False)
    if not isinstance(is_right, bool):
        raise QuizError(f"In an option of {name}, right = {is_right!r} must be true or false.")
    text = _text(name, table, "text").replace("`", "")
    return Option(text, _text(name, table, "because"), is_right)


def _ordering(name: str, table: dict[str, Any]) -> Ordering:
    _only(name, table, {"task", "lines", "hint", "because"})
    lines = table.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise QuizError(f"In {name}, lines must be a list of texts in the right order.")
    if len(set(lines)) < 2:
        raise QuizError(f"In {name} there must be two different lines or more to put in order.")
    task, hint, because = (_text(name, table, key) for key in ("task", "hint", "because"))
    return Ordering(name, task, tuple(lines), hint, because)


def _text(name: str, table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise QuizError(f'In the quizzes, {name} needs a text for {key}: {key} = "…".')
    return value.strip() if key != "code" else value


def _only(name: str, table: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(table.keys() - known):
        raise QuizError(
            f"In the quizzes, {name} has {unknown[0]!r}, which is none of "
            f"{', '.join(sorted(known))}; a question also needs the key question."
        )
