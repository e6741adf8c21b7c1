"""What other programs do on these cores right now."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from swimlanes import core_load

SEEN_LOAD = 0.05
"""Load from which on a program is named, cores: a few ticks (10 ms) of the look."""
NAMED = 3


@dataclass(frozen=True)
class Program:
    """A program that computes: its name, the id of its process, its load in cores."""

    name: str
    pid: int
    load: float


class _Process(NamedTuple):
    """A process: its name, its CPU time in seconds, the CPU that it was last on."""

    name: str
    cpu_s: float
    cpu: int


_Processes: TypeAlias = dict[int, _Process]


def watch(cpus: Collection[int], for_s: float) -> tuple[float | None, tuple[Program, ...]]:
    """Watch for `for_s` seconds what others do on `cpus`.

    Returns
    -------
    load : float or None
        Load by everything but this process, cores; None where the system does not tell.
    busiest : tuple of Program
        Those whose processes can be seen from here: none of another container.
    """
    before, at_s = _processes(), time.monotonic()
    busy_s, own_s = core_load.busy_s(cpus), core_load.own_cpu_time_s()
    time.sleep(for_s)
    elapsed_s, own_s = time.monotonic() - at_s, core_load.own_cpu_time_s() - own_s
    load = None
    if busy_s is not None:
        load = max(0.0, (core_load.busy_s(cpus) or 0.0) - busy_s - own_s) / elapsed_s
    return load, tuple(_busiest(before, _processes(), cpus, elapsed_s))


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
