"""Derive the notebooks from the lessons.

A lesson is a text notebook in ``lessons/`` (MyST Markdown). From it come two notebooks:

- the participants', in ``notebooks/``: no solutions, no outputs, with links to go on; committed;
- the instructor's, in ``build/instructor/``: solutions included, folded; slides marked; not
  committed.

Beside them lies the start page, a table of the lessons. The exercises and their solutions also go
into the package, whose checks show a solution when somebody is stuck.

The same lessons always give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click
import jupytext
import nbformat
from nbformat import NotebookNode

from swimlanes.course import KERNEL, START, lesson_of, start_page
from swimlanes.course.lessons import exercise_in
from swimlanes.course.texts import EXERCISE, SOLUTION, has_tag, identities

COURSE = Path(__file__).resolve().parent
LESSONS = COURSE / "lessons"
PARTICIPANTS = COURSE / "notebooks"
INSTRUCTOR = COURSE.parent / "build" / "instructor"
EXERCISES = COURSE.parent / "widgets" / "swimlanes" / "checks" / "exercises.json"

WAY = "way"
"""Tag of the cells that a participant's notebook has besides those of its lesson."""
STUCK = (
    "> **Stuck?** Does a cell show `[*]` and not end? Press ■ in the toolbar above, or choose "
    "*Kernel*, *Interrupt Kernel* in the menu. A long error text may appear: that is normal. Is "
    "the cell still busy? Press ■ a second time. If that does not help either, choose *Kernel*, "
    "*Restart Kernel…*, and run the cells from the top again. Does a window say *Server "
    "Connection Error*? The machine is busy: close the window and go on."
    "\n>\n> **Strange times?** If other programs use your cores, times are wrong, and the text "
    "does not fit them. Cells with `%%disturbed` or `%%lanes` in the first line tell you. Run them "
    "again when the machine is quiet."
    "\n>\n> **Stuck in an exercise?** Run its check, then run `checks.hint()` in a new cell."
)


class LessonError(Exception):
    """A lesson breaks a rule; the sentence names the lesson and the remedy."""


@dataclass(frozen=True)
class Edition:
    """The readers of a notebook, and where it goes."""

    folder: Path
    with_solutions: bool


EDITIONS = (Edition(PARTICIPANTS, False), Edition(INSTRUCTOR, True))


def derive(lesson: Path, with_solutions: bool) -> str:
    """Return the text of the notebook that comes from `lesson`.

    Raises
    ------
    LessonError
        If an exercise and its solution are not neighbours.
    """
    source = jupytext.read(lesson, fmt="md:myst").cells
    check_pairs(lesson.stem, source)
    cells = [cell for cell in source if with_solutions or not has_tag(cell, SOLUTION)]
    cells = list(map(clean, cells, identities(lesson.stem, cells)))
    if with_solutions:
        present(cells)
    else:
        cells = show_the_way(lesson, cells)
    return text_of(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL))


def text_of(notebook: NotebookNode) -> str:
    """Return a notebook as it stands in its file."""
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def check_pairs(lesson: str, cells: list[NotebookNode]) -> None:
    """Refuse an exercise without its solution in the next cell, and the reverse."""
    for cell, following in pairwise([{}, *cells, {}]):
        if has_tag(cell, EXERCISE) != has_tag(following, SOLUTION):
            raise LessonError(
                f"In the lesson {lesson}, a cell tagged '{EXERCISE}' and the cell tagged "
                f"'{SOLUTION}' right after it must come as a pair; correct the cell that begins "
                f"with {first_line(cell if has_tag(cell, EXERCISE) else following)!r}."
            )


def clean(cell: NotebookNode, identity: str) -> NotebookNode:
    """Return the cell with its tags and nothing else besides its source; a solution is folded."""
    tags = cell.metadata.get("tags", [])
    metadata = {"tags": tags} if tags else {}
    if SOLUTION in tags:
        metadata["jupyter"] = {"source_hidden": True}
    make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    return make(cell.source, id=identity, metadata=metadata)


