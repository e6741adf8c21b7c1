"""How busy the cores are, all processes together, read from the operating system."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from collections.abc import Collection, Iterable, Iterator
from math import sqrt

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
# Places after the name in /proc/PID/stat and /proc/PID/task/TID/stat: what was used, what children
# have used that were waited for, and the CPU of the last run.
_USED, _USED_BY_CHILDREN, CPU = (11, 12), (13, 14), 36
_USER, _NICE, _SYSTEM, _IRQ, _SOFTIRQ, _STOLEN = 0, 1, 2, 5, 6, 7
TICKS_TO_TELL_S = 0.25
"""Shortest time over which a load in steps of one tick (10 ms) says anything, seconds."""
_CPU_CLOCK_OF_A_PROCESS = 2


def busy_s(cpus: Collection[int]) -> float | None:
    """Return the time that logical CPUs have been busy since the machine started, summed, seconds.

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


def with_descendants(pids: Iterable[int]) -> set[int]:
    """Return the processes, and all that live below them."""
    return {each for pid in pids for each in (pid, *_descendants(pid))}


def thread_usage(pids: Iterable[int]) -> dict[int, tuple[int, float]]:
    """Return by thread id the CPU where it was seen last, and its CPU time, seconds, to the tick.

    Processes that have ended are left out, and all where the system does not tell.
    """
    usage = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                _, fields = stat_of(f"/proc/{pid}/task/{thread}")
                if fields:
                    usage[int(thread)] = int(fields[CPU]), cpu_s_of(fields)
    return usage


def stat_of(place: str) -> tuple[str, list[str]]:
    """Return the name of a process or thread and the fields of its ``stat``; none if it is gone.

    The name, in brackets, may hold anything; what follows it does not.
    """
    before, _, after = _read(f"{place}/stat").rpartition(")")
    return before.partition("(")[2], after.split()


def cpu_s_of(fields: list[str], kinds: tuple[int, int] = _USED) -> float:
    """Return the CPU time in the fields of a ``stat``, seconds, to the tick."""
    return sum(int(fields[kind]) for kind in kinds) * _TICK_S


def busy_error_s(cpus: int, elapsed_s: float, busy_s: float) -> float:
    """Return by how much a difference of two `busy_s` may be wrong, seconds.

    It was summed over a number of logical CPUs, and the time between the two is greater than 0. The
    system asks each CPU once a tick what it does. So a CPU that is always busy or always idle
    is told right but for a tick at the ends; of one that is busy a share p of N ticks, the count
    has the standard deviation of N draws, sqrt(N p (1 - p)). Twice that is given here.

    Examples
    --------
    >>> round(busy_error_s(cpus=2, elapsed_s=1.0, busy_s=2.0), 3)  # always busy
    0.02
    >>> round(busy_error_s(cpus=2, elapsed_s=1.0, busy_s=1.0), 3)
    0.161
    """
    ticks = cpus * elapsed_s / _TICK_S
    share = min(1.0, max(0.0, busy_s / (cpus * elapsed_s)))
    return _TICK_S * (cpus + 2 * sqrt(ticks * share * (1 - share)))


def load_by_others(cpus: int, elapsed_s: float, busy_s: float, own_s: float) -> float:
    """Return the load by other programs on a number of logical CPUs, cores, 0 to that number.

    Two clocks are compared, one of them in ticks: their difference may lie beyond what is possible.

    Examples
    --------
    >>> load_by_others(cpus=2, elapsed_s=1.0, busy_s=1.5, own_s=1.0)
    0.5
    >>> load_by_others(cpus=2, elapsed_s=1.0, busy_s=2.05, own_s=0.0)
    2.0
    """
    return min(float(cpus), max(0.0, (busy_s - own_s) / elapsed_s))


def own_cpu_time_s() -> float:
    """Return the CPU time of this process and of all that came from it, seconds.

    Counted are this process, its children that have ended, and whatever lives below it, with the
    ended children of that: a pool's workers are grandchildren where a fork server starts them.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = map(_with_children_cpu_s, _descendants(os.getpid()))
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(living)


def family_cpu_time_s(pid: int) -> float:
    """Return the CPU time of another process and of all that came from it, seconds; 0 if gone."""
    return sum(map(_with_children_cpu_s, with_descendants([pid])))


def family_wants_core(pid: int) -> bool:
    """Return whether a thread of another process, or of one below it, can run at this moment."""
    for one in with_descendants([pid]):
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{one}/task"):
                _, fields = stat_of(f"/proc/{one}/task/{thread}")
                if fields[:1] == ["R"]:
                    return True
    return False


def process_cpu_s(pid: int) -> float:
    """Return the CPU time of a process, all its threads together, seconds; 0 if it is gone."""
    with contextlib.suppress(OSError):
        # How Linux numbers the CPU clock of another process, see clock_getcpuclockid(3).
        return time.clock_gettime((~pid << 3) | _CPU_CLOCK_OF_A_PROCESS)
    return 0.0


def thread_cpu_s(pid: int, thread: int) -> float:
    """Return the CPU time of a thread, seconds; 0 if it is gone."""
    told = _read(f"/proc/{pid}/task/{thread}/schedstat").split()
    return int(told[0]) / 1e9 if told else 0.0


def tells_of_threads() -> bool:
    """Return whether the system tells the CPU time of single threads."""
    return os.path.exists("/proc/thread-self/schedstat")


def _with_children_cpu_s(pid: int) -> float:
    """Return the CPU time of a process, and of its ended children to the tick."""
    _, fields = stat_of(f"/proc/{pid}")
    return process_cpu_s(pid) + (cpu_s_of(fields, _USED_BY_CHILDREN) if fields else 0.0)


def _descendants(pid: int) -> Iterator[int]:
    """Yield the processes that live below a process."""
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            for child in map(int, _read(f"/proc/{pid}/task/{thread}/children").split()):
                yield child
                yield from _descendants(child)


def _read(path: str) -> str:
    """Return what a file of the system's says; nothing if its process is gone."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _busy_ticks(ticks: list[str]) -> int:
    """Return for how many ticks a CPU was busy, also for another virtual machine of its host."""
    kinds = (_USER, _NICE, _SYSTEM, _IRQ, _SOFTIRQ, _STOLEN)
    return sum(int(ticks[kind]) for kind in kinds)
