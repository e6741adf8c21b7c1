"""How many cores this process may use, and which limit decides it.

``os.cpu_count()`` counts the host. What a process may use is the smallest of

- *host*: logical CPUs that the operating system has online;
- *affinity*: the CPUs this process is pinned to, by ``taskset`` or by a container's cpuset;
- *cgroup quota*: CPU time per period that a container may use (``docker run --cpus``), read from
  ``cpu.max`` (cgroup v2) or ``cpu.cfs_quota_us`` (cgroup v1) of this group and those above it;
- *PYTHON_CPU_COUNT*: the environment variable that Python 3.13 and later obey.

A quota of 1.5 cores lets two workers do more than one, so it counts as 2.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


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
    """

    limits: tuple[Limit, ...]
    bound_by: str
    cpus: tuple[int, ...]

    def __new__(cls, limits: Sequence[Limit], cpus: Sequence[int]) -> UsableCores:
        """Find the tightest of `limits`."""
        tightest = min(limits, key=_whole_cores)
        self = super().__new__(cls, _whole_cores(tightest))
        self.limits = tuple(limits)
        self.bound_by = tightest.name
        self.cpus = tuple(cpus)
        return self

    @property
    def host(self) -> int:
        """Logical CPUs of the host."""
        return int(self.limits[0].cores or 1)

    def explain(self) -> str:
        """Say in words what decides the number.

        Examples
        --------
        >>> limits = [Limit("host", 16, "16 CPUs online"), Limit("affinity", 2, "pinned to 0–1")]
        >>> UsableCores(limits, cpus=[0, 1]).explain()
        'pinned to 0–1 · the host has 16'
        """
        if self.bound_by == "host":
            return "all that the host has"
        deciding = next(limit.detail for limit in self.limits if limit.name == self.bound_by)
        return f"{deciding} · the host has {self.host}"

    def __reduce__(self) -> tuple[type[UsableCores], tuple[object, ...]]:
        """Pickle with the reasons."""
        return UsableCores, (self.limits, self.cpus)


def usable_cores() -> UsableCores:
    """Return the number of cores that this process may use, with the limits that decide it.

    Examples
    --------
    >>> usable_cores() >= 1
    True
    """
    cpus, online = _affinity(), _online()
    limits = [
        Limit("host", online, f"{online} CPUs online"),
        Limit("affinity", len(cpus), f"pinned to {format_cpus(cpus)}"),
        _quota_limit(_own_quotas(Path("/proc/self/cgroup"), Path("/proc/self/mountinfo"))),
        _environment_limit(os.environ),
    ]
    return UsableCores(limits, cpus)


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


def _whole_cores(limit: Limit) -> int:
    return max(1, math.ceil(limit.cores)) if limit.cores is not None else 1 << 30


def _online() -> int:
    # Not os.cpu_count(), which PYTHON_CPU_COUNT changes.
    return max(1, os.sysconf("SC_NPROCESSORS_ONLN"))


def _affinity() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(_online()))


def _environment_limit(environment: Mapping[str, str]) -> Limit:
    name = "PYTHON_CPU_COUNT"
    value = environment.get(name, "")
    if not value.isdecimal() or int(value) < 1:
        return Limit(name, None, f"{name} is not set")
    return Limit(name, int(value), f"{name} is {value}")


def _quota_limit(quotas: Iterator[float]) -> Limit:
    tightest = min(quotas, default=None)
    if tightest is None:
        return Limit("cgroup quota", None, "no quota")
    return Limit("cgroup quota", tightest, f"a quota of {tightest:g} cores")


def _own_quotas(membership: Path, mountinfo: Path) -> Iterator[float]:
    """Yield the quotas of this process's cgroup and of all groups above it, in cores."""
    for root, mount_root, controllers in _cgroup_mounts(mountinfo):
        group = _own_group(membership, controllers)
        if group is None:
            continue
        # In a container the mount shows the group's own folder as its root.
        relative = Path("/" + group.removeprefix(mount_root).lstrip("/"))
        for folder in (relative, *relative.parents):
            quota = read_quota(root / str(folder).lstrip("/"))
            if quota is not None:
                yield quota


def _cgroup_mounts(mountinfo: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield (mount point, root of the mount, controllers); v2 has "" for controllers."""
    for line in _lines(mountinfo):
        before, _, after = line.partition(" - ")
        fields, (kind, _, options) = before.split(), after.split(maxsplit=2)
        if kind == "cgroup2":
            yield Path(fields[4]), fields[3], ""
        elif kind == "cgroup" and "cpu" in options.split(","):
            yield Path(fields[4]), fields[3], "cpu"


def _own_group(membership: Path, controller: str) -> str | None:
    for line in _lines(membership):
        _, controllers, group = line.split(":", 2)
        if controller in controllers.split(","):
            return group
    return None


def read_quota(group: Path) -> float | None:
    """Return the CPU quota of one cgroup folder in cores, or None if it has none.

    Parameters
    ----------
    group : Path
        Folder with ``cpu.max`` (v2) or ``cpu.cfs_quota_us`` and ``cpu.cfs_period_us`` (v1).
        Files that are missing, unreadable or empty mean no quota.
    """
    words = " ".join(_lines(group / "cpu.max")).split()
    if not words:
        words = [*_lines(group / "cpu.cfs_quota_us"), *_lines(group / "cpu.cfs_period_us")]
    if len(words) != 2 or not all(word.isdecimal() and int(word) > 0 for word in words):
        return None
    quota_us, period_us = map(int, words)
    return quota_us / period_us


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
