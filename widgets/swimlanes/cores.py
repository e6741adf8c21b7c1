"""How many cores this process may use, and which limit decides it.

``os.cpu_count()`` counts the host. What a process may use is the smallest of

- *host*: logical CPUs that the operating system has online;
- *affinity*: the CPUs this process is pinned to, by ``taskset`` or by a container's cpuset;
- *cgroup quota*: CPU time per period that a container may use (``docker run --cpus``), of this
  process's group and those above it;
- *PYTHON_CPU_COUNT*: the environment variable that Python 3.13 and later obey;
- *LOKY_MAX_CPU_COUNT*: the environment variable that joblib obeys.

A quota of 1.5 cores lets two workers do more than one, so it counts as 2.

The two variables are wishes: who starts more workers gets the other cores, too. What a run could
use is therefore judged without them (`UsableCores.granted`).

These are logical CPUs. Where two of them are hardware threads of one physical core, two workers on
them do little more than one: `UsableCores.physical` tells.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from swimlanes import cgroup
from swimlanes.brief import plural

QUOTA = "cgroup quota"
SHARED = "SWIMLANES_SHARED_CORES"
"""In the environment of a hub's participants: how many of them may share the cores, if several."""
TOLD_TO_PROGRAMS = ("PYTHON_CPU_COUNT", "LOKY_MAX_CPU_COUNT")
"""Variables that say how many workers programs should start. They limit nothing."""
_TOPOLOGY = Path("/sys/devices/system/cpu")


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit on the cores: its name, its size in cores (None: no limit) and a remark."""

    name: str
    cores: float | None
    detail: str


class UsableCores(int):
    """The number of cores that may be used: an int that knows its reasons.

    Attributes
    ----------
    limits : tuple of Limit
        Every limit that was looked at; the host comes first.
    bound_by : str
        Name of the limit that decided: the first of the tightest.
    cpus : tuple of int
        Ids of the logical CPUs this process may run on.
    physical : int
        How many of the usable cores can be physical ones, at most their number.
    sharers : int
        How many participants of a class may come to use these cores, 1 if they are one's own.
    """

    limits: tuple[Limit, ...]
    bound_by: str
    cpus: tuple[int, ...]
    physical: int
    sharers: int
    _physical: int | None

    def __new__(
        cls,
        limits: Sequence[Limit],
        cpus: Sequence[int],
        physical: int | None = None,
        sharers: int = 1,
    ) -> UsableCores:
        """Find the tightest of `limits`; by default every CPU is a physical core."""
        tightest = min(limits, key=_cores)
        self = super().__new__(cls, max(1, math.ceil(_cores(tightest))))
        self.limits = tuple(limits)
        self.bound_by = tightest.name
        self.cpus = tuple(cpus)
        self._physical = physical
        self.physical = int(self) if physical is None else min(int(self), physical)
        self.sharers = sharers
        return self

    @property
    def host(self) -> int:
        """Logical CPUs of the host."""
        return int(self.limits[0].cores or 1)

    @property
    def quota(self) -> float | None:
        """CPU time that may be used per time that passes, cores; None: as much as there is."""
        return next((limit.cores for limit in self.limits if limit.name == QUOTA), None)

    @property
    def granted(self) -> UsableCores:
        """The cores that the system lets compute, whatever variables tell programs to use.

        Examples
        --------
        >>> limits = [Limit("host", 2, "2 CPUs"), Limit("PYTHON_CPU_COUNT", 1, "it is 1")]
        >>> cores = UsableCores(limits, cpus=[0, 1])
        >>> int(cores), int(cores.granted)
        (1, 2)
        """
        limits = [limit for limit in self.limits if limit.name not in TOLD_TO_PROGRAMS]
        return UsableCores(limits, self.cpus, self._physical, self.sharers)

    def explain(self) -> str:
        """Say in words what decides the number.

        Examples
        --------
        >>> host = Limit("host", 16, "the host has 16 CPUs")
        >>> limits = [host, Limit("affinity", 2, "pinned to 0–1")]
        >>> UsableCores(limits, cpus=[0, 1]).explain()
        'pinned to 0–1 · the host has 16'
        >>> UsableCores(limits, cpus=[0, 1], physical=1).explain()
        'pinned to 0–1 · the host has 16 · 2 hardware threads on 1 physical core'
        >>> UsableCores(limits, cpus=[0, 1], sharers=3).explain()
        'pinned to 0–1 · the host has 16 · shared by up to 3 participants'
        """
        shared = [f"shared by up to {self.sharers} participants"] if self.sharers > 1 else []
        return " · ".join([*self._deciding(), *self._hardware_threads(), *shared])

    def _deciding(self) -> list[str]:
        if self.bound_by == "host":
            return ["all that the host has"]
        deciding = next(limit.detail for limit in self.limits if limit.name == self.bound_by)
        return [deciding, f"the host has {self.host}"]

    def _hardware_threads(self) -> list[str]:
        if self.physical == self:
            return []
        return [f"{int(self)} hardware threads on {plural(self.physical, 'physical core')}"]

    def __reduce__(self) -> tuple[type[UsableCores], tuple[object, ...]]:
        """Pickle with the reasons."""
        return UsableCores, (self.limits, self.cpus, self._physical, self.sharers)


def usable_cores() -> UsableCores:
    """Return the number of cores that this process may use, with the limits that decide it.

    Examples
    --------
    >>> usable_cores() >= 1
    True
    """
    cpus, online = _affinity(), _online()
    limits = [
        Limit("host", online, f"the host has {plural(online, 'CPU')}"),
        Limit("affinity", len(cpus), f"pinned to {format_cpus(cpus)}"),
        _quota_limit(cgroup.quotas()),
        *(_environment_limit(name, os.environ) for name in TOLD_TO_PROGRAMS),
    ]
    sharers = whole(os.environ.get(SHARED, "")) or 1
    return UsableCores(limits, cpus, _physical(cpus, _TOPOLOGY), sharers)


def format_cpus(cpus: Sequence[int]) -> str:
    """Write CPU ids as ranges.

    Examples
    --------
    >>> format_cpus([0, 1, 2, 5])
    '0–2, 5'
    """
    ranges: list[tuple[int, int]] = []
    for cpu in sorted(cpus):
        if ranges and cpu == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], cpu)
        else:
            ranges.append((cpu, cpu))
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in ranges)


def _cores(limit: Limit) -> float:
    return math.inf if limit.cores is None else limit.cores


def _online() -> int:
    # Not os.cpu_count(), which PYTHON_CPU_COUNT changes.
    return max(1, os.sysconf("SC_NPROCESSORS_ONLN"))


def _affinity() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(_online()))


def _environment_limit(name: str, environment: Mapping[str, str]) -> Limit:
    value = whole(environment.get(name, ""))
    return Limit(name, value, f"{name} is {value}" if value else f"{name} is not set")


def whole(text: str) -> int | None:
    """Return a whole number of at least 1, None for anything else."""
    return int(text) if text.isdecimal() and int(text) >= 1 else None


def _quota_limit(quotas: Sequence[float]) -> Limit:
    if not quotas:
        return Limit(QUOTA, None, "no quota")
    tightest = min(quotas)
    return Limit(QUOTA, tightest, f"a quota of {tightest:g} core{'s' * (tightest != 1)}")


def _physical(cpus: Sequence[int], topology: Path) -> int:
    """Count the physical cores behind `cpus`; a CPU that does not tell counts as one."""
    return len({_siblings(topology / f"cpu{cpu}" / "topology") or str(cpu) for cpu in cpus})


def _siblings(folder: Path) -> str:
    """Return the ids of the logical CPUs of one physical core, as the kernel writes them."""
    for name in ("core_cpus_list", "thread_siblings_list"):
        try:
            return (folder / name).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
    return ""
