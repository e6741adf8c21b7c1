"""One worker: plain code's own loop."""

from __future__ import annotations

from swimlanes.modes.mode import Mode, Staff
from swimlanes.modes.pools import Pool, SerialPool
from swimlanes.modes.written import Wanted, Way


class Serial(Mode):
    """The builtin ``map``."""

    name = "serial"
    worker = "worker"
    counted = "workers"
    colour, dash, marker = "green", "1 2", "diamond"
    parallel = False
    compared = False
    in_one_process = True

    def make_pool(self, staff: Staff) -> Pool:
        """Return the builtin ``map`` as a pool, whatever number of workers is wanted."""
        return SerialPool(staff.initializer, staff.initargs)

    def plain(self, wanted: Wanted) -> Way:
        """Return a call of ``map``."""
        results = f"list(map({wanted.function}, inputs))"
        return Way([], "", results, first=wanted.first_call)


MODE = Serial()
