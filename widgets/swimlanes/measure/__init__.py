"""Measure one run: `run` waits for its end, `launch` returns at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from statistics import median
from typing import Any, Unpack

from swimlanes.measure.plan import (
    MAX_TASKS,
    MAX_WORKERS,
    Plan,
    check_mode,
    check_whole,
    make_plan,
)
from swimlanes.measure.progress import RunInProgress
from swimlanes.measure.work import Work, check_task_ms, settled_work
from swimlanes.options import RunOptions, WayOptions, WorkOptions, part_of, takes
from swimlanes.records import Run
from swimlanes.workloads import WORKLOADS

__all__ = [
    "MAX_TASKS",
    "MAX_WORKERS",
    "Plan",
    "RunInProgress",
    "Work",
    "check_mode",
    "check_task_ms",
    "check_whole",
    "launch",
    "make_plan",
    "make_work",
    "run",
]

PROBES = 16


@takes(RunOptions)
def run(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    **options: Unpack[RunOptions],
) -> Run:
    """Run tasks on a pool and return what happened, task by task.

    A run happens in another process, on copies of your function and of its variables, so what tasks
    change there is not changed here, also on threads. Workers get what those of a plain pool of
    their start method get, with these exceptions: caches start empty, forked workers do not inherit
    open files and `multiprocessing` locks, and of the logging only the handlers for files and for
    the standard streams.

    Where recording takes more than 2 % of the tasks' time, the tasks are run once more without it,
    for the times. What they write to a file, they then write twice.

    Parameters
    ----------
    workload : str or callable
        Name of a workload (``count-down``, ``query``, ``hashing``, ``matrix-product``,
        ``payload``, ``file-reading``, ``sampling-pi``, ``memory``), or your own function of one
        argument: the function itself, or ``module:function``.
    inputs : iterable, optional
        Inputs of your own function, one per task, as for ``Pool.map``: of a text each character,
        of a dict each key.
    {options}

    Returns
    -------
    Run
        Times, lanes, tasks and results.

    Raises
    ------
    RequestError
        If a value makes no sense; nothing was started.
    TaskError, TaskTimeout, WorkerDied, RunError
        If the run did not end well; nothing of it is left.

    Examples
    --------
    >>> run(abs, [-1, 2, -3], mode="threads", workers=2).results
    (1, 2, 3)
    """
    record = launch(workload, inputs, **options).result()
    for remark in record.remarks:
        print(remark)
    return record


@takes(RunOptions)
def launch(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    **options: Unpack[RunOptions],
) -> RunInProgress:
    """Start a run and return at once; the parameters are those of `run`."""
    plan = make_plan(workers=options["workers"], **part_of(options, WayOptions))
    return RunInProgress(make_work(workload, inputs, **part_of(options, WorkOptions)), plan)


@takes(WorkOptions)
def make_work(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    **options: Unpack[WorkOptions],
) -> Work:
    """Check and settle what is to be done; the parameters are those of `run`.

    The first time, tasks of a named workload are calibrated, which takes some tenths of a second.
    """
    return settled_work(workload, inputs, _probe_s, **options)


@lru_cache
def _probe_s(workload: str) -> float:
    """Return how long the workload's probe computes on this machine, seconds.

    The probes run where tasks run, in a runner, and count their own CPU time, which a neighbour
    on the same core does not stretch.
    """
    kind = WORKLOADS[workload]
    probes = tuple(kind.make_input(task, kind.probe or 0) for task in range(PROBES))
    record = RunInProgress(Work(workload, kind.function, probes), Plan("serial")).result()
    return median(task.cpu_s for task in record.tasks)
