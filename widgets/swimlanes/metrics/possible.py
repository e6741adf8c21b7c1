"""The largest speedup within reach: the smallest of all bounds, and which of them that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from swimlanes.metrics.chunks import (
    ceiling,
    default_chunksize,
    longest_task_ceiling,
    placement_ceiling,
)

# Of bounds that are equal but for rounding, the first one is named.
_ROUNDING = 1e-9


class Possible(float):
    """The largest speedup within reach: a float that knows what sets it.

    Attributes
    ----------
    bound_by : str
        Name of the bound that decides: ``workers``, ``cores``, ``threads inside the tasks``,
        ``longest task``, ``chunks`` or ``batches``; the first in this order of equal ones.

    Examples
    --------
    >>> limit = Possible({"workers": 4, "cores": 2.0})
    >>> limit, limit.bound_by
    (2.0, 'cores')
    """

    bound_by: str

    def __new__(cls, bounds: Mapping[str, float]) -> Possible:
        """Find the smallest of `bounds`."""
        least = min(bounds.values()) * (1 + _ROUNDING)
        name = next(name for name, bound in bounds.items() if bound <= least)
        self = super().__new__(cls, bounds[name])
        self.bound_by = name
        return self

    def __getnewargs__(self) -> tuple[dict[str, float]]:  # type: ignore[override]
        """Pickle and copy by the bound that decides."""
        return ({self.bound_by: float(self)},)


def possible(
    lengths: Sequence[float],
    workers: int,
    chunksize: int | None = None,
    *,
    threads: int = 1,
    in_order: bool = True,
    cores: float = inf,
    cpu_share: float = 1.0,
) -> Possible:
    """Return the largest speedup within reach, if start-up and dispatch cost nothing.

    Parameters
    ----------
    lengths : sequence of float
        Length of each task, shape (n_tasks,), any unit, at least 0.
    workers : int
        Number of workers, at least 1.
    chunksize : int, optional
        Tasks in a chunk, at least 1; the default is the one of ``Pool.map``.
    threads : int
        Threads of each worker, see `makespan`.
    in_order : bool
        Whether chunks go in order to the worker that is free first, as a pool's do; otherwise
        a scheduler places them as it likes.
    cores : float
        Number of cores, at least 1.
    cpu_share : float
        CPU time of the work over the time it takes serially, at least 0; above 1 if a task has
        threads of its own.

    Raises
    ------
    ValueError
        If there is no task, worker or thread, a chunk holds no task, or there is no work.

    Notes
    -----
    The bound by cores: no run is shorter than the CPU time of its work divided among all cores,
    T(n) >= CPU / cores, so S(n) <= cores * T_serial / CPU. It is the number of cores for work
    that computes, more for work that also waits, and less for work that uses several cores at
    once in a serial run already; but never below the serial run itself.

    Examples
    --------
    >>> limit = possible([1, 8, 1.5, 2] * 8, workers=2, threads=4)
    >>> limit, limit.bound_by
    (3.125, 'batches')
    >>> possible([1] * 16, workers=8, cores=2, cpu_share=0.5)
    4.0
    """
    lanes = workers * threads
    if chunksize is None:
        chunksize = default_chunksize(len(lengths), lanes)
    by_chunks = ceiling if in_order else placement_ceiling
    bounds = {
        "workers": lanes,
        "threads inside the tasks" if cpu_share > 1 else "cores": _by_cores(cores, cpu_share),
        "longest task": longest_task_ceiling(lengths),
        "chunks": by_chunks(lengths, lanes, chunksize),
    }
    if threads > 1:
        bounds["batches"] = ceiling(lengths, workers, chunksize, threads)
    return Possible(bounds)


def _by_cores(cores: float, cpu_share: float) -> float:
    return max(1.0, cores / cpu_share) if cpu_share else inf
