import os

import pytest

from swimlanes import checks, run, usable_cores
from swimlanes.checks.lesson00 import overlapping
from swimlanes.records import TaskRecord

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_a_variable_that_answers_for_the_system_is_named(monkeypatch):
    monkeypatch.setenv("PYTHON_CPU_COUNT", "7")
    message = checks.pinned_cores(lambda: int(os.environ["PYTHON_CPU_COUNT"])).message
    assert "`PYTHON_CPU_COUNT` is set to 7 here" in message
    for other in (lambda: 7, lambda: len(os.environ) + 1000):
        assert "PYTHON_CPU_COUNT" not in checks.pinned_cores(other).message


def test_pinned_cores_that_are_always_one(require):
    require(len(os.sched_getaffinity(0)) > 1, "only one core", "a machine with two")
    verdict = checks.pinned_cores(lambda: 1)
    assert not verdict.ok
    assert "Without the pinning it says 1" in verdict.message


@pytest.fixture
def one_core():
    """Pin this process to one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.mark.usefixtures("one_core")
def test_a_number_is_no_answer_where_there_is_one_core():
    assert "always says 1" in checks.pinned_cores(lambda: 1).message
    verdict = checks.pinned_cores(lambda: len(os.sched_getaffinity(0)))
    assert verdict.ok
    assert "took all cores" not in verdict.message


def test_pinning_stays_in_the_trial():
    before = os.sched_getaffinity(0)
    checks.pinned_cores(lambda: 1)
    assert os.sched_getaffinity(0) == before


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
