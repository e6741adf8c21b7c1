"""The check of lines that were put in order with ``quizzes.arrange``."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from swimlanes.checks.answers import shown
from swimlanes.checks.verdict import Verdict, not_yet


@runtime_checkable
class Arranged(Protocol):
    """Lines with an order that can be judged; the widget lives further down."""

    def judge(self) -> Verdict:
        """Return what is said to the present order."""


def arranged(lines: object) -> Verdict:
    """Check the order of lines shown by ``quizzes.arrange``."""
    if not isinstance(lines, Arranged):
        return not_yet(f"Give what `quizzes.arrange(...)` returned; this is {shown(lines)}.")
    return lines.judge()
