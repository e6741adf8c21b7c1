"""Checks of the lesson *Serial Python and map*."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any

from swimlanes.checks.answers import Wanted, call, classify, number, shown
from swimlanes.checks.verdict import Unanswered, Verdict, not_yet, right, self_check

NUMBERS = [[1, 2, 3, 6], [-4, 2]]
FIRST, SECOND = [1, 2], [5, 6, 7]
PROBLEMS = {
    "make 5000 photographs smaller": Wanted("independent", "does one need anything from another?"),
    "the mean of a billion numbers": Wanted(
        "combine", "sums of parts can be made apart from each other, and then?"
    ),
    "the orbit of a comet, second by second": Wanted(
        "chain", "where it goes next depends on where it is now."
    ),
    "the same simulation with 200 seeds": Wanted(
        "independent", "each has a seed of its own, and you want all results."
    ),
    "how often each word occurs in 1000 books": Wanted(
        "combine", "each book can be counted apart, but you want one table."
    ),
    "Newton's method: each guess from the last one": Wanted("chain", "what does a guess need?"),
}


@self_check
def mean_and_largest(function: object) -> Verdict:
    """Check a function that goes through squares twice."""
    try:
        answers = call(function, [(numbers,) for numbers in NUMBERS])
    except Unanswered as error:
        if "ValueError" not in str(error):
            raise
        return not_yet(
            "`max` found nothing left: `sum` had used up the iterator. Which one line makes "
            "something that can be gone through twice?"
        )
    for numbers, answer in zip(NUMBERS, answers, strict=True):
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            return not_yet(f"Your function should return two numbers, not {shown(answer)}.")
        squares = [value**2 for value in numbers]
        mean, largest = map(number, answer)
        if mean is None or not math.isclose(mean, sum(squares) / len(squares)):
            return not_yet(
                f"The mean of the squares of {numbers} is {sum(squares) / len(squares):g}, and "
                f"your function says {shown(answer[0])}."
            )
        if largest != max(squares):
            return not_yet(
                f"The largest of the squares of {numbers} is {max(squares)}, and your function "
                f"says {shown(answer[1])}."
            )
    return right("A list can be gone through as often as you like.")


@self_check
def sweep(function: object) -> Verdict:
    """Check a function that returns an iterator over a model's results for all pairs."""
    ((kind, early, pairs, values),) = call(function, [()], _swept)
    wanted = [_model(*pair) for pair in product(FIRST, SECOND)]
    if kind == "ellipsis":
        return not_yet("Nothing is returned yet: write your answer where `...` stands.")
    if early:
        return not_yet(
            f"Your function made {early} of {len(wanted)} results before anybody asked. `map` "
            "and `starmap` wait until they are asked; a list does not."
        )
    if values is None:
        return not_yet(
            f"Your function should return an iterator, and it returned a value of the type "
            f"{kind}. `starmap` returns one."
        )
    if sorted(values) != sorted(wanted):
        return not_yet(
            f"For a in {FIRST} and b in {SECOND} there are {len(wanted)} pairs. Your iterator "
            f"called the model with {shown(pairs)}."
        )
    if values != wanted:
        return not_yet(
            f"All pairs are there, in another order than the loops have: the first two are "
            f"{pairs[0]} and {pairs[1]}. Which list belongs to the outer loop?"
        )
    return right(f"{len(wanted)} pairs, in order, and none was computed before it was asked for.")


@self_check
def problems(answers: object) -> Verdict:
    """Check which problems have independent parts, which combine them, which are chains."""
    praise = "What needs nothing from the others can go to a pool; so can most of “combine”."
    return classify(answers, PROBLEMS, praise)


def _model(a: int, b: int) -> int:
    return 10 * a + b


def _swept(
    function: Callable[..., Any],
) -> tuple[str, int, list[tuple[int, int]], list[Any] | None]:
    """Call the function with a model that notes when it is called.

    Return the kind of what came back, how often the model was called before the first result was
    asked for, the pairs it was called with, and the values, or None where there is no iterator.
    """
    pairs: list[tuple[int, int]] = []

    def model(a: int, b: int) -> int:
        pairs.append((a, b))
        return _model(a, b)

    result = function(model, FIRST, SECOND)
    early = len(pairs)
    values = list(islice(result, 99)) if isinstance(result, Iterator) else None
    return type(result).__name__, early, pairs, values
