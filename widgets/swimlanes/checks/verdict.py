"""What a check says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from swimlanes.markup import NOTHING, Markup, join, markup

Kind = Literal["right", "open", "unrun", "type", "error", "idea"]
"""What was found, in the order in which a check looks for it: the answer is still open, cells above
have not been run, it is of the wrong type or shape, it raised an exception, its idea is wrong."""

MOST_LINES, MOST_CHARACTERS = 12, 1000


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and what to think about next.

    Attributes
    ----------
    ok : bool
        Whether the answer is right.
    message : str
        What is right, what is missing and a hint, in one or two sentences.
    kind : str
        What was found: ``right``, ``open``, ``unrun``, ``type``, ``error`` or ``idea``.
    printed : str
        What the answer printed while the check tried it.
    more : str
        How to get on from here, in one sentence.
    """

    ok: bool
    message: str
    kind: Kind = "idea"
    printed: str = ""
    more: str = ""

    @property
    def is_try(self) -> bool:
        """Whether there was an answer to judge."""
        return self.kind not in ("open", "unrun")

    @property
    def heading(self) -> str:
        """The verdict in two words, with a sign that needs no colour."""
        return "✓ Right." if self.ok else "○ Not yet."

    def __repr__(self) -> str:
        """Return the verdict as plain text."""
        said = f"{self.heading} {self.message}"
        printed = f"It printed:\n{shortened(self.printed)}" if self.printed.strip() else ""
        return "\n".join(part for part in (said, printed, self.more) if part)

    def _repr_html_(self) -> Markup:
        """Return the verdict for a notebook, in the colours of its theme."""
        colour = "#009E73" if self.ok else "#E69F00"
        # JupyterLab would set what stands between dollars as a formula.
        return markup(
            '<div role="status" class="mathjax_ignore" style="border-left: 4px solid {}; '
            'padding: 4px 10px; color: var(--jp-content-font-color1, inherit)">'
            "<strong>{}</strong> {}{}{}</div>",
            colour,
            self.heading,
            marked(self.message),
            code_below("It printed:", shortened(self.printed)),
            line_below(self.more),
        )


def marked(text: str) -> Markup:
    """Return text as HTML in which what stands between backticks is code."""
    pieces = re.split("`([^`]+)`", text)  # text and code by turns
    return join(
        markup("<code>{}</code>", piece) if place % 2 else markup("{}", piece)
        for place, piece in enumerate(pieces)
    )


def code_below(title: str, text: str) -> Markup:
    """Return lines below their title as HTML; nothing if there are none."""
    if not text:
        return NOTHING
    return markup(
        '<div style="margin-top: 4px">{}</div><pre style="margin: 2px 0; padding: 4px 8px; '
        'overflow-x: auto; background: var(--jp-layout-color2, #eee); color: inherit">{}</pre>',
        title,
        text,
    )


def line_below(text: str) -> Markup:
    """Return a sentence in a line of its own as HTML; nothing if there is none."""
    return markup('<div style="margin-top: 4px">{}</div>', marked(text)) if text else NOTHING


def shortened(printed: str) -> str:
    """Return the first lines of what was printed, and how many more there are."""
    lines = printed.strip("\n").splitlines()
    if lines and lines[0].startswith("[the first"):
        return "\n".join(["… and much more before this:", *lines[1:][-MOST_LINES:]])
    text = "\n".join(lines[:MOST_LINES])
    more = len(lines) - MOST_LINES
    if len(text) > MOST_CHARACTERS:
        text = f"{text[:MOST_CHARACTERS]} …"
    if more > 0:
        text += f"\n… and {more} more {'line' if more == 1 else 'lines'}"
    return text


def right(message: str) -> Verdict:
    """Return a verdict on a right answer."""
    return Verdict(True, message, "right")


def not_yet(message: str, kind: Kind = "idea") -> Verdict:
    """Return a verdict on an answer that is wrong or not there."""
    return Verdict(False, message, kind)


class Unanswered(Exception):
    """The answer cannot be judged; the sentence says why."""

    def __init__(self, sentence: str, kind: Kind = "type") -> None:
        super().__init__(sentence)
        self.kind = kind
