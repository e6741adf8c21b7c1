"""Marks beside a value that travels: they note when it is pickled, and when it is unpickled.

A pool pickles and unpickles deep inside. A mark before and a mark behind the value are pickled and
unpickled with it, in this order, and each writes the moment into the task's slot on the sheet. So
the clocks stand where the work is done, and nothing is copied or done twice.
"""

from __future__ import annotations

from time import monotonic_ns
from typing import Any, NamedTuple

from swimlanes import sheet

_words: memoryview | None = None
"""The sheet of the run in which this process takes part."""


def write_to(words: memoryview) -> None:
    """Have all marks of this process write to a sheet; `words` are those of `sheet.map_words`."""
    global _words
    _words = words


class Marked(NamedTuple):
    """A value between its marks; what has travelled has none any more."""

    before: _Mark | None
    value: Any
    behind: _Mark | None

    def __repr__(self) -> str:
        """Look like the value, in messages that a pool makes."""
        return repr(self.value)


def mark_input(task: int, value: object) -> Marked:
    """Return the input of a task with its marks."""
    return _mark(task, sheet.INPUT_TRIP, value)


def mark_result(task: int, value: object) -> Marked:
    """Return the result of a task with its marks."""
    return _mark(task, sheet.RESULT_TRIP, value)


def _mark(task: int, trip: int, value: object) -> Marked:
    start = sheet.slot_at(task) + trip
    return Marked(_Mark(start), value, _Mark(start + 1))


class _Mark:
    """Notes when it is pickled in a word of the sheet, and when it is unpickled two words on."""

    __slots__ = ("_word",)

    def __init__(self, word: int) -> None:
        self._word = word

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        _note(self._word)
        return _note, (self._word + 2,)


def _note(word: int) -> None:
    if _words is not None:
        _words[word] = monotonic_ns()
