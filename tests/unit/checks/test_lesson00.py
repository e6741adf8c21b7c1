import os

import pytest

from swimlanes import checks, run, usable_cores
from swimlanes.checks.lesson00 import overlapping
from swimlanes.records import TaskRecord

pytestmark = pytest.mark.usefixtures("nothing_left")

CONTAINERS = {"no limit": (16, 16), "--cpuset-cpus 0-3": (16, 4), "--cpus 2": (16, 2)}


def test_container_cores_right():
    assert checks.container_cores(CONTAINERS).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        ([16, 16], "dictionary"),
        ({}, "Still open are “no limit”, “--cpuset-cpus 0-3” and “--cpus 2”"),
        ({**CONTAINERS, "--cpus 2": ...}, "Still open is “--cpus 2”: write"),
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
        (lambda: ..., "Nothing is returned yet"),
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


def test_a_variable_that_answers_for_the_system_is_named(monkeypatch):
    monkeypatch.setenv("PYTHON_CPU_COUNT", "7")
    message = checks.pinned_cores(lambda: 7).message
    assert "PYTHON_CPU_COUNT is set to 7 here" in message
    assert "PYTHON_CPU_COUNT" not in checks.pinned_cores(lambda: 2).message


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