def present(cells: list[NotebookNode]) -> None:
    """Say where a slide begins: at every heading, at a solution, and after it or the title."""
    for before, cell in pairwise([{}, *cells]):
        heads = cell.cell_type == "markdown" and cell.source.startswith("#")
        after = has_tag(before, SOLUTION) or before.get("source", "").startswith("# ")
        apart = has_tag(cell, SOLUTION) or after
        cell.metadata["slideshow"] = {
            "slide_type": "slide" if heads else "subslide" if apart else "-"
        }


def show_the_way(lesson: Path, cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells with what to do when stuck, below the first, and where to go on, last."""
    words = (STUCK, go_on(lesson))
    stuck, on = (
        nbformat.v4.new_markdown_cell(text, id=identity, metadata={"tags": [WAY]})
        for text, identity in zip(words, ("stuck", "go-on"), strict=True)
    )
    return [*cells[:1], stuck, *cells[1:], on]


def go_on(lesson: Path) -> str:
    """Return links to the next lesson and to the start page."""
    later = [path for path in sorted(lesson.parent.glob("*.md")) if path.name > lesson.name]
    start = f"[START]({START}) shows how far you have got."
    if not later:
        return f"**This was the last lesson.** {start}"
    name = later[0].stem
    title = re.search(r"^# (.+)$", later[0].read_text(encoding="utf-8"), re.MULTILINE)
    return f"**The next lesson:** [{title[1] if title else name}]({name}.ipynb). {start}"


def first_line(cell: NotebookNode) -> str:
    """Return what a person would look for to find the cell."""
    return str(cell.source).partition("\n")[0]


def expected(edition: Edition) -> dict[Path, str]:
    """Return all notebooks of an edition and its start page, by their paths."""
    notebooks = {
        edition.folder / f"{lesson.stem}.ipynb": derive(lesson, edition.with_solutions)
        for lesson in sorted(LESSONS.glob("*.md"))
    }
    lessons = [lesson_of(path.name, json.loads(text)) for path, text in notebooks.items()]
    start = text_of(nbformat.from_dict(start_page(lessons)))
    return {**notebooks, edition.folder / START: start}


def exercises() -> str:
    """Return all exercises and their solutions as the checks read them, by their marks."""
    found = {}
    for lesson in sorted(LESSONS.glob("*.md")):
        cells = jupytext.read(lesson, fmt="md:myst").cells
        for cell, following in pairwise(cells):
            if has_tag(cell, EXERCISE):
                mark = exercise_in(cell.source, lesson.stem)
                found[mark] = {"given": cell.source, "solution": following.source}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def write(edition: Edition) -> None:
    """Write an edition; notebooks whose lesson is gone go, too."""
    notebooks = expected(edition)
    edition.folder.mkdir(parents=True, exist_ok=True)
    for stale in set(edition.folder.glob("*.ipynb")) - notebooks.keys():
        stale.unlink()
    for path, text in notebooks.items():
        path.write_text(text, encoding="utf-8")


def differing(edition: Edition) -> list[str]:
    """Return the names of the notebooks that are not what their lesson says."""
    notebooks = expected(edition)
    found = {path: path.read_text(encoding="utf-8") for path in edition.folder.glob("*.ipynb")}
    paths = notebooks.keys() | found.keys()
    return sorted(path.name for path in paths if notebooks.get(path) != found.get(path))


def differing_exercises() -> list[str]:
    """Return the name of the file with the exercises if it is not what the lessons say."""
    same = EXERCISES.is_file() and EXERCISES.read_text(encoding="utf-8") == exercises()
    return [] if same else [EXERCISES.name]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if the committed ones differ.")
def main(check: bool) -> None:
    """Derive the participants' and the instructor's notebooks from the lessons."""
    try:
        if not check:
            for edition in EDITIONS:
                write(edition)
            EXERCISES.write_text(exercises(), encoding="utf-8")
        elif names := differing(EDITIONS[0]) + differing_exercises():
            sys.exit(f"Not what the lessons say: {', '.join(names)}; run `make notebooks`.")
    except LessonError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
