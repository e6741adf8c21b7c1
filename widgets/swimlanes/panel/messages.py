"""Sentences in their frames, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from swimlanes.drawing.look import BLUE, VERMILLION
from swimlanes.panel.state import State
from swimlanes.records import LeftOut


def status(sentence: str) -> str:
    """Return what goes on, in a line that is there even when it is empty."""
    return f'<div role="status" class="swimlanes-status">{escape(sentence)}</div>'


def remark(sentence: str) -> str:
    """Return a word about a value, for the line below its field."""
    return f'<div role="status" class="swimlanes-remark">{escape(sentence)}</div>'


def failure(state: State) -> str:
    """Return what went wrong, with the detail folded."""
    detail = fold("Detail", state.detail) if state.detail else ""
    sentence = f"<b>That did not work.</b> {escape(state.sentence)}"
    return _bar("alert", VERMILLION, sentence + detail)


def alert(sentence: str) -> str:
    """Return a failure in a single sentence."""
    return _bar("alert", VERMILLION, escape(sentence))


def meaning(sentences: Sequence[str]) -> str:
    """Return what a result means, the first sentence in front."""
    if not sentences:
        return ""
    lines = "".join(f"<div>{escape(sentence)}</div>" for sentence in sentences)
    return _bar("status", BLUE, lines)


def left_out(entries: Iterable[LeftOut]) -> str:
    """Return the ways that did not work, each with its reason."""
    lines = "".join(
        f"<div><b>{escape(entry.way)}</b> is left out: {escape(entry.reason)}</div>"
        for entry in entries
    )
    return f'<div class="swimlanes-left-out">{lines}</div>' if lines else ""


def fold(title: str, text: str) -> str:
    """Return a longer text, folded."""
    return (
        f"<details><summary>{escape(title)}</summary>"
        f'<pre class="swimlanes-text">{escape(text)}</pre></details>'
    )


def _bar(role: str, colour: str, content: str) -> str:
    return f'<div role="{role}" class="swimlanes-bar" style="border-color:{colour}">{content}</div>'
