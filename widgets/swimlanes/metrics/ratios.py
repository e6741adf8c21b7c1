"""Speedup and efficiency, strong (the same work) and weak (work that grows with the workers)."""

from __future__ import annotations

from swimlanes.metrics import guards


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
