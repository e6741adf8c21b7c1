import multiprocessing
import os
import time

import pytest

from swimlanes import checks, run, usable_cores
from swimlanes.checks import answers
from swimlanes.checks.lesson00 import overlapping
from swimlanes.records import TaskRecord

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture
def short_limit(monkeypatch):
    monkeypatch.setattr(answers, "LIMIT_S", 0.5)


def endless(*_):
    while True:
        time.sleep(0.01)


def closure(function):
    """Return the function as a notebook's would be: one that no module holds."""
    return lambda *arguments: function(*arguments)


# Every check, each with its right answers and with wrong ones and what is said about them.

CONTAINERS = {"no limit": (16, 16), "--cpuset-cpus 0-3": (16, 4), "--cpus 2": (16, 2)}


def test_container_cores_right():
    assert checks.container_cores(CONTAINERS).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        ([16, 16], "dictionary"),
        ({}, "Still open: no limit"),
        ({**CONTAINERS, "--cpus 2": ...}, "Still open: --cpus 2."),
        ({**CONTAINERS, "--cpus 2": 2}, "two numbers in round brackets"),
        ({**CONTAINERS, "--cpus 2": ("16", "2")}, "two numbers in round brackets"),
        ({**CONTAINERS, "--cpuset-cpus 0-3": (4, 4)}, "2 of 3 are right"),
        (dict.fromkeys(CONTAINERS, (16, 16)), "1 of 3 are right"),
    ],
)
def test_container_cores_wrong(answer, hint):
    verdict = checks.container_cores(answer)
    assert not verdict.ok
    assert hint in verdict.message


def test_pinned_cores_right():
    assert checks.pinned_cores(lambda: len(os.sched_getaffinity(0))).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        (lambda: None, "Does it end with `return`?"),
        (lambda: 2, "Pinned to one core, your function still says 2"),
        (lambda: os.sched_getaffinity(0), "Pinned to one core, your function still says {"),
        (lambda: 1 / 0, "ZeroDivisionError"),
        (lambda cores: cores, "missing 1 required positional argument"),
    ],
)
def test_pinned_cores_wrong(answer, hint):
    verdict = checks.pinned_cores(answer)
    assert not verdict.ok
    assert hint in verdict.message


def test_pinned_cores_that_are_always_one(require):
    require(len(os.sched_getaffinity(0)) > 1, "only one core", "a machine with two")
    verdict = checks.pinned_cores(lambda: 1)
    assert not verdict.ok
    assert "Unpinned it says 1" in verdict.message


def test_pinning_stays_in_the_trial():
    before = os.sched_getaffinity(0)
    checks.pinned_cores(lambda: 1)
    assert os.sched_getaffinity(0) == before


def test_full_lanes_right():
    cores = int(usable_cores())
    verdict = checks.full_lanes(run("query", workers=cores, tasks=4 * cores, task_ms=60))
    assert verdict.ok, verdict.message


@pytest.mark.parametrize(
    ("request_", "hint"),
    [
        ({"mode": "threads"}, "Leave `mode` out"),
        ({"workers": usable_cores() + 1}, "Make them equal"),
    ],
)
def test_full_lanes_wrong(request_, hint):
    verdict = checks.full_lanes(run("query", tasks=4, task_ms=10, **request_))
    assert not verdict.ok
    assert hint in verdict.message


def test_full_lanes_with_too_few_tasks(require):
    require(usable_cores() > 1, "only one usable core", "a machine with two")
    verdict = checks.full_lanes(run("query", tasks=1, task_ms=10))
    assert not verdict.ok
    assert "had nothing to do. Give more tasks." in verdict.message


@pytest.mark.parametrize("answer", [..., None, 2, run])
def test_full_lanes_of_something_else(answer):
    assert "what `run(...)` returns" in checks.full_lanes(answer).message


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([(1, 0.0, 1.0), (2, 1.0, 2.0)], False),
        ([(1, 0.0, 1.0), (2, 0.5, 2.0)], True),
        ([(2, 3.0, 4.0), (1, 0.0, 9.0)], True),
        ([], False),
    ],
)
def test_overlapping(times, expected):
    tasks = [TaskRecord(task, *where, 0.0, 0.0) for task, where in enumerate(times)]
    assert overlapping(tasks) is expected


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


@pytest.mark.usefixtures("short_limit")
@pytest.mark.parametrize("check", [checks.speedup, checks.pinned_cores])
def test_an_endless_loop_is_stopped(check):
    verdict = check(closure(endless))
    assert not verdict.ok
    assert "had not ended after 0.5 s" in verdict.message


def test_a_pool_that_is_never_closed_leaves_nothing():
    def careless(serial_s, parallel_s):
        pool = multiprocessing.Pool(2)
        return pool.apply(float.__truediv__, (serial_s, parallel_s))

    assert checks.speedup(careless).ok


def test_a_verdict_needs_no_colour_and_shows_no_markup_of_others():
    verdict = checks.most_possible("<b>")
    assert repr(verdict).startswith("○ Not yet. Give a list")
    assert "&lt;b&gt;" in verdict._repr_html_()
    assert repr(checks.most_possible([1, 2, 3, 4, 4])).startswith("✓ Right.")
