"""Reading and judging answers that may be anything at all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from swimlanes import course
from swimlanes.checks import ways_out
from swimlanes.checks.diagnosis import never_raising
from swimlanes.checks.trying import Mistakes, call, returned
from swimlanes.checks.values import hint_on, number, pictured, truth, word
from swimlanes.checks.verdict import Unanswered, Verdict, not_yet, right
from swimlanes.course.lessons import mark_of
from swimlanes.records import Run
from swimlanes.wording import listing

_MOST_LISTED = 4


def a_run(answer: object) -> Run:
    """Return the answer if it is a run, raise Unanswered if not."""
    if isinstance(answer, Run):
        return answer
    if answer is ...:
        raise Unanswered("Still open: write your `run(...)` where `...` stands.", "open")
    said = f"The answer should be what `run(...)` returns, and this is {pictured(answer)}."
    raise Unanswered(f"{said} {hint_on(answer, 'a run')}".strip())


def numbers(
    function: object, cases: Sequence[tuple[Any, ...]], takes: str, mistakes: Mistakes = ()
) -> list[float]:
    """Return the numbers that a function returns for each case, raise Unanswered without."""
    return [
        a_number(value, function) for value in call(function, cases, takes=takes, mistakes=mistakes)
    ]


def a_number(value: object, function: object) -> float:
    """Return the number that a function has returned, raise Unanswered if it is none."""
    found = number(value)
    if found is None:
        raise returned(value, "a number", function)
    return found


def close(values: Sequence[float], wanted: Sequence[float], abs_tol: float = 0.0) -> bool:
    """Return whether all numbers are what is wanted."""
    pairs = zip(values, wanted, strict=True)
    return all(math.isclose(value, want, abs_tol=abs_tol) for value, want in pairs)


def gaps(answers: object, keys: Sequence[str]) -> Mapping[str, object]:
    """Return a filled dictionary; raise Unanswered if it is none, or an entry is open or gone."""
    if not isinstance(answers, dict):
        raise Unanswered(
            f"The answer should be a dictionary, as it was given; this is {pictured(answers)}.",
            "open" if answers is ... else "type",
        )
    gone = [key for key in keys if key not in answers]
    if gone:
        raise Unanswered(
            f"{_are(gone)} not in your dictionary. Keep what stands before the colons as it was "
            "given, and write your answers behind them."
        )
    empty = [key for key in keys if answers[key] is ...]
    if empty:
        are = "is" if len(empty) == 1 else "are"
        raise Unanswered(
            f"Still open {are} {_named(empty)}: write your answer where `...` stands.", "open"
        )
    return answers


def _are(names: Sequence[str]) -> str:
    return f"{_named(names)} {'is' if len(names) == 1 else 'are'}"


def _named(names: Sequence[str]) -> str:
    """Return the names as a sentence has them; of many, the first ones."""
    quoted = [f"“{name}”" for name in names]
    if len(names) > _MOST_LISTED:
        quoted[_MOST_LISTED - 1 :] = [f"{len(names) - _MOST_LISTED + 1} more"]
    return listing(quoted, "and")


class Wanted(NamedTuple):
    """The right answer for one item, and the hint if it is wrong.

    An answer is a word, whose case, spaces and hyphens do not matter, a number, to within 1 %, or a
    truth value.
    """

    answer: str | float
    hint: str


def classify(answers: object, wanted: Mapping[str, Wanted], praise: str) -> Verdict:
    """Judge a dictionary with an answer for every item of `wanted`."""
    given = gaps(answers, list(wanted))
    words = sorted({answer for answer, _ in wanted.values() if isinstance(answer, str)})
    for item, (answer, _) in wanted.items():
        _check_type(item, given[item], answer, words)
    wrong = [item for item, (answer, _) in wanted.items() if not _same(given[item], answer)]
    return verdict_on(wrong, {item: hint for item, (_, hint) in wanted.items()}, praise)


def verdict_on(wrong: Sequence[str], hints: Mapping[str, str], praise: str) -> Verdict:
    """Return the verdict when the answers to some items are wrong, with the first one's hint."""
    if not wrong:
        return right(praise)
    good, first = len(hints) - len(wrong), wrong[0]
    are = "is" if good == 1 else "are"
    return not_yet(
        f"{good} of {len(hints)} {are} right. Think again about “{first}”: {hints[first]}"
    )


def _check_type(item: str, given: object, answer: str | float, words: Sequence[str]) -> None:
    """Refuse an answer to an item that can be neither right nor wrong."""
    if isinstance(answer, str):
        if (name := getattr(given, "__name__", None)) in words:
            raise Unanswered(f"For “{item}” you wrote `{name}` without quotes: write `{name!r}`.")
        if word(given) not in map(word, words):
            choice = listing(f"`{name!r}`" for name in words)
            raise Unanswered(
                f"For “{item}” you wrote {pictured(given)}. Choose one of the words: {choice}, in "
                "quotes."
            )
    elif (truth if isinstance(answer, bool) else number)(given) is None:
        kind = "a truth value" if isinstance(answer, bool) else "a number"
        how = hint_on(given, kind) or (
            "Write `True` or `False`." if isinstance(answer, bool) else "Write a number."
        )
        raise Unanswered(f"For “{item}” you wrote {pictured(given)}, not {kind}. {how}")


def _same(given: object, answer: str | float) -> bool:
    if isinstance(answer, bool):
        return truth(given) is answer
    if isinstance(answer, str):
        return word(given) == word(answer)
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


_ARRANGING = (
    "Read each line: which names does it use? The line that makes such a name stands above it.",
    "A line that ends with a colon opens a block, and the lines of the block are indented below "
    "it. So the indentation tells which lines belong together.",
)


@never_raising
def arranged(lines: object) -> Verdict:
    """Check the order of lines shown by ``quizzes.arrange``."""
    if not isinstance(lines, Arranged):
        raise Unanswered(f"Give what `quizzes.arrange(...)` returned; this is {pictured(lines)}.")
    verdict = lines.judge()
    if verdict.is_try:
        course.record(arranged.__name__, lines.lesson, right=verdict.ok)
    mark = mark_of(arranged.__name__, lines.lesson)
    return ways_out.offered(verdict, mark, _ARRANGING)
