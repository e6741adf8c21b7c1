import math
import pickle
from collections import OrderedDict, deque
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from swimlanes.records.agreement import likeness

SUM, OTHER_SUM = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
NAN = float("nan")


@dataclass
class Point:
    x: float


class Plain:
    """Compares by identity, as most classes do."""

    def __init__(self, value):
        self.value = value


def ring(value):
    items = [value]
    items.append(items)
    return items


def pairs_with_nan(numbers):
    """Return a set, whose order depends on how it came about."""
    made = set()
    for number in numbers:
        made.add((number, NAN))
    return made


EQUAL = [
    (NAN, -NAN),
    (0.0, -0.0),
    ([NAN, {"a": NAN}], [NAN, {"a": NAN}]),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ({"a": NAN, "b": 2}, {"b": 2, "a": NAN}),
    ({NAN}, {float("nan")}),
    (pairs_with_nan(range(0, 999, 8)), pairs_with_nan(range(992, -1, -8))),
    ({8, 0, 16}, {16, 8, 0}),
    (np.array([1.0, NAN]), np.array([1.0, NAN])),
    (np.ones((2, 3)), np.asfortranarray(np.ones((2, 3)))),
    (np.array([{"a": NAN}], dtype=object), np.array([{"a": NAN}], dtype=object)),
    (np.array(["a", "b"]), np.array(["a", "b"])),
    (np.float64(1.5), 1.5),
    (Point(NAN), Point(NAN)),
    (Plain([NAN]), Plain([NAN])),
    (ring(Plain(1)), ring(Plain(1))),
    (deque([Plain(1)]), deque([Plain(1)])),
    (OrderedDict(a=NAN), OrderedDict(a=NAN)),
    (complex(NAN, 1), complex(NAN, 1)),
]
ROUNDED = [
    (SUM, OTHER_SUM),
    ([1, (SUM,)], [1, (OTHER_SUM,)]),
    ({"a": SUM}, {"a": OTHER_SUM}),
    ({SUM}, {OTHER_SUM}),
    (Point(SUM), Point(OTHER_SUM)),
    (np.array([SUM, 1]), np.array([OTHER_SUM, 1])),
    (np.array([1.0, 1e-17]), np.array([1.0, 0.0])),
    (np.float32(1.0), np.float32(1.0) + np.float32(1e-6)),
    (np.float64(SUM), OTHER_SUM),
    (complex(SUM, 1), complex(OTHER_SUM, 1)),
]
DIFFERENT = [
    (1, 2),
    (10**20, 10**20 + 1),
    (1795903337.690272, 1795903338.0248742),  # two readings of a clock
    (math.inf, 1.0),
    (math.inf, -math.inf),
    (NAN, 1.0),
    (1.0, None),
    ("a", "b"),
    (b"a", b"b"),
    ("a", ["a"]),
    ([1], (1,)),
    ([1], [1, 1]),
    ({"a": 1}, {"b": 1}),
    ({1}, {2}),
    ([SUM, 1], [OTHER_SUM, 2]),
    (Point(1.0), Point(2.0)),
    (Plain(1), Plain(2)),
    (ring(Plain(1)), ring(Plain(2))),
    (np.ones(2), np.ones(3)),
    (np.ones(2), np.ones(2, dtype=int)),
    (np.array([1, 2]), np.array([1, 3])),
    (np.array([1e6, 1e-6]), np.array([1e6, 2e-6])),
    (np.array([NAN]), np.array([1.0])),
    (Decimal("0.1"), Decimal("0.2")),
    (Fraction(1, 10**15), Fraction(2, 10**15)),
    (Fraction(10**15 + 1, 10**15), Fraction(1)),
    (len, max),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal(one, other):
    assert likeness(sent(one), sent(other)).name == "EQUAL"


@pytest.mark.parametrize(("one", "other"), ROUNDED)
def test_rounded(one, other):
    assert likeness(sent(one), sent(other)).name == "ROUNDED"
    assert likeness(sent(other), sent(one)).name == "ROUNDED"


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different(one, other):
    assert likeness(sent(one), sent(other)).name == "DIFFERENT"
    assert likeness(sent(other), sent(one)).name == "DIFFERENT"


def test_what_is_shared_many_times_is_compared_once():
    def tree():
        value = [Plain(1)]
        for _ in range(40):  # a million million leaves, if one went to each
            value = [value, value]
        return value

    assert likeness(tree(), tree()).name == "EQUAL"


def sent(value):
    """Return the value as it comes out of another process."""
    return pickle.loads(pickle.dumps(value))
