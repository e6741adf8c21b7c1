"""The start page: a notebook with the table of lessons, to read before anything has run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import quote

from swimlanes.course.lessons import Lesson
from swimlanes.markup import legible

START = "START.ipynb"
"""Name of the start page. Where it lies is a participant's course."""

KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
"""What a notebook says of its kernel: as much as that says, so that opening it changes nothing."""

WELCOME = (
    "# Swimlanes: the course\n\n"
    "See what your own cores do while Python works on many things at once. Open a lesson with a "
    "click: they build on one another, and each runs on its own.\n\n"
    "**How far have you got?** Click into the next cell and press Shift+Enter. The table then "
    "tells which exercises are right, and follows while you work. Below it you can put a lesson "
    "back to how it was, and shut down lessons that you have finished. (Nothing there? Then Python "
    "was still starting: press it again. Does a window say *Server Connection Error*? The "
    "machine is busy: close the window and go on.)"
)
CODE = "from swimlanes import contents\n\ncontents()"


def table(lessons: Sequence[Lesson], right: Collection[str]) -> str:
    """Return the lessons as a table in Markdown: links, minutes, exercises that are right."""
    rows = [
        f"| [{_literal(lesson.title)}]({quote(lesson.file)}) | {_minutes(lesson.reading_min)} "
        f"| {_minutes(lesson.exercises_min)} | {_progress(lesson.exercises, right)} |"
        for lesson in lessons
    ]
    head = "| Lesson | Reading and running | Exercises | Right |\n|:--|--:|--:|:--|"
    together = (
        f"| **Together** | {_minutes(sum(lesson.reading_min for lesson in lessons))} "
        f"| {_minutes(sum(lesson.exercises_min for lesson in lessons))} "
        f"| {_progress([mark for lesson in lessons for mark in lesson.exercises], right)} |"
    )
    return "\n".join((head, *rows, together))


def start_page(lessons: Sequence[Lesson]) -> dict[str, Any]:
    """Return the start page as a notebook in the format of Jupyter.

    Its cell holds the table already, so that the links are there before it is run.
    """
    markdown = table(lessons, ())
    output = {
        "output_type": "display_data",
        "data": {"text/markdown": markdown, "text/plain": markdown},
        "metadata": {},
    }
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "source": WELCOME},
        {"cell_type": "code", "source": CODE, "execution_count": None, "outputs": [output]},
    ]
    return {
        "cells": [{**cell, "id": _identity(cell), "metadata": {}} for cell in cells],
        "metadata": KERNEL,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


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
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def _progress(exercises: Sequence[str], right: Collection[str]) -> str:
    """Say how many exercises are right, with a sign for none, some and all of them."""
    if not exercises:
        return "–"
    good = sum(mark in right for mark in exercises)
    sign = "○" if not good else "✓" if good == len(exercises) else "◐"
    return f"{sign} {good} of {len(exercises)}"


def _identity(cell: dict[str, Any]) -> str:
    return hashlib.sha256(f"start {cell['source']}".encode()).hexdigest()[:16]
