"""How busy the cores are, all processes together, read from the operating system."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Collection, Iterable

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
# Places after the name in /proc/PID/task/TID/stat.
_THREAD_USER, _THREAD_SYSTEM, _THREAD_CPU = 11, 12, 36
_USER, _NICE, _SYSTEM, _IRQ, _SOFTIRQ = 0, 1, 2, 5, 6
TICKS_TO_TELL_S = 0.25
"""Shortest time over which a load in steps of one tick (10 ms) says anything, seconds."""


def busy_s(cpus: Collection[int]) -> float | None:
    """Return the time that `cpus` have been busy since the machine started, summed, seconds.

    Parameters
    ----------
    cpus : collection of int
        Ids of logical CPUs.

    Returns
    -------
    float or None
        None where the system does not tell (no ``/proc/stat``).
    """
    per_cpu = busy_per_cpu_s()
    return sum(per_cpu.get(cpu, 0.0) for cpu in cpus) if per_cpu else None


def busy_per_cpu_s() -> dict[int, float]:
    """Return the busy time of each logical CPU, seconds; empty where the system does not tell."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            lines = [line for line in file if line.startswith("cpu") and line[3].isdigit()]
    except OSError:
        return {}
    return {int(name[3:]): _busy_ticks(ticks) * _TICK_S for name, *ticks in map(str.split, lines)}


def thread_usage(pids: Iterable[int]) -> dict[int, tuple[int, float]]:
    """Return where the threads of processes were seen last, and their CPU time so far.

    Parameters
    ----------
    pids : iterable of int
        Ids of processes; those that have ended are left out.

    Returns
    -------
    dict of int to (int, float)
        By thread id the logical CPU and the CPU time in seconds, to the tick; empty where the
        system does not tell.
    """
    usage = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/stat", encoding="utf-8") as file:
                    # The name, in brackets, may hold anything; what follows it does not.
                    fields = file.read().rpartition(")")[2].split()
                ticks = int(fields[_THREAD_USER]) + int(fields[_THREAD_SYSTEM])
                usage[int(thread)] = int(fields[_THREAD_CPU]), ticks * _TICK_S
    return usage


def own_cpu_time_s() -> float:
    """Return the CPU time of this process and its ended children, seconds."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _busy_ticks(ticks: list[str]) -> int:
    return sum(int(ticks[kind]) for kind in (_USER, _NICE, _SYSTEM, _IRQ, _SOFTIRQ))
