"""Sentences in their frames, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from swimlanes.drawing.look import BLUE, VERMILLION
from swimlanes.panel.state import State


def status(sentence: str) -> str:
    """Return what goes on, in a line that is there even when it is empty."""
    return f'<div role="status" class="swimlanes-status">{escape(sentence)}</div>'


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


def fold(title: str, text: str) -> str:
    """Return a longer text, folded."""
    return (
        f"<details><summary>{escape(title)}</summary>"
        f'<pre class="swimlanes-text">{escape(text)}</pre></details>'
    )


def _bar(role: str, colour: str, content: str) -> str:
    return f'<div role="{role}" class="swimlanes-bar" style="border-color:{colour}">{content}</div>'
