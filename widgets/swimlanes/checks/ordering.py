"""The check of lines that were put in order with ``quizzes.arrange``."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from swimlanes import course
from swimlanes.checks.answers import shown
from swimlanes.checks.verdict import Unanswered, Verdict, never_raising


@runtime_checkable
class Arranged(Protocol):
    """Lines with an order that can be judged; the widget lives in a room further down."""

    @property
    def lesson(self) -> str:
        """The number of the lesson they belong to."""

    def judge(self) -> Verdict:
        """Return what is said to the present order."""


@never_raising
def arranged(lines: object) -> Verdict:
    """Check the order of lines shown by ``quizzes.arrange``."""
    if not isinstance(lines, Arranged):
        raise Unanswered(f"Give what `quizzes.arrange(...)` returned; this is {shown(lines)}.")
    verdict = lines.judge()
    if verdict.ok:
        course.record(arranged.__name__, lines.lesson)
    return verdict
