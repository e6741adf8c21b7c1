"""What is known about this machine, and what other programs do on its cores right now."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from swimlanes import cgroup, core_load, metrics, modes
from swimlanes.cores import TOLD_TO_PROGRAMS, Limit, usable_cores
from swimlanes.doctor.processor import emulated_on

T = TypeVar("T")

LOOK_S = 0.5
COUNTED_BY_LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
PARTICIPANT_CORES = 2
"""Cores that each participant needs so that the lessons show a speedup."""
SEEN_LOAD = 0.05
"""Smallest load of a program that is named, cores: a few ticks (10 ms) of the look."""
NAMED = 3


@dataclass(frozen=True)
class Program:
    """A program that computes: its name, the id of its process, its load in cores."""

    name: str
    pid: int
    load: float


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
    machine : str
        The kind of machine that the interpreter is built for, for example ``x86_64``.
    emulated_on : str or None
        The kind of the processor, if it is another one.
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
    machine: str
    emulated_on: str | None
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
        return self.possible_speedup > 1 and not self.crowded and not self.emulated_on

    @property
    def possible_speedup(self) -> float:
        """The largest speedup of compute-bound work: as many physical cores as the quota lets."""
        return max(1.0, min(float(self.physical_cores), self.quota or self.physical_cores))

    @property
    def crowded(self) -> bool:
        """Whether others use more of the cores than a fair measurement bears."""
        load = self.others_in_the_way
        return metrics.is_unfair(load, self.usable_cores, load / (2 * self.usable_cores))

    @property
    def others_in_the_way(self) -> float:
        """Load by everything else that is not on CPUs that this process has no use for, cores."""
        return metrics.in_the_way(self.others_load or 0.0, len(self.cpus), self.usable_cores)

    @property
    def participants(self) -> int:
        """How many participants can have two physical cores of their own here."""
        return self.physical_cores // PARTICIPANT_CORES


def gather() -> Facts:
    """Find out everything; takes half a second, to see what others do on the cores."""
    cores = usable_cores().granted
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
        machine=platform.machine(),
        emulated_on=emulated_on(),
        start_method=modes.start_methods()[0],
        memory_bytes=_memory_bytes(),
        others_load=others_load,
        physical_cores=cores.physical,
        quota=cores.quota,
        throttled_s=cgroup.throttled_s(),
        busiest=busiest,
        shared_memory_bytes=_room(Path("/dev/shm")),
        variables={name: os.environ.get(name) for name in TOLD_TO_PROGRAMS + COUNTED_BY_LIBRARIES},
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


class _Process(NamedTuple):
    """A process: its name, its CPU time in seconds, the CPU that it was last on."""

    name: str
    cpu_s: float
    cpu: int


_Processes: TypeAlias = dict[int, _Process]


def watch(cpus: Collection[int], for_s: float) -> tuple[float | None, tuple[Program, ...]]:
    """Watch for `for_s` seconds what others do on `cpus`: their load in cores, and the busiest.

    The load is None where the system does not tell. No program of another container can be seen.
    """
    before, at_s = _processes(), time.monotonic()
    _, load = with_load_by_others(cpus, lambda: time.sleep(for_s))
    elapsed_s = time.monotonic() - at_s
    return load, tuple(_busiest(before, _processes(), cpus, elapsed_s))


def with_load_by_others(cpus: Collection[int], measure: Callable[[], T]) -> tuple[T, float | None]:
    """Return what `measure` gives, and the load by everything else meanwhile on `cpus`, cores."""
    busy_s, own_s, at_s = core_load.busy_s(cpus), core_load.own_cpu_time_s(), time.monotonic()
    result = measure()
    if busy_s is None:
        return result, None
    own_s = core_load.own_cpu_time_s() - own_s
    busy_s = (core_load.busy_s(cpus) or 0.0) - busy_s
    return result, core_load.load_by_others(len(cpus), time.monotonic() - at_s, busy_s, own_s)


def _busiest(
    before: _Processes, after: _Processes, cpus: Collection[int], elapsed_s: float
) -> list[Program]:
    """Return the few programs that computed most on `cpus`, without this one."""
    programs = [
        Program(process.name, pid, (process.cpu_s - _cpu_s(before, pid)) / elapsed_s)
        for pid, process in after.items()
        if process.cpu in cpus and pid != os.getpid()
    ]
    seen = [program for program in programs if program.load >= SEEN_LOAD]
    return sorted(seen, key=lambda program: program.load, reverse=True)[:NAMED]


def _cpu_s(processes: _Processes, pid: int) -> float:
    """Return the CPU time of a process; one that was not there yet had none."""
    return processes[pid].cpu_s if pid in processes else 0.0


def _processes() -> _Processes:
    """Return all processes that can be seen from here."""
    told = {int(pid): core_load.stat_of(f"/proc/{pid}") for pid in filter(str.isdigit, _listed())}
    return {
        pid: _Process(name, core_load.cpu_s_of(fields), int(fields[core_load.CPU]))
        for pid, (name, fields) in told.items()
        if fields  # else it has just ended
    }


def _listed() -> list[str]:
    return os.listdir("/proc") if os.path.isdir("/proc") else []
