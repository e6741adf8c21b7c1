"""Checks of the lesson *Serial Python and map*."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from swimlanes.checks.answers import Wanted, classify
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import Function, call, returned
from swimlanes.checks.values import number, pictured, sequence, shown, travelling
from swimlanes.checks.verdict import Verdict, not_yet, right

NUMBERS = [[1, 2, 3, 6], [-4, 2]]
FIRST, SECOND = [1, 2], [5, 6, 7]
PROBLEMS = {
    "make 5000 photographs smaller": Wanted("independent", "does one need anything from another?"),
    "the mean of a billion numbers": Wanted(
        "combine", "parts of the sum can be computed independently. And then?"
    ),
    "the orbit of a comet, second by second": Wanted(
        "chain", "where it goes next depends on where it is now."
    ),
    "the same simulation with 200 seeds": Wanted(
        "independent", "each has a seed of its own, and you want all results."
    ),
    "how often each word occurs in 1000 books": Wanted(
        "combine", "each book can be counted by itself, but you want one table."
    ),
    "Newton's method: each guess from the last one": Wanted("chain", "what does a guess need?"),
}
_USED_UP = (
    "`max` found nothing left: an iterator can be gone through only once, and that was done "
    "before. Which one line makes something that can be gone through twice?"
)
_EMPTY_MAX = (r"^ValueError.*(empty|iterable argument)", _USED_UP)
_NO_LENGTH = (
    r"object of type '(map|generator)' has no len",
    "An iterator has no length. A list has one.",
)
_ONE_PAIR = (
    r"model\(\) missing 1 required positional argument",
    "`model` got the pair as one value. `map` hands over each pair as it is; `starmap` makes two "
    "arguments of it.",
)
_BOTH = (
    r"model\(\) takes 2 positional arguments but",
    "`starmap` takes the pairs apart: give it the pairs of `product`, and `model` itself.",
)
_ALONE = (
    r"(starmap|map\(\)) (expected|must have)",
    "It takes two things: `model` itself, without calling it, and what to go through.",
)
_MODEL_AS_LIST = (
    r"'function' object is not iterable",
    "`product` takes the two lists alone. `model` goes to `map` or `starmap`.",
)
_NOTHING_TO_GO_THROUGH = (
    r"object is not iterable",
    "Hand over `model` itself, and after it what to go through.",
)


@self_check(
    "An iterator can be gone through once. Which line goes through `squares` first, and "
    "which one second?",
    "Put `list(...)` around the `map(...)`. A list can be gone through as often as you like.",
)
def mean_and_largest(function: object) -> Verdict:
    """Check a function that goes through squares twice."""
    cases = [(numbers,) for numbers in NUMBERS]
    answers = call(function, cases, takes="numbers", mistakes=(_EMPTY_MAX, _NO_LENGTH))
    for numbers, answer in zip(NUMBERS, answers, strict=True):
        items = sequence(answer)
        if items is None or len(items) != 2:
            raise returned(answer, "two numbers", function)
        mean, largest = map(number, items)
        squares = [value**2 for value in numbers]
        if (mean, largest) == (max(squares), sum(squares) / len(squares)):
            return not_yet("The two values are right but swapped: return the mean first.")
        for what, found, item, wanted in (
            ("mean", mean, items[0], sum(squares) / len(squares)),
            ("largest", largest, items[1], max(squares)),
        ):
            if found is None or not math.isclose(found, wanted):
                return not_yet(
                    f"For the numbers {numbers}, the {what} of the squares is {wanted:g}. Your "
                    f"function returned {_in_place(item)} as the {what}.",
                    "type" if found is None else "idea",
                )
    return right("Both are right: nothing was used up by the first of the two.")


@self_check(
    "`product(first, second)` goes through all pairs, in the order of two loops. `map` or "
    "`starmap` "
    "calls a function for each of them, when it is asked. Which of the two takes a pair apart?",
    "`starmap(f, pairs)` returns an iterator over `f(a, b)` for each pair. Here `f` is `model`, "
    "and "
    "the pairs come from `product`.",
)
def sweep(function: object) -> Verdict:
    """Check a function that returns an iterator over a model's results for all pairs."""
    mistakes = (_ONE_PAIR, _BOTH, _ALONE, _MODEL_AS_LIST, _NOTHING_TO_GO_THROUGH)
    ((value, early, pairs, values),) = call(
        function, [()], _swept, takes="model, first, second", mistakes=mistakes
    )
    wanted = [_result(*pair) for pair in product(FIRST, SECOND)]
    if value is ... or value is None or (values is None and sequence(value) is None):
        raise returned(value, "an iterator", function)
    if early:
        return not_yet(
            f"Your function made {early} of {len(wanted)} results before anybody asked. `map` and "
            "`starmap` wait until they are asked; a list does not."
        )
    if values is None:
        raise returned(value, "an iterator", function)
    if not pairs:
        return not_yet("Your iterator does not call `model`: its values are not the results of it.")
    if Counter(pairs) != Counter(product(FIRST, SECOND)):
        return not_yet(
            f"For each a in {FIRST} and each b in {SECOND} there are {len(wanted)} pairs. Your "
            f"iterator called `model` with {shown(pairs)}."
        )
    if pairs != list(product(FIRST, SECOND)):
        return not_yet(
            "All pairs are there, in another order than the loops have: the first two are "
            f"{pairs[0]} and {pairs[1]}. Which list belongs to the outer loop?"
        )
    if values != wanted:
        return not_yet(
            "`model` is called with the right pairs, but your iterator returns something else "
            f"than its results: it begins with {shown(values[:1])}."
        )
    return right(
        f"{len(wanted)} pairs, in order, and `model` was not called before somebody asked."
    )


@self_check(
    "Ask of each problem: could a hundred people do the parts at the same time, without talking to "
    "each other? Then it is no chain.",
    "If they could: do you want all the results as they are (independent), or one result made of "
    "all of them (combine)?",
)
def problems(answers: object) -> Verdict:
    """Check which problems have independent parts, which combine them, which are chains."""
    praise = "What needs nothing from the others can be done at the same time."
    return classify(answers, PROBLEMS, praise)


def _in_place(item: object) -> str:
    return shown(item) if number(item) is not None else pictured(item)


def _result(a: int, b: int) -> int:
    return 10 * a + b


def _swept(function: Function) -> tuple[Any, int, list[tuple[int, int]], list[Any] | None]:
    """Call the function with a model that notes when it is called.

    Return what came back, how often the model was called before the first result was asked for, the
    pairs it was called with, and the values, or None where there is no iterator.
    """
    pairs: list[tuple[int, int]] = []

    def model(a: int, b: int) -> int:
        pairs.append((a, b))
        return _result(a, b)

    result = function(model, FIRST, SECOND)
    early = len(pairs)
    values = (
        [travelling(value) for value in islice(result, 99)]
        if isinstance(result, Iterator)
        else None
    )
    return travelling(result), early, pairs, values
