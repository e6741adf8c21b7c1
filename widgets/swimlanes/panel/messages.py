"""Sentences in their frames, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swimlanes.drawing.look import BLUE, VERMILLION
from swimlanes.markup import NOTHING, Markup, join, markup, short
from swimlanes.panel.state import State
from swimlanes.records import LeftOut

LONGEST_TEXT = 200_000
"""Of a longer text than this a browser would be busy for long."""


def status(sentence: str) -> Markup:
    """Return what goes on, in a line that is there even when it is empty."""
    return markup('<div role="status" class="swimlanes-status">{}</div>', sentence)


def cell_runs() -> Markup:
    """Return what a page shows by itself while a cell of its notebook runs (see `style`).

    The kernel cannot say it: the press of a button reaches it after the cell, or at once, on a
    subshell, as JupyterLab and ipykernel see fit. So the sentence leaves it open.
    """
    return markup(
        '<div class="swimlanes-cell-runs">A cell of this notebook is still running. What you press '
        "here may wait for its end. A run beside it shares the cores with it.</div>"
    )


def remark(sentence: str) -> Markup:
    """Return a word about a value, for the line below its field."""
    return markup('<div role="status" class="swimlanes-remark">{}</div>', sentence)


def hint(sentence: str) -> Markup:
    """Return what is good to know and changes often: it is not read out each time."""
    return markup('<div class="swimlanes-remark swimlanes-hint">{}</div>', sentence)


def failure(state: State) -> Markup:
    """Return what went wrong, with the detail folded."""
    detail = fold("Detail", state.detail) if state.detail else NOTHING
    sentence = markup("<b>That did not work.</b> {}", state.sentence)
    return _bar("alert", VERMILLION, sentence + detail)


def alert(sentence: str) -> Markup:
    """Return a failure in a single sentence."""
    return _bar("alert", VERMILLION, sentence)


def meaning(sentences: Sequence[str]) -> Markup:
    """Return what a result means, the first sentence in front."""
    if not sentences:
        return NOTHING
    lines = join(markup("<div>{}</div>", sentence) for sentence in sentences)
    return _bar("status", BLUE, lines)


def left_out(entries: Iterable[LeftOut]) -> Markup:
    """Return the ways that did not work, each with its reason."""
    lines = join(
        markup(
            "<div><b>{}</b> is left out: {}</div>", short(entry.way), short(entry.reason, most=1000)
        )
        for entry in entries
    )
    return markup('<div class="swimlanes-left-out">{}</div>', lines) if lines else NOTHING


def fold(title: str, text: str) -> Markup:
    """Return a longer text, folded; of a very long one the end."""
    return markup(
        '<details><summary>{}</summary><pre class="swimlanes-text">{}</pre></details>',
        title,
        text[-LONGEST_TEXT:],
    )


def _bar(role: str, colour: str, content: str) -> Markup:
    return markup(
        '<div role="{}" class="swimlanes-bar" style="border-color:{}">{}</div>',
        role,
        colour,
        content,
    )
