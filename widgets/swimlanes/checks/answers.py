"""Reading and judging answers that may be anything at all."""

from __future__ import annotations

import contextlib
import math
import reprlib
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from numbers import Real
from typing import Any, NamedTuple, Protocol, runtime_checkable

from swimlanes import course
from swimlanes.checks.verdict import Unanswered, Verdict, never_raising, not_yet, right
from swimlanes.errors import RunCancelled, SwimlanesError
from swimlanes.measure import launch
from swimlanes.records import Run

LIMIT_S = 5.0
"""How long a participant's function may take, seconds; far more than any right answer needs."""
ENDLESS = "Look for a loop whose condition never becomes false."

_MOST_LISTED = 4
_SHORT = reprlib.Repr()
_SHORT.maxother = _SHORT.maxstring = 60


def call(
    function: object,
    cases: Sequence[tuple[Any, ...]],
    trial: Callable[..., Any] | None = None,
    endless: str = ENDLESS,
) -> tuple[Any, ...]:
    """Return what a participant's function returns for each case, in a process of its own.

    A `trial` is called with the function and what the case holds, and may tell more of the call.
    If the answer is no function, raises, or does not end, this raises Unanswered; `endless` is a
    hint for the last of these.
    """
    if not callable(function):
        raise Unanswered(f"The answer should be a function, and this is {shown(function)}.")
    try:
        running = launch(partial(_try, trial, function), cases, mode="serial")
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


def _try(
    trial: Callable[..., Any] | None, function: Callable[..., Any], case: tuple[Any, ...]
) -> Any:  # noqa: ANN401 - an answer is anything
    return function(*case) if trial is None else trial(function, *case)


def a_run(answer: object) -> Run:
    """Return the answer if it is a run, raise Unanswered if not."""
    if not isinstance(answer, Run):
        raise Unanswered(
            f"The answer should be what `run(...)` returns, and this is {shown(answer)}."
        )
    return answer


def number(value: object) -> float | None:
    """Return a number as float, None for anything else."""
    if isinstance(value, Real) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):
            return float(value)
    return None


def numbers(function: object, cases: Sequence[tuple[Any, ...]]) -> list[float]:
    """Return the numbers that a function returns for each case, raise Unanswered without."""
    found = [number(value) for value in call(function, cases)]
    if None in found:
        raise Unanswered("Your function returned no number. Does it end with `return`?")
    return [value for value in found if value is not None]


def close(values: Sequence[float], wanted: Sequence[float], abs_tol: float = 0.0) -> bool:
    """Return whether all numbers are what is wanted."""
    pairs = zip(values, wanted, strict=True)
    return all(math.isclose(value, want, abs_tol=abs_tol) for value, want in pairs)


def gaps(answers: object, keys: Sequence[str]) -> Mapping[str, object]:
    """Return a filled dictionary, raise Unanswered if it is none or a gap still holds ``...``."""
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


class Wanted(NamedTuple):
    """The right answer for one item, and the hint if it is wrong.

    An answer is a word, whose case does not matter, a number, to within 1 %, or a truth value.
    """

    answer: str | float
    hint: str


def classify(answers: object, wanted: Mapping[str, Wanted], praise: str) -> Verdict:
    """Judge a dictionary with an answer for every item of `wanted`."""
    given = gaps(answers, list(wanted))
    wrong = [item for item, (answer, _) in wanted.items() if not _same(given[item], answer)]
    if not wrong:
        return right(praise)
    good, first = len(wanted) - len(wrong), wrong[0]
    return not_yet(
        f"{good} of {len(wanted)} are right. Think again of “{first}”: {wanted[first].hint}"
    )


def _same(given: object, answer: str | float) -> bool:
    if isinstance(answer, bool):
        return given is answer
    if isinstance(answer, str):
        return isinstance(given, str) and given.strip().lower() == answer
    value = number(given)
    return value is not None and math.isclose(value, answer, rel_tol=0.01)


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
