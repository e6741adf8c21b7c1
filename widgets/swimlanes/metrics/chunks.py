"""What the lengths of tasks and chunks allow, if start-up and dispatch cost nothing."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

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


def makespan(lengths: Sequence[float], workers: int, chunksize: int, threads: int = 1) -> float:
    """Return when the last task ends if chunks go in order to the worker that is free first.

    Parameters
    ----------
    lengths : sequence of float
        Length of each task, shape (n_tasks,), any unit, at least 0.
    workers : int
        Number of workers, at least 1, each of their threads with a core of its own.
    chunksize : int
        Tasks in a chunk, at least 1.
    threads : int
        Threads of each worker, at least 1. A worker takes a batch: a chunk for each of its
        threads. None of them gets another chunk before all of the batch is done.

    Returns
    -------
    float
        In the unit of `lengths`; 0.0 without tasks. Start-up and dispatch cost nothing here.

    Raises
    ------
    ValueError
        If a length is negative, there is no worker or thread, or a chunk holds no task.

    Notes
    -----
    This is list scheduling (R. L. Graham, "Bounds for certain multiprocessing anomalies",
    1966), which is what a pool's shared queue does: that of ``Pool`` and ``ThreadPool`` for
    ``map``, ``imap`` and ``imap_unordered``, and that of an executor.

    Examples
    --------
    >>> makespan([1, 8, 1.5, 2], workers=2, chunksize=1)
    8.0
    >>> makespan([1, 8, 8, 1], workers=1, chunksize=1, threads=2)
    16.0
    """
    _check(workers, chunksize, threads)
    _check_lengths(lengths)
    free_at = [0.0] * workers
    for length in _batch_lengths(lengths, chunksize, threads):
        heapq.heapreplace(free_at, free_at[0] + length)
    return max(free_at)


def ceiling(
    tasks: int | Sequence[float], workers: int, chunksize: int | None = None, threads: int = 1
) -> float:
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
    threads : int
        Threads of each worker, at least 1, see `makespan`.

    Returns
    -------
    float
        Sum of the lengths / `makespan`, from 1 to `workers` times `threads`.

    Raises
    ------
    ValueError
        If there is no task, worker or thread, a chunk holds no task, or there is no work.

    Examples
    --------
    >>> round(ceiling(tasks=16, workers=3), 2)
    2.67
    >>> ceiling([1, 8, 1.5, 2], workers=2, chunksize=1)
    1.5625
    >>> ceiling([1, 8, 1.5, 2] * 8, workers=2, threads=4)
    3.125
    """
    count = tasks if isinstance(tasks, int) else len(tasks)
    guards.at_least(1, count, "tasks")
    if chunksize is None:
        chunksize = default_chunksize(count, workers * threads)
    if isinstance(tasks, int):
        return tasks / _equal_makespan(tasks, workers, chunksize, threads)
    return _work(tasks) / makespan(tasks, workers, chunksize, threads)


def placement_ceiling(lengths: Sequence[float], workers: int, chunksize: int) -> float:
    """Return a speedup that chunks do not exceed, in whatever order and place they run.

    Parameters
    ----------
    lengths : sequence of float
        Length of each task, shape (n_tasks,), any unit, at least 0.
    workers : int
        Number of workers, at least 1.
    chunksize : int
        Tasks in a chunk, at least 1.

    Returns
    -------
    float
        From 1 to `workers`; what can be reached may be less.

    Raises
    ------
    ValueError
        If there is no task, no worker, a chunk holds no task, or there is no work.

    Notes
    -----
    For schedulers that place chunks as they like and move them later, such as Dask's. Of the
    j n + 1 longest chunks one of n workers does at least j + 1, which take as long as the
    shortest j + 1 of these at least. For equal chunks this is exact.

    Examples
    --------
    >>> placement_ceiling([1, 1, 2], workers=2, chunksize=1)
    2.0
    >>> placement_ceiling([1, 1, 1], workers=2, chunksize=1)
    1.5
    """
    _check(workers, chunksize)
    guards.at_least(1, len(lengths), "tasks")
    work = _work(lengths)
    chunks = sorted(_chunk_lengths(lengths, chunksize), reverse=True)
    sums = list(accumulate(chunks, initial=0.0))
    shared = (
        sums[j * workers + 1] - sums[j * workers - j] for j in range(-(-len(chunks) // workers))
    )
    return work / max(work / workers, *shared)


def longest_task_ceiling(lengths: Sequence[float]) -> float:
    """Return the speedup that no number of workers exceeds: a task is never divided.

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


def _check(workers: int, chunksize: int, threads: int = 1) -> None:
    guards.at_least(1, workers, "workers")
    guards.at_least(1, threads, "threads")
    guards.at_least(1, chunksize, "tasks in a chunk")


def _check_lengths(lengths: Sequence[float]) -> None:
    shortest = min(lengths, default=0)
    if not shortest >= 0:
        raise ValueError(f"A task's length must be at least 0, not {shortest}.")


def _chunk_lengths(lengths: Sequence[float], chunksize: int) -> Iterator[float]:
    for first in range(0, len(lengths), chunksize):
        yield sum(lengths[first : first + chunksize])


def _batch_lengths(lengths: Sequence[float], chunksize: int, threads: int) -> Iterator[float]:
    """Yield how long each batch takes: every thread has one chunk of it, or none."""
    chunks = _chunk_lengths(lengths, chunksize)
    while batch := list(islice(chunks, threads)):
        yield max(batch)


def _equal_makespan(tasks: int, workers: int, chunksize: int, threads: int) -> int:
    """Return the makespan in task lengths; all workers go in step, so counting is enough."""
    _check(workers, chunksize, threads)
    full_batches, last_batch = divmod(tasks, chunksize * threads)
    rounds, begun = divmod(full_batches, workers)
    return rounds * chunksize + (chunksize if begun else min(chunksize, last_batch))


def _work(lengths: Sequence[float]) -> float:
    """Return the sum of the lengths, of which none is negative and one is more than 0."""
    shortest, longest = min(lengths), max(lengths)
    if not (shortest >= 0 and longest > 0):
        raise ValueError(
            "Tasks' lengths must be at least 0 and not all 0, but these go from "
            f"{shortest} to {longest}."
        )
    return sum(lengths)
