"""Clocks of other machines: how far they are ahead of ours, and how well that is known.

A clock is read over the network. Between asking and hearing the answer it was read once, nobody
knows when. So half the round trip is how wrong the offset may be, and the quickest of many round
trips tells best (Cristian 1989, "Probabilistic clock synchronization").
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

READINGS = 20


class Clock(NamedTuple):
    """Another machine's clock.

    Attributes
    ----------
    ahead_ns : int
        What it shows more than ours at the same moment, ns.
    uncertainty_ns : int
        How wrong `ahead_ns` may be at most, ns.
    """

    ahead_ns: int
    uncertainty_ns: int

    def here_ns(self, there_ns: int) -> int:
        """Return what our clock showed when the other one showed `there_ns`.

        Examples
        --------
        >>> Clock(ahead_ns=100, uncertainty_ns=5).here_ns(1_000)
        900
        """
        return there_ns - self.ahead_ns


OURS = Clock(0, 0)
"""The clock of this machine, which all its processes share."""


def read_clock(ask_ns: Callable[[], int], readings: int = READINGS) -> Clock:
    """Compare with ours the clock that `ask_ns` reads, several times."""
    return min((_read_once(ask_ns) for _ in range(readings)), key=lambda clock: clock[1])


def _read_once(ask_ns: Callable[[], int]) -> Clock:
    before = time.monotonic_ns()
    there = ask_ns()
    after = time.monotonic_ns()
    return Clock(there - (before + after) // 2, (after - before + 1) // 2)


def over_a_run(before: Clock, after: Clock) -> Clock:
    """Return a clock as it was read before a run, uncertain by what it drifted meanwhile as well.

    Examples
    --------
    >>> over_a_run(Clock(100, 5), Clock(130, 8))
    Clock(ahead_ns=100, uncertainty_ns=38)
    """
    drift = abs(after.ahead_ns - before.ahead_ns)
    return before._replace(uncertainty_ns=max(before.uncertainty_ns, drift + after.uncertainty_ns))
