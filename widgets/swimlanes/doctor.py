"""Examine this machine: whether a speedup can be shown here."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from swimlanes import core_load, metrics, modes
from swimlanes.cores import Limit, UsableCores, usable_cores

LOOK_S = 0.5


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes
    ----------
    usable_cores, host_cores : int
        Cores that may be used; logical CPUs of the host.
    cpus : tuple of int
        Ids of the logical CPUs this process is pinned to.
    bound_by, reason : str
        The limit that decides, and the same in words.
    limits : tuple of Limit
        All limits that were looked at.
    interpreter : str
        For example ``CPython 3.13.5``.
    start_method : str
        How ``Pool`` starts processes here by default.
    memory_bytes : int
        Memory that may be used: the host's or the container's.
    others_load : float or None
        Load on these cores right now by everything else, in cores.
    """

    usable_cores: int
    host_cores: int
    cpus: tuple[int, ...]
    bound_by: str
    reason: str
    limits: tuple[Limit, ...]
    interpreter: str
    start_method: str
    memory_bytes: int
    others_load: float | None

    @property
    def speedup_possible(self) -> bool:
        """Whether a speedup of compute-bound work can be shown here."""
        return self.usable_cores > 1 and not self.crowded

    @property
    def crowded(self) -> bool:
        """Whether others use more of the cores than a fair measurement bears."""
        return (self.others_load or 0.0) > metrics.DISTURBED_LOAD

    @property
    def verdict(self) -> str:
        """Say whether a speedup can be shown here, and what to do if not."""
        if self.usable_cores == 1:
            return (
                f"No speedup can be shown here: there is one core to use ({self.reason}), so every "
                "curve of compute-bound work is flat. Give this machine or container a second core."
            )
        cores = f"{self.usable_cores} cores ({self.reason})"
        if self.crowded:
            return (
                f"No fair speedup can be shown right now: there are {cores}, but other programs "
                f"keep {self.others_load:.2f} of them busy. Close them and look again."
            )
        return f"A speedup can be shown here, up to {self.usable_cores}.0: there are {cores}."

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        verdict = {"verdict": self.verdict, "speedup_possible": self.speedup_possible}
        return asdict(self) | verdict


def examine() -> Report:
    """Examine this machine; takes half a second, to see what others do on the cores."""
    cores = usable_cores()
    return Report(
        usable_cores=int(cores),
        host_cores=cores.host,
        cpus=cores.cpus,
        bound_by=cores.bound_by,
        reason=cores.explain(),
        limits=cores.limits,
        interpreter=f"{platform.python_implementation()} {platform.python_version()}",
        start_method=modes.start_methods()[0],
        memory_bytes=_memory_bytes(),
        others_load=_others_load(cores),
    )


def _others_load(cores: UsableCores) -> float | None:
    before_s, own_s, at = core_load.busy_s(cores.cpus), core_load.own_cpu_time_s(), time.monotonic()
    if before_s is None:
        return None
    time.sleep(LOOK_S)
    busy_s = (core_load.busy_s(cores.cpus) or 0.0) - before_s
    own_s = core_load.own_cpu_time_s() - own_s
    return max(0.0, busy_s - own_s) / (time.monotonic() - at)


def _memory_bytes() -> int:
    host = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    files = ("memory.max", "memory/memory.limit_in_bytes")
    limits = [_read_bytes(Path("/sys/fs/cgroup") / name) for name in files]
    return min([host, *(limit for limit in limits if limit is not None)])


def _read_bytes(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None
