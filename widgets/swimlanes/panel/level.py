"""How much a panel shows: it grows with the course, and has no word before its lesson."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from swimlanes import modes


class Level(IntEnum):
    """What a panel shows; each level has all that those before it have.

    One word and not a list of parts: the parts build on each other, as the lessons do. An account
    of a speedup says nothing to those who have never seen a speedup.
    """

    LANES = 1
    """The lanes, and Run: serial and processes, and the mode that was chosen at first."""
    CORES = 2
    """The load of the cores, threads, and what is behind *More*."""
    SPEEDUP = 3
    """Workloads, Sweep, the curve, where the rest went, guesses, records, sharing with a class."""
    MODES = 4
    """Every mode, and all of them compared."""

    def modes(self, chosen: str) -> Mapping[str, str]:
        """Return the modes that are offered beside the chosen one, none of them with a reason.

        On the last level there are all of them, as far as they work here.
        """
        offered = {"serial", "processes", chosen} | ({"threads"} if self > Level.LANES else set())
        return {mode: "" for mode in modes.MODES if mode in offered}


LEVELS = {level.name.lower(): level for level in Level}
