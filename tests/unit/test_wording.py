import signal

import pytest

from swimlanes import wording
from swimlanes.records import Lane, TaskRecord, Timeline
from swimlanes.runner.protocol import Breakdown, WorkerDeath
from swimlanes.worker import TaskFailure, Unsendable

TIMELINE = Timeline(
    "processes",
    workers=2,
    tasks_count=2,
    chunksize=1,
    elapsed_s=1.0,
    lanes=(Lane(1, 100, 100, 0.0), Lane(2, 200, 200, 0.0)),
    tasks=(TaskRecord(0, 1, 0.0, 0.5, 0.5, 0.0), TaskRecord(1, 2, 0.0, None, 0.0, 0.0)),
)


@pytest.mark.parametrize(
    ("death", "sentence"),
    [
        (WorkerDeath(200, -signal.SIGKILL), "Worker 2 (process 200) was ended by SIGKILL"),
        (WorkerDeath(200, -signal.SIGSEGV), "a crash in compiled code"),
        (WorkerDeath(200, 3), "Worker 2 (process 200) ended itself with exit code 3"),
        (WorkerDeath(200, None), "Worker 2 (process 200) ended while it ran task 1."),
        (WorkerDeath(300, -signal.SIGTERM), "Process 300 was ended by SIGTERM"),
    ],
)
def test_a_death_is_told(death, sentence):
    assert sentence in explained(death)


def test_the_task_that_a_dead_worker_ran_is_named():
    assert "while it ran task 1" in explained(WorkerDeath(200, -signal.SIGKILL))
    assert "while it ran" not in explained(WorkerDeath(100, -signal.SIGKILL))


@pytest.mark.parametrize(
    "outcome", [WorkerDeath(200, -signal.SIGKILL), Breakdown("the runner was ended", "")]
)
def test_the_memory_limit_is_named(outcome):
    assert "memory limit of this container" in explained(outcome, out_of_memory=True)
    assert "memory limit of this container" not in explained(outcome)


def test_lines_are_shown_with_their_source():
    frames = ((__file__, 1, "mine"), ("/nowhere/theirs.py", 7, "theirs"))
    failure = TaskFailure(0, "7", "ValueError: no", frames)
    error = wording.explain(failure, TIMELINE, out_of_memory=False)
    assert error.detail.splitlines() == [
        "line 1 in mine (test_wording.py)",
        "    import signal",
        "line 7 in theirs (theirs.py)",
        "ValueError: no",
    ]


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("ModuleNotFoundError: No module named 'numpy'", "Install it for the Python"),
        ("ImportError: module _x does not support loading in subinterpreters", "another mode"),
        ("RuntimeError: daemon threads are disabled in this interpreter", "the mode 'nested'"),
        ("AssertionError: daemonic processes are not allowed", "use the mode 'nested'"),
        ("SystemExit: 1", "ends by returning a value"),
        ("ValueError: no", "Correct the function"),
    ],
)
def test_a_failed_task_comes_with_a_remedy(error, remedy):
    sentence = explained(TaskFailure(3, "7", error, ()))
    assert sentence.startswith("Task 3, with the input 7, raised " + error)
    assert remedy in sentence


@pytest.mark.parametrize(
    ("task", "which"), [(2, "The result of task 2, <lock>,"), (None, "A result, <lock>,")]
)
def test_a_result_that_cannot_be_sent(task, which):
    sentence = explained(Unsendable(task, "<lock>", "TypeError: cannot pickle"))
    assert sentence.startswith(which)
    assert "(TypeError: cannot pickle)" in sentence


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("BlockingIOError: [Errno 11] Resource temporarily unavailable", "use fewer workers"),
        ("RuntimeError: can't start new thread", "use fewer workers"),
        ("OSError: [Errno 28] No space left on device", "/dev/shm"),
        (wording.ending(-signal.SIGKILL), "fewer workers"),
        (wording.ending(7), "return a value"),
    ],
)
def test_a_breakdown_with_a_remedy_needs_no_traceback(error, remedy):
    told = wording.explain(Breakdown(error, "the traceback"), TIMELINE, out_of_memory=False)
    assert remedy in str(told)
    assert told.detail == ""


def test_a_breakdown_keeps_its_detail():
    breakdown = Breakdown("KeyError: 'full'.", "the traceback")
    error = wording.explain(breakdown, TIMELINE, out_of_memory=False)
    assert (str(error), error.detail) == ("The run broke off: KeyError: 'full'.", "the traceback")


def test_a_task_over_its_limit():
    sentence = str(wording.overdue(3, 2, "x" * 1000, 1.234, 1.0))
    assert len(sentence) < 300
    assert "worker 2 for 1.23 s, longer than the limit of 1 s" in sentence


def explained(outcome, out_of_memory=False):
    return str(wording.explain(outcome, TIMELINE, out_of_memory=out_of_memory))
