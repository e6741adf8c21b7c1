import os

import pytest

from swimlanes import checks

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_speedup_right():
    assert checks.speedup(lambda serial_s, parallel_s: serial_s / parallel_s).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function, and this is still `...`"),
        (4.0, "should be a function, and this is 4.0"),
        (lambda serial_s, parallel_s: parallel_s / serial_s, "upside down"),
        (lambda serial_s, parallel_s: serial_s - parallel_s, "your function says 6"),
        (lambda serial_s, parallel_s: None, "returned no number"),
        (lambda serial_s, parallel_s: "4", "returned no number"),
        (lambda serial_s, parallel_s: 10**400, "returned no number"),
        (lambda serial_s: serial_s, "takes 1 positional argument but 2 were given"),
        (lambda serial_s, parallel_s: undefined, "NameError"),  # noqa: F821
        (lambda serial_s, parallel_s: lambda: 4, "could not be tried"),
        (lambda serial_s, parallel_s: os._exit(3), "could not be tried"),
    ],
)
def test_speedup_wrong(answer, hint):
    verdict = checks.speedup(answer)
    assert not verdict.ok
    assert hint in verdict.message


def test_most_possible_right():
    assert checks.most_possible([1, 2, 3, 4, 4]).ok
    assert checks.most_possible((1.0, 2.0, 3.0, 4.0, 12 / 3)).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "Give a list of 5 numbers"),
        (4, "Give a list of 5 numbers"),
        ([1, 2], "Give a list of 5 numbers"),
        ([1, ..., ..., ..., ...], "For 2 workers there is no number yet"),
        ([1, 2, 3, 4, "4"], "For 5 workers there is no number yet"),
        ([1, 2, 3, 4, 5], "4 of 5 are right. With 5 workers"),
        ([1, 2, 3, 4, float("nan")], "4 of 5 are right. With 5 workers"),
        (iter([1, 2, 3, 4, 4]), "Give a list of 5 numbers"),
    ],
)
def test_most_possible_wrong(answer, hint):
    verdict = checks.most_possible(answer)
    assert not verdict.ok
    assert hint in verdict.message


KINDS = {
    "same 1000 images, more cores": "strong",
    "twice the cores, twice the images": "weak",
    "one simulation, finished sooner": " Strong",
    "a finer grid for every core we add": "weak",
}


def test_scaling_kinds_right():
    assert checks.scaling_kinds(KINDS).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        (list(KINDS.values()), "dictionary"),
        ({}, "Still open"),
        (dict.fromkeys(KINDS, "strong"), "2 of 4 are right"),
        ({**KINDS, "one simulation, finished sooner": 7}, "3 of 4 are right"),
    ],
)
def test_scaling_kinds_wrong(answer, hint):
    verdict = checks.scaling_kinds(answer)
    assert not verdict.ok
    assert hint in verdict.message
