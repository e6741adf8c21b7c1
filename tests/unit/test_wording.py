import signal

import pytest

from swimlanes import wording
from swimlanes.records import Lane, TaskRecord, Timeline
from swimlanes.runner import Breakdown, TaskFailure, WorkerDeath

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
    assert sentence in str(wording.explain(death, TIMELINE))


def test_the_task_that_a_dead_worker_ran_is_named():
    running = wording.explain(WorkerDeath(200, -signal.SIGKILL), TIMELINE)
    between_tasks = wording.explain(WorkerDeath(100, -signal.SIGKILL), TIMELINE)
    assert "while it ran task 1" in str(running)
    assert "while it ran" not in str(between_tasks)


def test_only_own_lines_are_shown():
    frames = ((signal.__file__, 1, "theirs"), (__file__, 1, "mine"))
    error = wording.explain(TaskFailure(0, "7", "ValueError: no", frames), TIMELINE)
    assert error.detail.splitlines() == [
        "line 1 in mine (test_wording.py)",
        "    import signal",
        "ValueError: no",
    ]


def test_without_own_lines_the_last_one_is_shown():
    frames = ((signal.__file__, 10**6, "outer"), (signal.__file__, 10**6, "inner"))
    error = wording.explain(TaskFailure(0, "7", "ValueError: no", frames), TIMELINE)
    assert error.detail.splitlines() == ["line 1000000 in inner (signal.py)", "ValueError: no"]


def test_a_breakdown_keeps_its_detail():
    error = wording.explain(Breakdown("OSError: full.", "the traceback"), TIMELINE)
    assert (str(error), error.detail) == ("The run broke off: OSError: full.", "the traceback")
