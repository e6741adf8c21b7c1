"""What the control groups (cgroups) of this process allow, and what they have done to it.

A group is a folder. Linux has two versions of the files in it: v1, with a tree of folders for each
controller (``cpu``, ``memory``), and v2, with one tree for all. A process belongs to one folder of
a tree and obeys the limits of that folder and of all folders above it. A container sees the part
of the tree that begins with its own folder.

Files that are missing, unreadable, empty or odd say nothing; they never raise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

SELF = Path("/proc/self")
"""Where the kernel tells about this process."""
_V2 = ""
"""What ``/proc/self/cgroup`` calls the controller of a v2 tree."""
_NO_LIMIT_BYTES = 1 << 60
"""v1 has no word for "unlimited": it shows the largest number of pages there can be."""


def folders(controller: str, proc: Path = SELF) -> list[Path]:
    """Return the folders whose limits a process obeys: its own, then those above that it sees.

    The controller is ``cpu`` or ``memory``; under v2 the folders are the same.
    """
    groups = _groups(proc / "cgroup")
    found: list[Path] = []
    for point, root, tree in _mounts(proc / "mountinfo"):
        for name in tree & {_V2, controller}:
            relative = _below(root, groups.get(name))
            if relative is not None:
                found += [point / level for level in (relative, *relative.parents)]
    return found


def quotas(proc: Path = SELF) -> list[float]:
    """Return the CPU quotas that a process obeys, in cores: its own group's and those above."""
    return [quota for quota in map(read_quota, folders("cpu", proc)) if quota is not None]


def read_quota(folder: Path) -> float | None:
    """Return the CPU quota of one group in cores, or None if it has none.

    Its folder holds ``cpu.max`` (v2) or ``cpu.cfs_quota_us`` and ``cpu.cfs_period_us`` (v1).
    """
    words = _words(folder / "cpu.max")
    if not words:
        words = [*_words(folder / "cpu.cfs_quota_us"), *_words(folder / "cpu.cfs_period_us")]
    if len(words) != 2 or not all(word.isdecimal() and int(word) > 0 for word in words):
        return None
    quota_us, period_us = map(int, words)
    return quota_us / period_us


def throttle_clocks_s(proc: Path = SELF) -> tuple[float, ...]:
    """Return how long each group of a process has been throttled so far, core-seconds.

    A group is throttled when its quota for a period is used up. The kernel counts for each core
    on which somebody of the group would go on: two workers that are held back for 50 ms add 100 ms.
    """
    clocks = map(_throttle_clock_s, folders("cpu", proc))
    return tuple(clock for clock in clocks if clock is not None)


def throttled_s(before: Sequence[float] = (), proc: Path = SELF) -> float | None:
    """Return how long a process's groups have been throttled, core-seconds.

    Counted from what `throttle_clocks_s` said `before`; by default all is counted. Of several
    levels it is the one that held back longest, because while a group is throttled so is all below
    it. None where no level tells, or the process has moved to another group.

    Examples
    --------
    >>> before = throttle_clocks_s()
    >>> (throttled_s(before) or 0.0) >= 0.0
    True
    """
    clocks = throttle_clocks_s(proc)
    starts = before or (0.0,) * len(clocks)
    if len(starts) != len(clocks):
        return None
    return max((clock - start for clock, start in zip(clocks, starts, strict=True)), default=None)


def oom_kills(proc: Path = SELF) -> int | None:
    """Return how many processes of a process's group have been killed for want of memory.

    The kernel counts a kill in the group of the process that it killed, so the nearest level that
    tells is asked: levels above it count the kills of strangers. None where no level tells.
    """
    for folder in folders("memory", proc):
        told = _fields(folder / "memory.events") or _fields(folder / "memory.oom_control")
        if "oom_kill" in told:
            return told["oom_kill"]
    return None


def memory_limit_bytes(proc: Path = SELF) -> int | None:
    """Return the tightest memory limit that a process obeys, bytes; None if there is none."""
    limits = [limit for folder in folders("memory", proc) for limit in _memory_limits(folder)]
    return min((limit for limit in limits if limit < _NO_LIMIT_BYTES), default=None)


def _groups(file: Path) -> dict[str, str]:
    """Return the group of each controller, from lines like ``5:cpu,cpuacct:/docker/abc``."""
    lines = [line.split(":", 2) for line in _lines(file)]
    return {
        controller: fields[2]
        for fields in lines
        if len(fields) == 3
        for controller in fields[1].split(",")
    }


def _mounts(file: Path) -> Iterator[tuple[Path, str, set[str]]]:
    """Yield of each mounted tree: mount point, the group that is its root, its controllers."""
    for line in _lines(file):
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split(maxsplit=2)
        if len(fields) < 5 or len(kind) < 3 or kind[0] not in ("cgroup", "cgroup2"):
            continue
        tree = {_V2} if kind[0] == "cgroup2" else set(kind[2].split(","))
        yield Path(fields[4]), fields[3], tree


def _below(root: str, group: str | None) -> PurePosixPath | None:
    """Return the way from the root of a mount to `group`; None if it does not lead there."""
    if group is None or not PurePosixPath(group).is_relative_to(root):
        return None
    relative = PurePosixPath(group).relative_to(root)
    return None if ".." in relative.parts else relative


def _throttle_clock_s(folder: Path) -> float | None:
    stat = _fields(folder / "cpu.stat")
    for name, in_a_second in (("throttled_usec", 1e6), ("throttled_time", 1e9)):
        if name in stat:
            return stat[name] / in_a_second
    return None


def _memory_limits(folder: Path) -> list[int]:
    contents = [_words(folder / name) for name in ("memory.max", "memory.limit_in_bytes")]
    return [int(words[0]) for words in contents if len(words) == 1 and words[0].isdecimal()]


def _fields(file: Path) -> dict[str, int]:
    """Return lines like ``oom_kill 3`` as a dictionary."""
    pairs = [line.split() for line in _lines(file)]
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdecimal()}


def _words(file: Path) -> list[str]:
    return " ".join(_lines(file)).split()


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
