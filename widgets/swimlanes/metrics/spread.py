"""How far values lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles
from typing import NamedTuple


class Quartiles(NamedTuple):
    """The median, and the ends of the middle half of the values.

    Examples
    --------
    >>> quartiles([2.0, 4.0, 6.0]).median
    4.0
    """

    low: float
    median: float
    high: float


def quartiles(values: Sequence[float]) -> Quartiles:
    """Return the median of values, and between which ends the middle half of them lies.

    Parameters
    ----------
    values : sequence of float
        Shape (n,), at least one.

    Examples
    --------
    >>> quartiles([1.0, 2.0, 3.0, 4.0, 100.0])
    Quartiles(low=2.0, median=3.0, high=4.0)
    >>> quartiles([1.5])
    Quartiles(low=1.5, median=1.5, high=1.5)
    """
    if len(values) == 1:
        return Quartiles(values[0], values[0], values[0])
    return Quartiles(*quantiles(values, n=4, method="inclusive"))
