"""Speedup and efficiency, and how much other programs may have changed them.

Strong: the same work. Weak: work that grows with the workers.
"""

from __future__ import annotations

from swimlanes.metrics import guards

UNFAIR_SHARE = 0.1
"""Share of a run's time that others may have taken, from which on its speedup says nothing."""
UNFAIR_LOAD = 0.5
"""From this share of the cores on, kept busy by others, a measurement is unfair in any case."""


def speedup(serial_s: float, parallel_s: float) -> float:
    """Return S(n) = T_serial / T(n), how many times as fast as the serial run.

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
    guards.wall_times(serial_s, parallel_s)
    return serial_s / parallel_s


def efficiency(speedup: float, workers: int) -> float:
    """Return E(n) = S(n) / n, the share of the n workers that paid off.

    Parameters
    ----------
    speedup : float
        Speedup, strong or weak, no unit.
    workers : int
        Number of workers, at least 1.

    Raises
    ------
    ValueError
        If there is no worker.

    Examples
    --------
    >>> efficiency(speedup=1.5, workers=2)
    0.75
    """
    guards.at_least(1, workers, "workers")
    return speedup / workers


def weak_speedup(serial_s: float, parallel_s: float, workers: int) -> float:
    """Return n T_serial / T(n), the scaled speedup of n times the serial run's work.

    Parameters
    ----------
    serial_s : float
        Wall time of the serial run of one share of the work, seconds, greater than 0.
    parallel_s : float
        Wall time of n workers that do n such shares, seconds, greater than 0.
    workers : int
        Number of workers n, at least 1.

    Raises
    ------
    ValueError
        If a wall time is not greater than 0, or there is no worker.

    Notes
    -----
    The scaled speedup of J. L. Gustafson, "Reevaluating Amdahl's law", 1988, measured.

    Examples
    --------
    >>> weak_speedup(serial_s=1.0, parallel_s=1.25, workers=4)
    3.2
    """
    guards.at_least(1, workers, "workers")
    return workers * speedup(serial_s, parallel_s)


def weak_efficiency(serial_s: float, parallel_s: float) -> float:
    """Return T_serial / T(n), where n workers do n times the serial run's work.

    Parameters
    ----------
    serial_s, parallel_s : float
        Wall times as for `weak_speedup`, seconds, greater than 0.

    Returns
    -------
    float
        1.0 if n times the work took no longer than the work itself.

    Raises
    ------
    ValueError
        If a wall time is not greater than 0.

    Examples
    --------
    >>> weak_efficiency(serial_s=1.0, parallel_s=1.25)
    0.8
    """
    return speedup(serial_s, parallel_s)


def is_unfair(others_load: float, cores: int, others_share: float) -> bool:
    """Return whether other programs disturbed a run so much that it is no fair measurement.

    Parameters
    ----------
    others_load : float
        Load by others that was seen, cores, at least 0.
    cores : int
        Number of cores that the run could use, at least 1.
    others_share : float
        Share of the run's time that they may have taken, 0 to 1.

    Examples
    --------
    >>> is_unfair(0.2, cores=2, others_share=0.04), is_unfair(1.0, cores=2, others_share=0.0)
    (False, True)
    """
    return others_share > UNFAIR_SHARE or others_load >= UNFAIR_LOAD * cores


def seen_load(others_load: float | None, error: float | None) -> float:
    """Return a load by others, cores; 0 where it is not known, or within its own error.

    Examples
    --------
    >>> seen_load(0.2, error=0.1), seen_load(0.2, error=0.3), seen_load(None, error=None)
    (0.2, 0.0, 0.0)
    """
    load = others_load or 0.0
    return load if load > (error or 0.0) else 0.0


def in_the_way(others_load: float, cpus: int, cores: int) -> float:
    """Return how much of a load by other programs is on cores that somebody needs, cores.

    Who may use fewer cores than there are logical CPUs, because of a quota, is not disturbed by
    what goes on on the rest of them.

    Parameters
    ----------
    others_load : float
        Load by others on all the logical CPUs together, cores, at least 0.
    cpus, cores : int
        Number of these CPUs, and of cores that may be used.

    Examples
    --------
    >>> in_the_way(1.5, cpus=16, cores=2), in_the_way(1.5, cpus=2, cores=2)
    (0.0, 1.5)
    """
    return max(0.0, others_load - max(0, cpus - cores))


def without_others(speedup: float, serial_share: float, share: float) -> tuple[float, float]:
    """Return between which speedups the one without the others lies.

    Parameters
    ----------
    speedup : float
        Measured speedup, greater than 0.
    serial_share, share : float
        Share of the serial and of the parallel run's time that others may have taken, from 0 to
        below 1.

    Returns
    -------
    tuple of float
        The lowest, if only the serial run was prolonged; the highest, if only the other one was.

    Examples
    --------
    >>> without_others(1.8, serial_share=0.0, share=0.1)
    (1.8, 2.0)
    """
    return speedup * (1 - serial_share), speedup / (1 - share) if share < 1 else float("inf")
