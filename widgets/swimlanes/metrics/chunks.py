"""What the lengths of tasks and chunks allow, if start-up and dispatch cost nothing."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from swimlanes.metrics import guards


def default_chunksize(tasks: int, workers: int) -> int:
    """Return the chunk size that ``Pool.map`` chooses: four chunks per worker, rounded up.

    Parameters
    ----------
    tasks : int
        Number of tasks, at least 0.
    workers : int
        Number of workers, at least 1.

    Raises
    ------
    ValueError
        If there is no worker.

    Notes
    -----
    The rule stands in CPython's ``multiprocessing/pool.py``, ``Pool._map_async``.

    Examples
    --------
    >>> default_chunksize(tasks=16, workers=2)
    2
    """
    guards.at_least(1, workers, "workers")
    chunksize, extra = divmod(tasks, workers * 4)
    return chunksize + bool(extra)


def makespan(lengths: Sequence[float], workers: int, chunksize: int) -> float:
    """Return when the last task ends if chunks go in order to the worker that is free first.

    Parameters
    ----------
    lengths : sequence of float
        Length of each task, shape (n_tasks,), any unit, at least 0.
    workers : int
        Number of workers, at least 1, each with a core of its own.
    chunksize : int
        Tasks that a worker takes at a time, at least 1.

    Returns
    -------
    float
        In the unit of `lengths`; 0.0 without tasks. Start-up and dispatch cost nothing here.

    Raises
    ------
    ValueError
        If a length is negative, there is no worker, or a chunk holds no task.

    Notes
    -----
    This is list scheduling (R. L. Graham, "Bounds for certain multiprocessing anomalies",
    1966), which is what a pool's shared queue does.

    Examples
    --------
    >>> makespan([1, 8, 1.5, 2], workers=2, chunksize=1)
    8.0
    """
    _check(workers, chunksize)
    shortest = min(lengths, default=0)
    if not shortest >= 0:
        raise ValueError(f"A task's length must be at least 0, not {shortest}.")
    free_at = [0.0] * workers
    for first in range(0, len(lengths), chunksize):
        heapq.heapreplace(free_at, free_at[0] + sum(lengths[first : first + chunksize]))
    return max(free_at)


def ceiling(tasks: int | Sequence[float], workers: int, chunksize: int | None = None) -> float:
    """Return the largest speedup that tasks in chunks allow, start-up and cores aside.

    Parameters
    ----------
    tasks : int or sequence of float
        Number of equal tasks, at least 1; or the tasks' lengths in the order of their inputs,
        shape (n_tasks,), any unit, at least 0.
    workers : int
        Number of workers, at least 1.
    chunksize : int, optional
        Tasks per chunk, at least 1; the default is the one of ``Pool.map``.

    Returns
    -------
    float
        Sum of the lengths / `makespan`, from 1 to `workers`.

    Raises
    ------
    ValueError
        If there is no task, no worker, a chunk holds no task, or there is no work.

    Examples
    --------
    >>> round(ceiling(tasks=16, workers=3), 2)
    2.67
    >>> ceiling([1, 8, 1.5, 2], workers=2, chunksize=1)
    1.5625
    """
    count = tasks if isinstance(tasks, int) else len(tasks)
    guards.at_least(1, count, "tasks")
    if chunksize is None:
        chunksize = default_chunksize(count, workers)
    if isinstance(tasks, int):
        return tasks / _equal_makespan(tasks, workers, chunksize)
    return _work(tasks) / makespan(tasks, workers, chunksize)


def longest_task_ceiling(lengths: Sequence[float]) -> float:
    """Return the speedup that no number of workers exceeds: a task is never shared out.

    Parameters
    ----------
    lengths : sequence of float
        Length of each task, shape (n_tasks,), any unit, at least 0.

    Returns
    -------
    float
        Sum of the lengths / the longest, from 1 to the number of tasks.

    Raises
    ------
    ValueError
        If there is no task, a length is negative, or there is no work.

    Examples
    --------
    >>> longest_task_ceiling([1, 8, 1.5, 2])
    1.5625
    """
    guards.at_least(1, len(lengths), "tasks")
    return _work(lengths) / max(lengths)


def _check(workers: int, chunksize: int) -> None:
    guards.at_least(1, workers, "workers")
    guards.at_least(1, chunksize, "tasks in a chunk")


def _equal_makespan(tasks: int, workers: int, chunksize: int) -> int:
    """Return the makespan in task lengths; all workers go in step, so counting is enough."""
    _check(workers, chunksize)
    full_chunks, last_chunk = divmod(tasks, chunksize)
    rounds, begun = divmod(full_chunks, workers)
    return rounds * chunksize + (chunksize if begun else last_chunk)


def _work(lengths: Sequence[float]) -> float:
    """Return the sum of the lengths, of which none is negative and one is more than 0."""
    shortest, longest = min(lengths), max(lengths)
    if not (shortest >= 0 and longest > 0):
        raise ValueError(
            "Tasks' lengths must be at least 0 and not all 0, but these go from "
            f"{shortest} to {longest}."
        )
    return sum(lengths)
