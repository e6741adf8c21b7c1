"""What is known about this machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from swimlanes import cgroup, metrics, modes
from swimlanes.cores import Limit, usable_cores
from swimlanes.doctor.neighbours import Program, watch

LOOK_S = 0.5
COUNTED_BY_PYTHON = ("PYTHON_CPU_COUNT", "LOKY_MAX_CPU_COUNT")
COUNTED_BY_LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
PARTICIPANT_CORES = 2
"""Cores of a participant's own with which the lessons show something."""


@dataclass(frozen=True)
class Facts:
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
    physical_cores : int
        How many of the usable cores can be physical ones.
    quota : float or None
        CPU time that may be used per time that passes, cores.
    throttled_s : float or None
        How long the quota has held this group back so far, core-seconds.
    busiest : tuple of Program
        The programs that make up the load of others, as far as they can be seen.
    shared_memory_bytes : int or None
        Room left in ``/dev/shm``; None where there is no such folder.
    variables : mapping of str to str or None
        What Python and numerical libraries are told about the number of cores.
    unavailable_modes : mapping of str to str
        Every mode that does not work here, and why.
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
    physical_cores: int
    quota: float | None
    throttled_s: float | None
    busiest: tuple[Program, ...]
    shared_memory_bytes: int | None
    variables: Mapping[str, str | None]
    unavailable_modes: Mapping[str, str]

    @property
    def speedup_possible(self) -> bool:
        """Whether a speedup of compute-bound work can be shown here."""
        return self.possible_speedup > 1 and not self.crowded

    @property
    def possible_speedup(self) -> float:
        """The largest speedup of compute-bound work: as many physical cores as the quota lets."""
        return max(1.0, min(float(self.physical_cores), self.quota or self.physical_cores))

    @property
    def crowded(self) -> bool:
        """Whether others use more of the cores than a fair measurement bears."""
        load = self.others_load or 0.0
        return metrics.is_unfair(load, self.usable_cores, load / (2 * self.usable_cores))

    @property
    def participants(self) -> int:
        """How many participants can have two physical cores of their own here."""
        return self.physical_cores // PARTICIPANT_CORES


def gather() -> Facts:
    """Find out everything; takes half a second, to see what others do on the cores."""
    cores = usable_cores()
    others_load, busiest = watch(cores.cpus, LOOK_S)
    reasons = {mode: modes.why_unavailable(mode) for mode in modes.MODES}
    return Facts(
        usable_cores=int(cores),
        host_cores=cores.host,
        cpus=cores.cpus,
        bound_by=cores.bound_by,
        reason=cores.explain(),
        limits=cores.limits,
        interpreter=f"{platform.python_implementation()} {platform.python_version()}",
        start_method=modes.start_methods()[0],
        memory_bytes=_memory_bytes(),
        others_load=others_load,
        physical_cores=cores.physical,
        quota=cores.quota,
        throttled_s=cgroup.throttled_s(),
        busiest=busiest,
        shared_memory_bytes=_room(Path("/dev/shm")),
        variables={name: os.environ.get(name) for name in COUNTED_BY_PYTHON + COUNTED_BY_LIBRARIES},
        unavailable_modes={mode: reason for mode, reason in reasons.items() if reason},
    )


def _memory_bytes() -> int:
    host = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(host, cgroup.memory_limit_bytes() or host)


def _room(folder: Path) -> int | None:
    try:
        system = os.statvfs(folder)
    except OSError:
        return None
    return system.f_bavail * system.f_frsize
