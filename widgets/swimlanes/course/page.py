"""The start page: a notebook with the table of lessons, to read before anything has run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import quote

from swimlanes.course.lessons import Lesson, has_mark
from swimlanes.course.texts import notebook_of
from swimlanes.markup import legible, markup

START = "START.ipynb"
"""Name of the start page. Where it lies is a participant's course."""

WELCOME = (
    "# Swimlanes: the course\n\n"
    "See what your own cores do while Python works on many things at once. Open a lesson with a "
    "click: they build on one another, and each runs on its own."
)
HOW_FAR = (
    "**How far have you got?** The table tells which exercises are right, and follows while you "
    "work. Below it you can put a lesson back to how it was, and shut down lessons that you have "
    "finished. (Does a window say *Server Connection Error*? The machine is busy: close the window "
    "and go on.)"
)
NOT_YET = (
    "Python has not told yet which exercises are right: in the course's lab it does so in a "
    "moment. Elsewhere, or if this line stays, choose *Run All Cells* in the menu *Run*."
)
NO_LESSONS = (
    "There are no lessons here yet. Ask your instructor: the folder with the course may be missing."
)
NONE = "–"
CODE = "from swimlanes import contents\n\ncontents()"


def table(lessons: Sequence[Lesson], right: Collection[str] | None) -> str:
    """Return the lessons as a table in Markdown: links, minutes, exercises that are right.

    `right` is None where that is not known. A column that no lesson has anything for is left out.
    """

    def progress(those: Sequence[Lesson]) -> str:
        exercises = [(name, one) for one in those for name in one.exercises]
        if exercises and right is None:
            return f"? of {len(exercises)}"
        return _progress([has_mark(name, one, lessons, right or ()) for name, one in exercises])

    together = (
        "**Together**",
        _minutes(sum(lesson.reading_min for lesson in lessons)),
        _minutes(sum(lesson.exercises_min for lesson in lessons)),
        progress(lessons),
    )
    rows = [
        (
            f"[{_literal(lesson.title)}]({quote(lesson.file)})",
            _minutes(lesson.reading_min),
            _minutes(lesson.exercises_min),
            progress([lesson]),
        )
        for lesson in lessons
    ]
    head = ("Lesson", "Reading and running", "Exercises", "Right"), (":--", "--:", "--:", ":--")
    told = [place for place, text in enumerate(together) if text != NONE]
    # Together says nothing where there are no minutes and no exercises.
    lines = [*head, *rows, *([together] if len(told) > 1 else [])]
    return "\n".join(f"| {' | '.join(line[place] for place in told)} |" for line in lines)


def start_page(lessons: Sequence[Lesson], title: str = "", logo: str = "") -> dict[str, Any]:
    """Return the start page as a notebook in the format of Jupyter.

    Its cell holds the table already, so that the links are there before it is run. The lab runs it
    unasked and does not show its code: image/settings/labextensions.

    Parameters
    ----------
    lessons : sequence of Lesson
        What it leads to.
    title : str
        What another course than ours is called.
    logo : str
        The path of a picture that stands above the title.
    """
    if not lessons:
        return notebook_of(_numbered([_text(_welcome(title, logo, NO_LESSONS))]))
    markdown = f"{table(lessons, None)}\n\n{NOT_YET}"
    output = {
        "output_type": "display_data",
        "data": {"text/markdown": markdown, "text/plain": markdown},
        "metadata": {},
    }
    head = _welcome(title, logo, "Open a lesson with a click.") if title else WELCOME
    code = {
        "cell_type": "code",
        "source": CODE,
        "metadata": {"jupyter": {"source_hidden": True}},
        "execution_count": None,
        "outputs": [output],
    }
    return notebook_of(_numbered([_text(f"{head}\n\n{HOW_FAR}"), code]))


def _welcome(title: str, logo: str, sentence: str) -> str:
    picture = markup('<img src="{}" alt="" width="96">\n\n', quote(logo)) if logo else ""
    return f"{picture}# {_literal(title)}\n\n{sentence}"


def _text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def _numbered(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**cell, "id": _identity(cell)} for cell in cells]


def _literal(text: str) -> str:
    r"""Return text for Markdown, which takes no character reference for a sign of its own.

    Examples
    --------
    >>> _literal("03 · `map` <b>")
    '03 · &#96;map&#96; &#60;b&#62;'
    """
    return re.sub(r"[^\w\s·:,.’-]", lambda sign: f"&#{ord(sign[0])};", legible(text))


def _minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min" if rest else NONE


def _progress(answers: Sequence[bool]) -> str:
    """Say how many exercises are right, with a sign for none, some and all of them."""
    if not answers:
        return NONE
    good = sum(answers)
    sign = "○" if not good else "✓" if good == len(answers) else "◐"
    return f"{sign} {good} of {len(answers)}"


def _identity(cell: dict[str, Any]) -> str:
    return hashlib.sha256(f"start {cell['source']}".encode()).hexdigest()[:16]
