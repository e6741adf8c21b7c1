"""Measure one run: `run` waits for its end, `launch` returns at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from statistics import median
from typing import Any

from swimlanes.measure.plan import (
    MAX_TASKS,
    MAX_WORKERS,
    Plan,
    check_mode,
    check_whole,
    make_plan,
)
from swimlanes.measure.progress import RunInProgress
from swimlanes.measure.work import Work, check_task_ms
from swimlanes.measure.work import make_work as _make_work
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


def run(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    mode: str = "processes",
    workers: int | None = None,
    threads: int | None = None,
    tasks: int = 16,
    task_ms: float = 50.0,
    task_bytes: int = 1_000_000,
    lengths: str = "equal",
    schedule: str = "map",
    chunksize: int | None = None,
    start_method: str | None = None,
    limit_s: float | None = None,
    cluster: str | None = None,
    initializer: str | Callable[..., object] | None = None,
    initargs: Iterable[Any] = (),
    warmup: int = 0,
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
    mode : str
        ``serial`` (the builtin ``map``), ``threads`` (``ThreadPool``), ``processes`` (``Pool``),
        ``nested`` (processes that each have threads), ``free-threaded`` (threads of a Python
        without the GIL), ``interpreters`` (subinterpreters) or ``cluster`` (Dask's workers).
    workers : int, optional
        Number of workers, 1 to 256; by default as many as there are usable cores.
    threads : int, optional
        Threads of each worker, for ``nested``; the default is 2.
    tasks : int
        Number of tasks of a named workload, 1 to 1 000 000.
    task_ms : float
        Length of each task of a named workload, ms of serial work on this machine.
    task_bytes : int
        Size of each task of ``payload`` and ``memory``, bytes.
    lengths : str
        ``equal``, ``ramp-up``, ``ramp-down``, ``random``, or factors of the task's length or
        size such as ``1,8,1.5,2``.
    schedule : str
        ``map``, ``imap`` or ``imap_unordered``.
    chunksize : int, optional
        Tasks that a worker takes at a time; the default is that of ``Pool.map``, and 1 for the
        others.
    start_method : str, optional
        ``fork``, ``forkserver`` or ``spawn``; the default is Python's.
    limit_s : float, optional
        How long a task may run, seconds, from 0.001; a task that takes longer ends the run. So does
        an initializer, or a call of the warm-up.
    cluster : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.2:8786``, for the mode ``cluster``; the
        default is the setting ``SWIMLANES_CLUSTER``. Without one, or if empty, a cluster is
        started here and ended again.
    initializer : callable, optional
        What each worker calls first, as in ``multiprocessing.Pool``: each process, each thread of
        ``threads`` and ``free-threaded``, each subinterpreter, each Dask worker; in ``nested`` each
        process, before it has its threads; in ``serial`` the one worker, before the clock. The
        function itself, or ``module:function``.
    initargs : iterable
        Arguments of the initializer. Locks, events, values and arrays of ``multiprocessing`` may be
        among them: the workers share new ones, and values and arrays hold at the end of the run
        what the workers made of theirs.
    warmup : int
        How often each worker calls the function before the clock, 0 to 1000, on the first inputs.
        When all workers have got ready, all of them warm up; ``map`` is called when all are done.
        This time is recorded apart and is no part of the run's times.

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
    record = launch(
        workload,
        inputs,
        mode=mode,
        workers=workers,
        threads=threads,
        tasks=tasks,
        task_ms=task_ms,
        task_bytes=task_bytes,
        lengths=lengths,
        schedule=schedule,
        chunksize=chunksize,
        start_method=start_method,
        limit_s=limit_s,
        cluster=cluster,
        initializer=initializer,
        initargs=initargs,
        warmup=warmup,
    ).result()
    for remark in record.remarks:
        print(remark)
    return record


def launch(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    mode: str = "processes",
    workers: int | None = None,
    threads: int | None = None,
    tasks: int = 16,
    task_ms: float = 50.0,
    task_bytes: int = 1_000_000,
    lengths: str = "equal",
    schedule: str = "map",
    chunksize: int | None = None,
    start_method: str | None = None,
    limit_s: float | None = None,
    cluster: str | None = None,
    initializer: str | Callable[..., object] | None = None,
    initargs: Iterable[Any] = (),
    warmup: int = 0,
) -> RunInProgress:
    """Start a run and return at once; the parameters are those of `run`."""
    plan = make_plan(
        mode,
        workers,
        threads=threads,
        schedule=schedule,
        chunksize=chunksize,
        start_method=start_method,
        limit_s=limit_s,
        cluster=cluster,
    )
    work = make_work(
        workload,
        inputs,
        tasks=tasks,
        task_ms=task_ms,
        task_bytes=task_bytes,
        lengths=lengths,
        initializer=initializer,
        initargs=initargs,
        warmup=warmup,
    )
    return RunInProgress(work, plan)


def make_work(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    tasks: int = 16,
    task_ms: float = 50.0,
    task_bytes: int = 1_000_000,
    lengths: str = "equal",
    initializer: str | Callable[..., object] | None = None,
    initargs: Iterable[Any] = (),
    warmup: int = 0,
) -> Work:
    """Check and settle what is to be done; the parameters are those of `run`.

    The first time, tasks of a named workload are calibrated, which takes some tenths of a second.
    """
    return _make_work(
        workload,
        inputs,
        tasks=tasks,
        task_ms=task_ms,
        task_bytes=task_bytes,
        lengths=lengths,
        initializer=initializer,
        initargs=initargs,
        warmup=warmup,
        probe_s=_probe_s,
    )


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
