"""What was measured beside the tasks, to tell one cause from another."""

from __future__ import annotations

from dataclasses import dataclass, field

WAITS = ("gil", "lock", "other")
"""What a task that stands still can be seen waiting for; ``other`` is data, an answer, a pause."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How often tasks that stood still were seen waiting, by what for.

    Attributes
    ----------
    gil, lock, other : int
        Numbers of looks that found a task waiting for the GIL; for a lock, in memory or on a file;
        for anything else, such as data, an answer, the disk or the end of a pause.
    """

    gil: int = 0
    lock: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """How many looks found a task standing still."""
        return self.gil + self.lock + self.other


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured beside the tasks of a run; None where the system does not tell.

    Attributes
    ----------
    others_error : float or None
        By how much the load by others may be wrong, cores.
    inner_cpu_s : float or None
        CPU time of threads that the tasks brought along, such as those of BLAS, seconds.
    record_cost_s : float
        What it took to record one task, seconds; 0 if not known.
    input_bytes, result_bytes : int
        Size of all inputs and of all results, pickled, bytes; 0 if not known.
    waits, gaps : Waits
        What lanes were seen waiting for in their tasks, and between two tasks.
    """

    others_error: float | None = None
    inner_cpu_s: float | None = None
    record_cost_s: float = 0.0
    input_bytes: int = 0
    result_bytes: int = 0
    waits: Waits = field(default_factory=Waits)
    gaps: Waits = field(default_factory=Waits)


@dataclass(frozen=True, slots=True)
class Bare:
    """The same run once more with nothing recorded, because recording cost more than the tasks.

    Attributes
    ----------
    startup_s, map_s, wall_time_s : float
        As in `swimlanes.records.Run`, seconds.
    cpu_time_s : float
        CPU time of the runner and all its workers, seconds.
    """

    startup_s: float
    map_s: float
    wall_time_s: float
    cpu_time_s: float
