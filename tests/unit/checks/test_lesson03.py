import math
import time

import numpy as np
import pytest

from swimlanes import checks

pytestmark = pytest.mark.usefixtures("nothing_left")

HELPS = {
    "hashing": True,
    "parsing": False,
    "matrix product": True,
    "big file": True,
    "random numbers": False,
}


def test_second_thread_helps_right():
    assert checks.second_thread_helps(HELPS).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        (None, "dictionary"),
        ([True] * 5, "dictionary"),
        ({**HELPS, "parsing": ...}, "Still open is “parsing”"),
        ({**HELPS, "parsing": "no"}, "4 of 5 are right"),
        ({**HELPS, "parsing": 0}, "4 of 5 are right"),
        (dict.fromkeys(HELPS, True), "3 of 5 are right. Think again of “parsing”"),
        (dict.fromkeys(HELPS, False), "2 of 5 are right. Think again of “hashing”"),
    ],
)
def test_second_thread_helps_wrong(answer, hint):
    verdict = checks.second_thread_helps(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.parametrize(
    "answer",
    [
        lambda signal: np.sum(signal**2),
        lambda signal: float(np.dot(signal, signal)),
        lambda signal: (signal * signal).sum(),
        lambda signal: np.linalg.norm(signal) ** 2,
    ],
)
def test_gives_gil_back_right(answer):
    verdict = checks.gives_gil_back(answer)
    assert verdict.ok, verdict.message


def loop(signal):
    total = 0.0
    for value in signal:
        total += value * value
    return total


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        (21.0, "should be a function"),
        (loop, "no other thread could run"),
        (lambda signal: sum(signal**2), "no other thread could run"),
        (lambda signal: sum(map(float, signal**2)), "no other thread could run"),
        (np.sum, "add up to 21, and your function says 7"),
        (lambda signal: signal**2, "should return a number"),
        (lambda signal: None, "Does it end with `return`?"),
        (lambda signal: math.nan, "your function says nan"),
        (lambda signal: 1 / 0, "ZeroDivisionError"),
        (lambda: 21, "could not be tried"),
    ],
)
def test_gives_gil_back_wrong(answer, hint):
    verdict = checks.gives_gil_back(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.usefixtures("short_limit")
def test_an_energy_that_never_ends_is_stopped():
    def endless(signal):
        while True:
            time.sleep(0.01)

    assert "had not ended" in checks.gives_gil_back(endless).message
