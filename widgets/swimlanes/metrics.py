"""Numbers in, numbers out: speedup, efficiency and what chunking allows. No clock, no state."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

DISTURBED_LOAD = 0.08
"""Load by others, in cores, above which a repetition is flagged as disturbed."""


def speedup(serial_s: float, parallel_s: float) -> float:
    """Return S(n) = T_serial / T(n), how many times faster than the serial run.

    Parameters
    ----------
    serial_s, parallel_s : float
        Wall times in seconds, greater than 0.

    Raises
    ------
    ValueError
        If a wall time is not greater than 0.

    Examples
    --------
    >>> speedup(serial_s=1.6, parallel_s=0.8)
    2.0
    """
    if serial_s <= 0 or parallel_s <= 0:
        raise ValueError(
            f"Wall times must be greater than 0 s, but these are {serial_s} s and {parallel_s} s."
        )
    return serial_s / parallel_s


def efficiency(speedup: float, workers: int) -> float:
    """Return E(n) = S(n) / n, the share of the n workers that paid off.

    Examples
    --------
    >>> efficiency(speedup=1.5, workers=2)
    0.75
    """
    if workers < 1:
        raise ValueError(f"The number of workers must be at least 1, not {workers}.")
    return speedup / workers


def default_chunksize(tasks: int, workers: int) -> int:
    """Return the chunk size that ``Pool.map`` chooses: four chunks per worker, rounded up.

    The rule stands in CPython's ``multiprocessing/pool.py``, ``Pool._map_async``.

    Examples
    --------
    >>> default_chunksize(tasks=16, workers=2)
    2
    """
    chunksize, extra = divmod(tasks, workers * 4)
    return chunksize + bool(extra)


def makespan(lengths: Sequence[float], workers: int, chunksize: int) -> float:
    """Return when the last task ends if chunks go in order to the worker that is free first.

    Parameters
    ----------
    lengths : sequence of float
        Length of each task, shape (n_tasks,), any unit.
    workers : int
        Number of workers, at least 1, each with a core of its own.
    chunksize : int
        Tasks that a worker takes at a time, at least 1.

    Returns
    -------
    float
        In the unit of `lengths`; 0.0 without tasks. Start-up and dispatch cost nothing here.

    Notes
    -----
    This is list scheduling (Graham, 1966), which is what a pool's shared queue does.

    Examples
    --------
    >>> makespan([1, 8, 1.5, 2], workers=2, chunksize=1)
    8.0
    """
    free_at = [0.0] * workers
    for first in range(0, len(lengths), chunksize):
        heapq.heapreplace(free_at, free_at[0] + sum(lengths[first : first + chunksize]))
    return max(free_at)


def ceiling(tasks: int, workers: int, chunksize: int | None = None) -> float:
    """Return the largest speedup that equal tasks in chunks allow, start-up and cores aside.

    Parameters
    ----------
    tasks, workers : int
        Number of equal tasks and of workers, at least 1.
    chunksize : int, optional
        Tasks per chunk; the default is the one of ``Pool.map``.

    Examples
    --------
    >>> round(ceiling(tasks=16, workers=3), 2)
    2.67
    >>> ceiling(tasks=16, workers=5)
    4.0
    """
    chunksize = chunksize or default_chunksize(tasks, workers)
    return tasks / makespan([1.0] * tasks, workers, chunksize)
