"""What a check says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from swimlanes.markup import Markup, join, markup


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and what to think about next.

    Attributes
    ----------
    ok : bool
        Whether the answer is right.
    message : str
        What is right, what is missing and a hint, in one or two sentences.
    """

    ok: bool
    message: str

    @property
    def heading(self) -> str:
        """The verdict in two words, with a sign that needs no colour."""
        return "✓ Right." if self.ok else "○ Not yet."

    def __repr__(self) -> str:
        """Return the verdict as plain text."""
        return f"{self.heading} {self.message}"

    def _repr_html_(self) -> Markup:
        """Return the verdict for a notebook, in the colours of its theme."""
        colour = "#009E73" if self.ok else "#E69F00"
        # JupyterLab would set what stands between dollars as a formula.
        return markup(
            '<div role="status" class="mathjax_ignore" style="border-left: 4px solid {}; '
            'padding: 4px 10px; color: var(--jp-content-font-color1, inherit)">'
            "<strong>{}</strong> {}</div>",
            colour,
            self.heading,
            marked(self.message),
        )


def marked(text: str) -> Markup:
    """Return text as HTML in which what stands between backticks is code."""
    pieces = re.split("`([^`]+)`", text)  # text and code by turns
    return join(
        markup("<code>{}</code>", piece) if place % 2 else markup("{}", piece)
        for place, piece in enumerate(pieces)
    )


def right(message: str) -> Verdict:
    """Return a verdict on a right answer."""
    return Verdict(True, message)


def not_yet(message: str) -> Verdict:
    """Return a verdict on an answer that is wrong or not there."""
    return Verdict(False, message)
