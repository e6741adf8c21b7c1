"""What a check says, whatever it is given: it never raises, and a right answer is remembered."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

from swimlanes import course
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


class Unanswered(Exception):
    """The answer cannot be judged; the sentence says why."""


Check = Callable[..., Verdict]


def self_check(check: Check) -> Check:
    """Make a check safe from any answer, and note in the course when the answer is right.

    The check may raise `Unanswered`, whose sentence becomes the verdict.
    """
    judge = never_raising(check)

    @functools.wraps(check)
    def noting(*answer: object) -> Verdict:
        verdict = judge(*answer)
        if verdict.ok:
            course.record(check.__name__)
        return verdict

    return noting


def never_raising(check: Check) -> Check:
    """Make a check say what it raises, because an answer's own methods may do anything."""
    wanted = list(inspect.signature(check).parameters)

    @functools.wraps(check)
    def judge(*answer: object) -> Verdict:
        if len(answer) != len(wanted):
            call = f"checks.{check.__name__}({', '.join(wanted)})"
            return not_yet(f"Give this check your answer, and nothing else: `{call}`.")
        try:
            return check(*answer)
        except Unanswered as error:
            return not_yet(str(error))
        except (Exception, SystemExit) as error:
            return not_yet(
                f"This answer could not be judged: reading it ended in {type(error).__name__}. "
                "Give what the exercise asks for, and nothing else."
            )

    return judge
