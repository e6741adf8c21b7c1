"""What a task changes is seen, and what merely lives is not."""

import random
import threading

import numpy as np
import pytest

from swimlanes import changes


class Own:
    """A participant's object."""

    def __init__(self):
        self.count = 0


class Wary(Own):
    def __getstate__(self):
        raise AssertionError("asked")


Own.__module__ = Wary.__module__ = "__main__"


def seen(value, change):
    before = changes.sketches(len, value)
    change(value)
    return changes.sketches(len, value) != before


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ([1], lambda v: v.append(2)),
        ({"a": [1]}, lambda v: v["a"].append(2)),
        ({1}, lambda v: v.add(2)),
        (bytearray(2), lambda v: v.reverse() or v.append(1)),
        (np.zeros((3, 4)), lambda v: v.fill(1)),
        ([np.zeros(3)], lambda v: v[0].fill(1)),
        (Own(), lambda v: setattr(v, "count", 1)),
        ((Own(),), lambda v: setattr(v[0], "count", 1)),
    ],
)
def test_a_change_is_seen(value, change):
    assert not seen(value, lambda _: None)
    assert seen(value, change)


@pytest.mark.parametrize(
    ("value", "change"),
    [
        (random.Random(1), lambda v: v.random()),
        ([np.random.default_rng(1)], lambda v: v[0].random()),
        ([threading.Lock()], lambda v: v[0].acquire()),
        ([iter("abc")], lambda v: next(v[0])),
        ((n for n in "abc"), next),
        ([0] * 100_000, lambda v: v.append(1)),  # too large to look at
        (Wary(), lambda v: setattr(v, "count", 1)),
    ],
)
def test_what_is_no_change_is_not_told(value, change):
    assert not seen(value, change)


def test_the_names_are_told_once(tmp_path):
    for _ in "ab":
        changes.tell({"a": 1, "b": 2, "c": None}, {"a": 3, "b": 2, "c": None}, str(tmp_path))
    assert changes.told(str(tmp_path)) == ["a"]
    assert changes.told(str(tmp_path / "nowhere")) == []
