"""What a serial part of the work does to the speedup: Amdahl, Gustafson, Karp and Flatt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from swimlanes.metrics import guards


def amdahl(serial_fraction: float, workers: int) -> float:
    """Return the speedup of n workers on fixed work of which a part f is serial.

    Parameters
    ----------
    serial_fraction : float
        Share f of the *serial* run's time that cannot be shared out, 0 to 1.
    workers : int
        Number of workers n, at least 1.

    Returns
    -------
    float
        1 / (f + (1 - f) / n), from 1 to n.

    Raises
    ------
    ValueError
        If the fraction is not from 0 to 1, or there is no worker.

    Notes
    -----
    G. M. Amdahl, "Validity of the single processor approach to achieving large scale computing
    capabilities", AFIPS spring joint computer conference, 1967.

    Examples
    --------
    >>> amdahl(serial_fraction=0.25, workers=3)
    2.0
    """
    guards.serial_share(serial_fraction)
    guards.at_least(1, workers, "workers")
    return 1 / (serial_fraction + (1 - serial_fraction) / workers)


def gustafson(serial_fraction: float, workers: int) -> float:
    """Return the scaled speedup of n workers when the work grows and its serial part does not.

    Parameters
    ----------
    serial_fraction : float
        Share f of the *parallel* run's time in which one worker is alone, 0 to 1.
    workers : int
        Number of workers n, at least 1.

    Returns
    -------
    float
        n - f (n - 1), from 1 to n.

    Raises
    ------
    ValueError
        If the fraction is not from 0 to 1, or there is no worker.

    Notes
    -----
    J. L. Gustafson, "Reevaluating Amdahl's law", Communications of the ACM 31(5), 1988.

    Examples
    --------
    >>> gustafson(serial_fraction=0.25, workers=5)
    4.0
    """
    guards.serial_share(serial_fraction)
    guards.at_least(1, workers, "workers")
    return workers - serial_fraction * (workers - 1)


def karp_flatt(speedup: float, workers: int) -> float:
    """Return the serial fraction that would explain a speedup by itself.

    If it grows with n, then the loss is overhead, or too few cores, and not serial work.

    Parameters
    ----------
    speedup : float
        Measured speedup S, greater than 0.
    workers : int
        Number of workers n, at least 2.

    Returns
    -------
    float
        (1/S - 1/n) / (1 - 1/n); negative if S > n, above 1 if S < 1.

    Raises
    ------
    ValueError
        If the speedup is not greater than 0, or there are fewer than two workers.

    Notes
    -----
    A. H. Karp and H. P. Flatt, "Measuring parallel processor performance", Communications of
    the ACM 33(5), 1990.

    Examples
    --------
    >>> karp_flatt(speedup=2.0, workers=3)
    0.25
    """
    guards.at_least(2, workers, "workers")
    if not speedup > 0:
        raise ValueError(f"A speedup must be greater than 0, not {speedup}.")
    return (1 / speedup - 1 / workers) / (1 - 1 / workers)


@dataclass(frozen=True)
class AmdahlFit:
    """Amdahl's law, fitted to measured speedups.

    Attributes
    ----------
    serial_fraction : float
        Best estimate of the serial fraction; noise can push it a little below 0.
    stderr : float or None
        Its standard error; None from a single measurement.
    points : int
        How many measurements the estimate rests on.

    Examples
    --------
    >>> fit = AmdahlFit(serial_fraction=0.25, stderr=0.25, points=3)
    >>> fit.speedup(3)
    2.0
    >>> fit.bounds(3)
    (1.5, 3.0)
    """

    serial_fraction: float
    stderr: float | None
    points: int

    def speedup(self, workers: int) -> float:
        """Return the fitted speedup of n workers; a fraction outside of 0 to 1 is cut off there.

        Raises
        ------
        ValueError
            If there is no worker.
        """
        return _amdahl_within(self.serial_fraction, workers)

    def bounds(self, workers: int) -> tuple[float, float] | None:
        """Return the speedups one standard error below and above, or None without an error.

        Raises
        ------
        ValueError
            If there is no worker.
        """
        if self.stderr is None:
            return None
        return (
            _amdahl_within(self.serial_fraction + self.stderr, workers),
            _amdahl_within(self.serial_fraction - self.stderr, workers),
        )


def fit_amdahl(workers: Sequence[int], speedups: Sequence[float]) -> AmdahlFit:
    """Fit Amdahl's law by least squares; give each repetition as a pair of its own.

    Parameters
    ----------
    workers : sequence of int
        Numbers of workers n, shape (n_runs,), at least 1 and at most the usable cores.
        Runs with one worker say nothing about the serial fraction and are left out.
    speedups : sequence of float
        Measured speedups S, shape (n_runs,), greater than 0.

    Raises
    ------
    ValueError
        If the lengths differ, if no run has two workers or more, or if a number is out of range.

    Notes
    -----
    Amdahl's law is the straight line 1/S - 1/n = f (1 - 1/n) through the origin. Its least
    squares solution is the mean of the runs' Karp-Flatt fractions, weighted by (1 - 1/n)².

    Examples
    --------
    >>> fit_amdahl(workers=[1, 3, 5], speedups=[1.0, 2.0, 2.5])
    AmdahlFit(serial_fraction=0.25, stderr=0.0, points=2)
    """
    runs = _parallel_runs(workers, speedups)
    fractions = [karp_flatt(speedup, n) for n, speedup in runs]
    weights = [(1 - 1 / n) ** 2 for n, _ in runs]
    fraction = fmean(fractions, weights)
    return AmdahlFit(fraction, _standard_error(fractions, weights, fraction), len(runs))


def _parallel_runs(workers: Sequence[int], speedups: Sequence[float]) -> list[tuple[int, float]]:
    if len(workers) != len(speedups):
        raise ValueError(
            f"Each speedup needs its number of workers, but there are {len(workers)} numbers "
            f"of workers and {len(speedups)} speedups."
        )
    guards.at_least(1, min(workers, default=1), "workers")
    runs = [(n, speedup) for n, speedup in zip(workers, speedups, strict=True) if n > 1]
    if not runs:
        raise ValueError(
            f"Amdahl's law needs a run with 2 workers or more, but these have {list(workers)}."
        )
    return runs


def _standard_error(
    fractions: Sequence[float], weights: Sequence[float], fraction: float
) -> float | None:
    if len(fractions) < 2:
        return None
    residuals = sum(w * (f - fraction) ** 2 for f, w in zip(fractions, weights, strict=True))
    return sqrt(residuals / (len(fractions) - 1) / sum(weights))


def _amdahl_within(serial_fraction: float, workers: int) -> float:
    return amdahl(min(max(serial_fraction, 0.0), 1.0), workers)
