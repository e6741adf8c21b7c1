import itertools
import time

import pytest

from swimlanes import checks

pytestmark = pytest.mark.usefixtures("nothing_left")

PROBLEMS = {
    "make 5000 photographs smaller": "independent",
    "the mean of a billion numbers": "combine",
    "the orbit of a comet, second by second": "chain",
    "the same simulation with 200 seeds": " Independent",
    "how often each word occurs in 1000 books": "combine",
    "Newton's method: each guess from the last one": "chain",
}


def mended(numbers):
    squares = [number**2 for number in numbers]
    return sum(squares) / len(squares), max(squares)


def faulty(numbers):
    squares = map(lambda number: number**2, numbers)
    return sum(squares) / len(numbers), max(squares)


def covered_up(numbers):
    squares = map(lambda number: number**2, numbers)
    return sum(squares) / len(numbers), max(squares, default=0)


def test_mean_and_largest_right():
    assert checks.mean_and_largest(mended).ok
    assert checks.mean_and_largest(lambda numbers: list(mended(numbers))).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        ((12.5, 36), "should be a function"),
        (faulty, "`sum` had used up the iterator"),
        (covered_up, "The largest of the squares of [1, 2, 3, 6] is 36"),
        (lambda numbers: max(mended(numbers)), "should return two numbers, not 36"),
        (lambda numbers: mended(numbers)[::-1], "The mean of the squares"),
        (lambda numbers: None, "should return two numbers, not None"),
        (lambda numbers: ("12.5", 36), "your function says '12.5'"),
        (lambda numbers: 1 / 0, "ZeroDivisionError"),
        (lambda: 1, "could not be tried"),
    ],
)
def test_mean_and_largest_wrong(answer, hint):
    verdict = checks.mean_and_largest(answer)
    assert not verdict.ok
    assert hint in verdict.message


def with_generator(model, first, second):
    return (model(a, b) for a in first for b in second)


def with_yield(model, first, second):
    for a in first:
        for b in second:
            yield model(a, b)


@pytest.mark.parametrize(
    "answer",
    [
        lambda model, first, second: itertools.starmap(model, itertools.product(first, second)),
        lambda model, first, second: map(lambda ab: model(*ab), itertools.product(first, second)),
        with_generator,
        with_yield,
    ],
)
def test_sweep_right(answer):
    verdict = checks.sweep(answer)
    assert verdict.ok, verdict.message


def inside_out(model, first, second):
    return (model(a, b) for b in second for a in first)


def eager(model, first, second):
    return [model(a, b) for a in first for b in second]


def eager_iterator(model, first, second):
    return iter(eager(model, first, second))


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        (None, "should be a function"),
        (lambda model, first, second: ..., "Nothing is returned yet"),
        (lambda model, first, second: None, "a value of the type NoneType"),
        (lambda model, first, second: itertools.product(first, second), "called the model with []"),
        (lambda model, first, second: map(model, first, second), "there are 6 pairs"),
        (lambda model, first, second: itertools.repeat(model(1, 5)), "made 1 of 6 results before"),
        (lambda model, first, second: itertools.count(), "there are 6 pairs"),
        (lambda model: model, "could not be tried"),
        (inside_out, "the first two are (1, 5) and (2, 5)"),
        (eager, "made 6 of 6 results before anybody asked"),
        (eager_iterator, "made 6 of 6 results before anybody asked"),
    ],
)
def test_sweep_wrong(answer, hint):
    verdict = checks.sweep(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.usefixtures("short_limit")
def test_a_sweep_that_never_yields_is_stopped():
    def endless(model, first, second):
        while True:
            time.sleep(0.01)
        yield

    assert "had not ended" in checks.sweep(endless).message


def test_problems_right():
    assert checks.problems(PROBLEMS).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        (None, "dictionary"),
        (list(PROBLEMS.values()), "dictionary"),
        ({}, "Still open are"),
        ({**PROBLEMS, "the mean of a billion numbers": "parallel"}, "5 of 6 are right"),
        ({**PROBLEMS, "the mean of a billion numbers": 3}, "5 of 6 are right"),
        ({**PROBLEMS, "the mean of a billion numbers": "chain"}, "5 of 6 are right"),
        (dict.fromkeys(PROBLEMS, "independent"), "2 of 6 are right"),
    ],
)
def test_problems_wrong(answer, hint):
    verdict = checks.problems(answer)
    assert not verdict.ok
    assert hint in verdict.message
