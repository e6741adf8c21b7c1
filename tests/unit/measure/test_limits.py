"""A run ends when it is told to, and a task when its time is up."""

import signal

import pytest

from swimlanes import run
from swimlanes.errors import RequestError, RunCancelled, TaskTimeout
from swimlanes.measure import launch

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_a_task_that_never_ends(way, faulty):
    wanted = (
        r"^Task 1, with the input True, has been running on worker \d for 0\.\d\d s, longer than "
        r"the limit of 0.3 s, so the run was ended. Look for a loop in your function that does not "
        r"end, or raise the limit.$"
    )
    with pytest.raises(TaskTimeout, match=wanted):
        run(faulty.count_for_ever, [False, True], **way, limit_s=0.3)


def test_a_task_that_holds_the_gil(way, faulty):
    with pytest.raises(TaskTimeout, match=r"Task 0, with the input None, .* on worker "):
        run(faulty.hold_the_gil, [None], **way, limit_s=0.3)


def test_a_task_that_does_not_hear(way, faulty):
    with pytest.raises(TaskTimeout, match=r"Task 0, with the input 60, .* on worker "):
        run(faulty.sleep_deaf, [60], **way, limit_s=0.3)


def test_a_limit_that_nobody_reaches(way, faulty):
    assert run(faulty.double, range(20), **way, limit_s=30).results == tuple(range(0, 40, 2))


@pytest.mark.parametrize("limit_s", [0.001, 0.004])
def test_a_short_limit_is_kept(way, limit_s):
    with pytest.raises(
        TaskTimeout, match=rf"0.0\d* s, longer than the limit of {limit_s} s, so the"
    ):
        run("query", tasks=4, task_ms=8, **way, limit_s=limit_s)


def test_a_task_that_ended_too_late_between_two_looks(way):
    # The runner is looked after every 20 ms at most, and the one task is over long before.
    with pytest.raises(TaskTimeout, match=r"Task 0, with the input 0\.002, .* limit of 0\.001 s"):
        run("query", tasks=1, task_ms=2, **way, limit_s=0.001)


@pytest.mark.parametrize("limit_s", [0, -1, 0.0009, float("nan"), float("inf"), "long"])
def test_a_limit_that_is_none(limit_s):
    with pytest.raises(RequestError, match="time limit of a task must be a number of seconds"):
        run(abs, [1], limit_s=limit_s)


def test_cancel(long_run):
    long_run.cancel()
    assert long_run.done
    with pytest.raises(RunCancelled, match="stopped"):
        long_run.result()
    long_run.cancel()


def test_cancel_right_after_the_start(way):
    running = launch("query", **way, tasks=2, task_ms=60_000)
    running.cancel()
    with pytest.raises(RunCancelled):
        running.result()


@pytest.mark.parametrize("task", ["hold_the_gil", "sleep_deaf"])
def test_cancel_what_does_not_hear(way, faulty, task, eventually):
    running = launch(getattr(faulty, task), [60] * 4, **way)
    eventually(lambda: running.timeline().tasks)
    running.cancel()
    with pytest.raises(RunCancelled):
        running.result()


def test_a_caller_that_ignores_sigterm(way):
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        running = launch("query", **way, tasks=2, task_ms=60_000)
        running.cancel()
    finally:
        signal.signal(signal.SIGTERM, before)
    with pytest.raises(RunCancelled):
        running.result()
