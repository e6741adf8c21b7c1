"""Exercises in which every item of a dictionary gets a word, a number, or True or False."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from swimlanes.checks.answers import gaps, number
from swimlanes.checks.verdict import Verdict, not_yet, right


class Wanted(NamedTuple):
    """The right answer for one item, and what to think of if it is wrong.

    Attributes
    ----------
    answer : str, float or bool
        A word, whose case does not matter; a number, to within 1 %; or a truth value.
    hint : str
        Follows "Think again of the item:".
    """

    answer: str | float
    hint: str


def classify(answers: object, wanted: Mapping[str, Wanted], praise: str) -> Verdict:
    """Judge a dictionary with an answer for every item of `wanted`.

    Raises
    ------
    Unanswered
        If it is no dictionary, or if a gap still holds ``...``.
    """
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
