"""How much other programs may have changed a speedup, and when that is no longer fair."""

from __future__ import annotations

UNFAIR_SHARE = 0.1
"""Share of a run's time that others may have taken, from which on its speedup says nothing."""
UNFAIR_LOAD = 0.5
"""Share of the cores that others may keep busy, whoever waited for whom, before it is unfair."""


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
