"""Lines to be put in order, as a widget: a list, and buttons that move the chosen line."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets

from swimlanes.checks.verdict import Verdict
from swimlanes.quizzes.card import Card, button
from swimlanes.quizzes.kinds import Ordering
from swimlanes.quizzes.reading import QuizError

INSTRUCTION = "Choose a line in the list, then move it."


class Arrangement(Card):
    """Lines, and buttons that move one up or down and that check the order.

    Parameters
    ----------
    ordering : Ordering
        The lines and their task.

    Attributes
    ----------
    move_up, move_down : Button
        Move the chosen line.
    """

    def __init__(self, ordering: Ordering) -> None:
        self._ordering = ordering
        shown = ordering.shuffled()
        self._list = widgets.Select(options=_labels(shown), index=0, rows=len(shown))
        self._list.description = "Lines, in their order"
        self.move_up, self.move_down = button("Move up"), button("Move down")
        self.move_up.on_click(lambda _: self._move(-1))
        self.move_down.on_click(lambda _: self._move(1))
        super().__init__(
            ordering.task, "", INSTRUCTION, [self._list], [self.move_up, self.move_down]
        )

    def __repr__(self) -> str:
        """Return the lines as plain text, for a place that shows no widgets."""
        return "\n  ".join((self._ordering.task, *self.order))

    @property
    def lesson(self) -> str:
        """The number of the lesson, such as ``"04"``."""
        return self._ordering.lesson

    @property
    def order(self) -> list[str]:
        """The lines in their present order."""
        return [label for label, _ in self._list.options]

    @order.setter
    def order(self, lines: Sequence[str]) -> None:
        if not _same(lines, self._ordering.lines):
            raise QuizError(
                f"The order must hold each of the {len(self._ordering.lines)} lines once, "
                f"and this is {lines!r}."
            )
        self._show(lines, 0)

    def judge(self) -> Verdict:
        """Return what is said to the present order."""
        return self._ordering.judge(self.order)

    def check(self) -> None:
        """Judge the order and say so."""
        self.say(self.judge())

    def _move(self, by: int) -> None:
        """Move the chosen line up (-1) or down (1); it stays chosen."""
        here, lines = self._list.index, self.order
        there = here + by
        if not 0 <= there < len(lines):
            self.tell(f"The line is {'first' if by < 0 else 'last'} already.")
            return
        lines[here], lines[there] = lines[there], lines[here]
        self._show(lines, there)
        self.tell(f"Now line {there + 1} of {len(lines)}: `{lines[there].strip()}`")

    def _show(self, lines: Sequence[str], chosen: int) -> None:
        self.forget()
        with self._list.hold_sync():
            self._list.options = _labels(lines)
            self._list.index = chosen


def _same(given: object, lines: Sequence[str]) -> bool:
    """Return whether these are the lines, in any order."""
    return (
        isinstance(given, list | tuple)
        and all(isinstance(line, str) for line in given)
        and sorted(given) == sorted(lines)
    )


def _labels(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Return the lines as options that differ even where two lines are equal."""
    return [(line, number) for number, line in enumerate(lines)]
