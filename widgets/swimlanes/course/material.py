"""What a course's folder brings to a participant: its files, its lessons, its start page.

The folder may be anybody's, with any names. What cannot be brought is told, and nothing that is
wrong with one file keeps another from its place.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from swimlanes.brief import cut, quoted
from swimlanes.course.lessons import Lesson, lesson_of
from swimlanes.course.page import START, start_page
from swimlanes.course.settings import FILE, Settings, read_settings
from swimlanes.course.texts import (
    NOTEBOOK,
    TEXT,
    as_file,
    is_notebook,
    read_notebook,
    without_solutions,
)

_COPY = re.compile(r"mine-.*\.ipynb")
"""Names of what is kept when a lesson is put back."""


@dataclass(frozen=True)
class Piece:
    """A file of the course.

    Attributes
    ----------
    name : str
        Its path in the participant's folder, with slashes.
    source : Path or None
        Its original; None if all of it was made.
    made : bytes or None
        What it holds, if that is not what the original holds.
    """

    name: str
    source: Path | None
    made: bytes | None = None

    def read(self) -> bytes:
        """Return what it holds."""
        if self.made is not None:
            return self.made
        assert self.source is not None
        return self.source.read_bytes()


@dataclass
class Material:
    """All that a course brings.

    Attributes
    ----------
    settings : Settings
        What its ``course.toml`` says.
    pieces : dict of str to Piece
        Its files by their names, notebooks first: a large file may fill the disk.
    lessons : list of Lesson
        Its lessons, in order.
    faults : list of str
        A sentence on everything that could not be used.
    """

    settings: Settings
    pieces: dict[str, Piece] = field(default_factory=dict)
    lessons: list[Lesson] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def first_page(self) -> str:
        """The path of the page that opens first."""
        return self.settings.first_page or START


def material(folder: Path) -> Material:
    """Return what the course in `folder` brings."""
    settings, faults = read_settings(folder)
    found = Material(settings, faults=faults)
    notebooks: dict[str, dict[str, Any]] = {}
    files = list(_for_all(folder, found))
    for path in sorted(files, key=_in_order):
        piece = _piece(folder, path, files, notebooks, found.faults)
        if piece is not None:
            found.pieces[piece.name] = piece
    found.pieces = dict(sorted(found.pieces.items(), key=lambda item: item[0] not in notebooks))
    _choose_first_page(found)
    found.lessons = _lessons(found, notebooks)
    _make_start_page(folder, found)
    return found


def natural(path: str) -> list[list[tuple[float, str]]]:
    """Return what sorts paths as people do.

    Examples
    --------
    >>> sorted(["10-x.ipynb", "2-x.ipynb", "Ä/1.ipynb", "b/1.ipynb"], key=natural)
    ['2-x.ipynb', '10-x.ipynb', 'b/1.ipynb', 'Ä/1.ipynb']
    """
    return [
        [
            (int(piece), "") if piece[0] in "0123456789" else (math.inf, piece)
            for piece in re.split(r"([0-9]+)", part.casefold())
            if piece
        ]
        for part in path.split("/")
    ]


def _in_order(path: PurePosixPath) -> tuple[list[list[tuple[float, str]]], str]:
    return natural(str(path)), str(path)


def _files(folder: Path, faults: list[str]) -> Iterator[PurePosixPath]:
    """Yield the paths of all files; what is hidden is no material, nor what Python leaves."""

    def refused(error: OSError) -> None:
        faults.append(f"{quoted(str(error.filename))} cannot be read ({error.strerror}).")

    root = folder.resolve()
    for here, folders, names in os.walk(root, onerror=refused):
        links = [name for name in folders if Path(here, name).is_symlink()]
        folders[:] = [name for name in folders if not _is_hidden(name) and name not in links]
        for name in (*names, *links):
            path = Path(here, name)
            if _is_hidden(name) or path == root / FILE:
                continue
            if reason := _why_not(path, root):
                faults.append(f"{quoted(str(path.relative_to(root)))} is left out: {reason}.")
            else:
                yield PurePosixPath(path.relative_to(root).as_posix())


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__"


def _why_not(path: Path, root: Path) -> str:
    """Return why a file cannot be brought, empty if it can."""
    try:
        str(path).encode()
        target = path.resolve(strict=True)
    except UnicodeEncodeError:
        return "its name is no UTF-8"
    except (OSError, RuntimeError):  # the latter for links that go round in a circle
        return "it is a link that leads nowhere"
    if not target.is_relative_to(root):
        return "it is a link that leads out of the course"
    if target.is_dir():
        return "it is a link to a folder"
    if not target.is_file():
        return "it is no file"
    return "" if os.access(target, os.R_OK) else "it may not be read"


def _for_all(folder: Path, found: Material) -> Iterator[PurePosixPath]:
    """Yield the paths of the files that participants get: none that may hold answers."""
    named = filter(None, (found.settings.checks, found.settings.quizzes))
    kept = [(folder / name).resolve() for name in named]
    for path in _files(folder, found.faults):
        file = (folder / path).resolve()  # which may be named in several ways
        if not any(file.is_relative_to(place) for place in kept):
            yield path
            continue
        with contextlib.suppress(OSError):
            if is_notebook(file):
                found.faults.append(
                    f"{quoted(str(path))} is left out: {FILE} names it, or its folder, for checks "
                    "or quizzes. Put lessons elsewhere."
                )


def _piece(
    folder: Path,
    path: PurePosixPath,
    files: Sequence[PurePosixPath],
    notebooks: dict[str, dict[str, Any]],
    faults: list[str],
) -> Piece | None:
    """Return what becomes of a file, and note it if it is a notebook."""
    source, plain = folder / path, Piece(str(path), folder / path)
    if path.parts[0] == START and len(path.parts) > 1:
        faults.append(f"{quoted(str(path))} is left out: {START} has to be a notebook, no folder.")
        return None
    try:
        if not is_notebook(source):
            return plain
        name = str(path.with_suffix(NOTEBOOK))
        if path.suffix == TEXT and _is_taken(name, files):
            return None  # the notebook is there, and this is its text
        original = read_notebook(source, name)
        notebook = without_solutions(original)
    except (OSError, ValueError, RecursionError) as error:
        faults.append(
            f"{quoted(str(path))} is no lesson, and is brought as it is: it cannot be read as a "
            f"notebook ({cut(getattr(error, 'strerror', None) or str(error))})."
        )
        return plain
    notebooks[name] = dict(notebook)
    as_it_is = path.suffix == NOTEBOOK and notebook is original
    return plain if as_it_is else Piece(name, source, as_file(notebook))


def _is_taken(name: str, files: Sequence[PurePosixPath]) -> bool:
    return any(path.is_relative_to(name) for path in files)


def _choose_first_page(found: Material) -> None:
    page = found.settings.first_page
    if page and (name := _found(page, found.pieces)) != page:
        if name is None:
            found.faults.append(
                f"{FILE} has first_page = {quoted(page)}, and the course has no such file."
            )
        found.settings = replace(found.settings, first_page=name or "")


def _found(path: str, pieces: Mapping[str, object]) -> str | None:
    """Return the name of what a file of the course has become."""
    plain = PurePosixPath(path)
    names = (path, str(plain.with_suffix(NOTEBOOK)) if plain.name else path)
    return next((name for name in names if name in pieces), None)


def _lessons(found: Material, notebooks: Mapping[str, Mapping[str, Any]]) -> list[Lesson]:
    names = [
        name
        for name in sorted(notebooks, key=natural)
        if name not in (START, found.first_page) and not _COPY.fullmatch(PurePosixPath(name).name)
    ]
    if found.settings.lessons:
        names = []
        for listed in dict.fromkeys(found.settings.lessons):
            if name := _found(listed, notebooks):
                names.append(name)
            else:
                found.faults.append(
                    f"{FILE} lists the lesson {quoted(listed)}, and the course has no such "
                    "notebook."
                )
    return _told_apart([lesson_of(name, notebooks[name]) for name in names])


def _told_apart(lessons: Sequence[Lesson]) -> list[Lesson]:
    """Return the lessons, each with a title that no other one has."""
    titles = [lesson.title for lesson in lessons]
    return [
        lesson
        if titles.count(lesson.title) == 1
        else replace(lesson, title=f"{lesson.title} ({lesson.file.removesuffix(NOTEBOOK)})")
        for lesson in lessons
    ]


def _make_start_page(folder: Path, found: Material) -> None:
    if not found.lessons:
        found.faults.append(
            f"There is no notebook in {folder} that can be read; is this the folder of the course?"
        )
    if START not in found.pieces:
        logo = found.settings.logo if found.settings.logo in found.pieces else ""
        page = start_page(found.lessons, found.settings.title or "The course", logo)
        found.pieces = {START: Piece(START, None, as_file(page)), **found.pieces}
