"""How much of the usable cores other programs use, told now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import NamedTuple

from swimlanes import core_load
from swimlanes.core_load import TICKS_TO_TELL_S


class Reading(NamedTuple):
    """Clocks at a moment, s: time, busy time of the cores, CPU time of this kernel and its runs."""

    at_s: float
    busy_s: float
    own_s: float


class OthersLoad:
    """The load by others since the last look, with nothing running in between.

    Parameters
    ----------
    cpus : collection of int
        Ids of the usable cores.
    read : callable, optional
        Returns a reading, or None where the system does not tell.
    """

    def __init__(
        self, cpus: Collection[int], read: Callable[[], Reading | None] | None = None
    ) -> None:
        self._cpus = cpus
        self._read = read or self._read_system
        self._last = self._read()

    def look(self) -> float | None:
        """Return the load since the last look, cores; None if that is too short ago to tell."""
        now, last = self._read(), self._last
        if now is None or last is None or now.at_s - last.at_s < TICKS_TO_TELL_S:
            return None
        self._last = now
        others_s = (now.busy_s - last.busy_s) - (now.own_s - last.own_s)
        return max(0.0, others_s / (now.at_s - last.at_s))

    def _read_system(self) -> Reading | None:
        busy_s = core_load.busy_s(self._cpus)
        if busy_s is None:
            return None
        return Reading(time.monotonic(), busy_s, core_load.own_cpu_time_s())
