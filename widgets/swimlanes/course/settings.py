"""What a course's folder says about itself, in its ``course.toml``. All of it may be left out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from swimlanes.brief import quoted, shown

FILE = "course.toml"


@dataclass(frozen=True)
class Settings:
    """The settings of a course; an empty one is not set.

    Attributes
    ----------
    title : str
        What the start page is headed with.
    logo : str
        A picture that stands above the title.
    first_page : str
        The page that opens first, in place of the start page.
    lessons : tuple of str
        The notebooks that are lessons, in order. Empty: all, in the order of their names.
    checks : str
        A file of Python with checks of the course's own.
    quizzes : str
        A TOML file with quizzes of the course's own, or a folder of such files.
    """

    title: str = ""
    logo: str = ""
    first_page: str = ""
    lessons: tuple[str, ...] = ()
    checks: str = ""
    quizzes: str = ""


def read_settings(folder: Path) -> tuple[Settings, list[str]]:
    """Return the settings of a course, and a sentence on each that cannot be used.

    A fault must not keep a class from its course: that setting counts as not set.
    """
    try:
        table = tomllib.loads((folder / FILE).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Settings(), []
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Settings(), [f"{FILE} cannot be read ({reason}): none of its settings counts."]
    faults = list(_unknown(table))
    chosen: dict[str, Any] = {}
    for name in table.keys() & _KNOWN:
        try:
            chosen[name] = _checked(folder, name, table[name])
        except ValueError as error:
            faults.append(f"{FILE} has {name} = {shown(table[name])}: {error}")
    return Settings(**chosen), sorted(faults)


_KNOWN = {field.name for field in fields(Settings)}


def _unknown(table: Mapping[str, Any]) -> Iterator[str]:
    for name in table.keys() - _KNOWN:
        yield f"{FILE} has no setting {quoted(name)}; choose among {', '.join(sorted(_KNOWN))}."


def _checked(folder: Path, name: str, value: object) -> str | tuple[str, ...]:
    """Return a setting's value; a ValueError says what is wrong with it."""
    if name == "lessons":
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ValueError('write a list of files, such as ["first.ipynb", "second.ipynb"].')
        # Each for itself: one that is not there leaves the others, and is told by who looks for it.
        return tuple(PurePosixPath(part).as_posix() for part in value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError('write a text in quotes, such as "…".')
    if name == "title":
        return " ".join(value.split())
    if name == "first_page":  # which may be made of another file
        return PurePosixPath(value).as_posix()
    return _inside(folder, value)


def _inside(folder: Path, name: str) -> str:
    """Return the path of something that lies in the course."""
    root = folder.resolve()
    try:
        path = (folder / name).resolve()
        is_there = path.exists()
    except (OSError, ValueError, RuntimeError):  # too long, no name, links that go in a circle
        path, is_there = root, False
    if not path.is_relative_to(root):
        raise ValueError("that lies outside of the course; put it into the course's folder.")
    if not is_there:
        raise ValueError("that is not in the course; write its path from the course's folder.")
    if path == root:
        raise ValueError("that is the whole course; name a file or a folder in it.")
    return PurePosixPath(name).as_posix()
