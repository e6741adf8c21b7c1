"""Reading answers that may be anything at all."""

from __future__ import annotations

import contextlib
import reprlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from swimlanes.checks.verdict import Verdict, not_yet
from swimlanes.errors import RunCancelled, SwimlanesError
from swimlanes.measure import launch

LIMIT_S = 5.0
"""How long a participant's function may take, seconds; far more than any right answer needs."""
ENDLESS = "Look for a loop whose condition never becomes false."

_MOST_LISTED = 4
_SHORT = reprlib.Repr()
_SHORT.maxother = _SHORT.maxstring = 60


class Unanswered(Exception):
    """The answer cannot be judged; the sentence says why."""

    @property
    def verdict(self) -> Verdict:
        """The sentence as a verdict."""
        return not_yet(str(self))


@dataclass(frozen=True)
class _Spread:
    """A function of one tuple that calls `function` with the tuple's items."""

    function: Callable[..., Any]

    def __call__(self, arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401 - an answer is anything
        return self.function(*arguments)


def call(
    function: object, cases: Sequence[tuple[Any, ...]], *, endless: str = ENDLESS
) -> tuple[Any, ...]:
    """Call a participant's function in a process of its own, once per case.

    Parameters
    ----------
    function : object
        The answer; hopefully a function.
    cases : sequence of tuple
        Arguments of each call.
    endless : str
        A hint for a function that does not end.

    Returns
    -------
    tuple
        What the calls returned, in the order of `cases`.

    Raises
    ------
    Unanswered
        If `function` is no function, raises, or does not end.
    """
    try:
        running = launch(_Spread(a_function(function)), cases, mode="serial")
        limit = threading.Timer(LIMIT_S, running.cancel)
        limit.start()
        try:
            return running.result().results
        finally:
            limit.cancel()
    except RunCancelled:
        raise Unanswered(
            f"Your function had not ended after {LIMIT_S:g} s and was stopped. {endless}"
        ) from None
    except SwimlanesError as error:
        raise Unanswered(f"Your function could not be tried. {error}") from None


def a_function(answer: object) -> Callable[..., Any]:
    """Return the answer if it is a function, raise Unanswered if not."""
    if not callable(answer):
        raise Unanswered(f"The answer should be a function, and this is {shown(answer)}.")
    return answer


def number(value: object) -> float | None:
    """Return a number as float, None for anything else."""
    if isinstance(value, Real) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):
            return float(value)
    return None


def gaps(answers: object, keys: Sequence[str]) -> Mapping[str, object]:
    """Return a filled dictionary.

    Raises
    ------
    Unanswered
        If it is no dictionary, if a key is missing, or if a gap still holds ``...``.
    """
    if not isinstance(answers, dict):
        raise Unanswered(f"The answer should be a dictionary, and this is {shown(answers)}.")
    empty = [key for key in keys if answers.get(key, ...) is ...]
    if empty:
        are = "is" if len(empty) == 1 else "are"
        raise Unanswered(
            f"Still open {are} {_listed(empty)}: write your answer where `...` stands."
        )
    return answers


def shown(value: object) -> str:
    """Return how an answer looks, shortened."""
    if value is ...:
        return "still `...`"
    try:
        return _SHORT.repr(value)
    except Exception:  # a participant's class may do anything, and a number may be too long
        return f"of the type {type(value).__name__}"


def _listed(names: Sequence[str]) -> str:
    """Return the names as a sentence has them; of many, the first ones."""
    quoted = [f"“{name}”" for name in names]
    if len(names) > _MOST_LISTED:
        quoted[_MOST_LISTED - 1 :] = [f"{len(names) - _MOST_LISTED + 1} more"]
    *first, last = quoted
    return f"{', '.join(first)} and {last}" if first else last
