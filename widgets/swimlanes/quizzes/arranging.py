"""Lines to be put in order, as a widget: each line has a button to move it up, and one down."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from swimlanes.checks.verdict import Verdict
from swimlanes.quizzes.card import Card
from swimlanes.quizzes.kinds import Ordering
from swimlanes.quizzes.look import line_of_code
from swimlanes.quizzes.reading import QuizError
from swimlanes.shown import Shown

INSTRUCTION = "Move the lines with the arrows beside them."
UP, DOWN = -1, 1


class Arrangement(Card):
    """Lines with buttons that move them, and one that checks the order.

    Parameters
    ----------
    ordering : Ordering
        The lines and their task.
    """

    def __init__(self, ordering: Ordering) -> None:
        self._ordering = ordering
        self._lines = list(ordering.shuffled())
        self._rows = [_Row(place, self.move) for place in range(len(self._lines))]
        self._refresh()
        rows = widgets.VBox(self._rows)
        rows.add_class("swimlanes-lines")
        super().__init__(ordering.task, "", INSTRUCTION, [rows])

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
        return list(self._lines)

    @order.setter
    def order(self, lines: Sequence[str]) -> None:
        if not _same(lines, self._ordering.lines):
            raise QuizError(
                f"The order must hold each of the {len(self._ordering.lines)} lines once, "
                f"and this is {lines!r}."
            )
        self._lines = list(lines)
        self._refresh()
        self.forget()

    def judge(self) -> Verdict:
        """Return what is said to the present order."""
        return self._ordering.judge(self.order)

    def check(self) -> None:
        """Judge the order and say so."""
        self.say(self.judge())

    def move(self, place: int, by: int) -> None:
        """Move the line at a place, counted from 0, up (-1) or down (1); the focus goes with it."""
        there = place + by
        if not 0 <= there < len(self._lines):
            self.tell(f"This line is {'first' if by == UP else 'last'} already.")
            return
        self._lines.insert(there, self._lines.pop(place))
        self._refresh()
        self._rows[there].buttons[by].focus()
        self.tell(f"Now line {there + 1} of {len(self._lines)}: `{self._lines[there].strip()}`")

    def _refresh(self) -> None:
        for row, line in zip(self._rows, self._lines, strict=True):
            row.show(line)


class _Row(widgets.HBox):  # type: ignore[misc]
    """A place for a line, and the buttons that move what is there."""

    def __init__(self, place: int, move: Callable[[int, int], None]) -> None:
        self.buttons = {UP: widgets.Button(), DOWN: widgets.Button()}
        self._text = Shown()
        for by, button in self.buttons.items():
            button.add_class("swimlanes-up" if by == UP else "swimlanes-down")
            button.on_click(lambda _, by=by: move(place, by))
        super().__init__([*self.buttons.values(), self._text])

    def show(self, line: str) -> None:
        """Show a line, which gives the buttons their names."""
        self._text.value = line_of_code(line)
        self.buttons[UP].tooltip = f"Move up: {line.strip()}"
        self.buttons[DOWN].tooltip = f"Move down: {line.strip()}"


def _same(given: object, lines: Sequence[str]) -> bool:
    """Return whether these are the lines, in any order."""
    return (
        isinstance(given, list | tuple)
        and all(isinstance(line, str) for line in given)
        and sorted(given) == sorted(lines)
    )
