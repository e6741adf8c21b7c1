"""What all parts of the start page need."""

from __future__ import annotations

import ipywidgets as widgets

from swimlanes.checks.verdict import marked
from swimlanes.markup import Markup, markup


def said(sentence: str) -> Markup:
    """Return a sentence that a screen reader reads out; what stands between backticks is code."""
    return markup('<div role="status">{}</div>', marked(sentence))


def show(part: widgets.Widget, shown: bool) -> None:
    """Let a part be seen, or not."""
    part.layout.display = "" if shown else "none"
