import math
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from swimlanes import checks
from swimlanes.checks.lesson09 import AT_THE_SAME_TIME, CHOICES

pytestmark = pytest.mark.usefixtures("nothing_left")

TIMES = {item: wanted.answer for item, wanted in AT_THE_SAME_TIME.items()}
CHOSEN = {item: wanted.answer for item, wanted in CHOICES.items()}


def test_predictions_right():
    assert checks.at_the_same_time(TIMES).ok
    assert checks.choices(CHOSEN).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        ({}, "Still open are “threads, counting in Python”"),
        (dict.fromkeys(TIMES, True), "3 of 5 are right"),
        ({**TIMES, "threads, hashing large blocks": False}, "lets go of the GIL"),
        ({**TIMES, "subinterpreters, counting in Python": "yes"}, "each of them has a GIL"),
    ],
)
def test_at_the_same_time_wrong(answer, hint):
    verdict = checks.at_the_same_time(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (None, "dictionary"),
        (list(CHOSEN), "dictionary"),
        (dict.fromkeys(CHOSEN, "processes"), "1 of 5 are right"),
        ({**CHOSEN, "one product of two large matrices": 0}, "BLAS"),
    ],
)
def test_choices_wrong(answer, hint):
    verdict = checks.choices(answer)
    assert not verdict.ok
    assert hint in verdict.message


def with_whatever_is_given(Executor, numbers):
    with Executor(2) as executor:
        return sum(executor.map(math.sqrt, numbers))


def with_futures(Executor, numbers):
    with Executor() as executor:
        return sum(future.result() for future in [executor.submit(math.sqrt, n) for n in numbers])


def with_threads_always(Executor, numbers):
    with ThreadPoolExecutor(2) as executor:
        return sum(executor.map(math.sqrt, numbers))


def never_closed(Executor, numbers):
    return sum(Executor(2).map(math.sqrt, numbers))


def serial(Executor, numbers):
    with Executor(2):
        return sum(map(math.sqrt, numbers))


def no_sum(Executor, numbers):
    with Executor(2) as executor:
        return list(executor.map(math.sqrt, numbers))


def the_gap(Executor, numbers):
    with ... as executor:
        return executor


@pytest.mark.parametrize("answer", [with_whatever_is_given, with_futures])
def test_any_executor_right(answer):
    assert checks.any_executor(answer).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        (the_gap, "could not be tried"),
        (lambda Executor: 6.0, "could not be tried"),
        (lambda Executor, numbers: 6.0, "did not use the `Executor`"),
        (with_threads_always, "did not use the `Executor`"),
        (never_closed, "left open"),
        (serial, "got 0 tasks for 3 numbers"),
        (no_sum, "add up to 6, and it returned [1.0, 2.0, 3.0]"),
    ],
)
def test_any_executor_wrong(answer, hint):
    verdict = checks.any_executor(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.usefixtures("short_limit")
def test_an_endless_task_is_stopped():
    def endless(Executor, numbers):
        with Executor(2) as executor:
            return list(executor.map(time.sleep, [60]))

    verdict = checks.any_executor(endless)
    assert not verdict.ok
    assert "had not ended after 0.5 s" in verdict.message
