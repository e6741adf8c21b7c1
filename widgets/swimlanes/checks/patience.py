"""How long a check waits for a participant's function, and what its time went to."""

from __future__ import annotations

import time
from typing import Literal, NamedTuple

from swimlanes import cgroup, core_load
from swimlanes.measure import RunInProgress

LIMIT_S = 10.0
"""How long a function may compute, or have a core for itself, seconds; far more than any right
answer needs. On a busy machine that takes longer than on the clock."""
MOST_S = 60.0
"""How long to wait at most, seconds: for the start of its process, and then for its end."""
LOOK_S = 0.1
_MOST_OF_IT, _LITTLE_OF_IT = 0.8, 0.2

Cause = Literal["computing", "waiting", "both", "unknown"]


class Spent(NamedTuple):
    """What has happened since a function began.

    Attributes
    ----------
    elapsed_s : float
        Time on the clock, seconds.
    own_s : float
        CPU time that the function's processes have used, seconds.
    others : float or None
        Cores that other programs kept busy; None where the system does not tell.
    throttled_s : float
        How long a limit on CPU time has stopped its processes, seconds.
    cores : int
        Cores that may be used.
    wanted : float
        Share of the looks at which it had or wanted a core, 0 to 1.
    """

    elapsed_s: float
    own_s: float
    others: float | None
    throttled_s: float
    cores: int
    wanted: float = 1.0

    @property
    def free_s(self) -> float:
        """For how long there was a core for the function, seconds."""
        if self.others is None:
            return 0.0
        share = min(1.0, max(0.0, self.cores - self.others))
        return max(0.0, self.elapsed_s * share - self.throttled_s)

    @property
    def cause(self) -> Cause | None:
        """What the function did all the time, if it has had enough of it; else None.

        Examples
        --------
        >>> Spent(12.0, 10.0, others=1.2, throttled_s=0.0, cores=2).cause
        'computing'
        >>> Spent(30.0, 1.0, others=2.0, throttled_s=0.0, cores=2).cause is None
        True
        >>> Spent(12.0, 0.1, others=2.0, throttled_s=0.0, cores=2, wanted=0.01).cause
        'waiting'
        """
        if self.own_s >= LIMIT_S:
            return "computing"
        if self.free_s >= LIMIT_S:
            if self.own_s >= _MOST_OF_IT * self.free_s:
                return "computing"
            return "waiting" if self.own_s <= _LITTLE_OF_IT * self.free_s else "both"
        if self.elapsed_s >= LIMIT_S and self.wanted <= _LITTLE_OF_IT:
            return "waiting"  # also where others had all cores: it did not ask for one
        return "unknown" if self.elapsed_s >= MOST_S else None


class Patience:
    """Looks again and again at a run that calls a function, whether to wait on."""

    def __init__(self, running: RunInProgress) -> None:
        self._running = running
        self._began = False
        self._set()

    def look(self) -> tuple[bool, Spent]:
        """Return whether the function has begun, and what has happened since then.

        As long as it has not begun: since its process was started.
        """
        if not self._began and self._running.timeline().tasks:
            self._began = True
            self._set()
        self._looks += 1
        self._wanted += self._running.wants_core
        return self._began, self._spent()

    def _set(self) -> None:
        self._looks = self._wanted = 0
        self._at_s, self._own_s = time.monotonic(), self._running.cpu_time_s
        self._busy_s = core_load.busy_s(self._running.usable_cores.cpus)
        self._clocks_s = cgroup.throttle_clocks_s()

    def _spent(self) -> Spent:
        cpus = self._running.usable_cores.cpus
        elapsed_s = time.monotonic() - self._at_s
        own_s = max(0.0, self._running.cpu_time_s - self._own_s)
        busy_s = core_load.busy_s(cpus)
        others = None
        if busy_s is not None and self._busy_s is not None:
            busy_s -= self._busy_s
            others = core_load.load_by_others(len(cpus), max(elapsed_s, LOOK_S), busy_s, own_s)
        throttled_s = cgroup.throttled_s(self._clocks_s) or 0.0
        wanted = self._wanted / self._looks
        return Spent(elapsed_s, own_s, others, throttled_s, len(cpus), wanted)
