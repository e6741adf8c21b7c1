"""What tasks that stand still are waiting for, looked up now and then while they do.

Linux tells in which system call a thread stands, and with which arguments. A thread that waits for
the GIL stands in a wait with a time limit (it asks for the GIL again every 5 ms) at an address
within Python itself. A lock of a program's own lies elsewhere, or has no time limit.

The kernel is asked, and not a profiler, so that nothing is added to the process that is measured.
"""

from __future__ import annotations

import os
import platform
import time
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from swimlanes import kin
from swimlanes.records import WAITS, Tasks, Waits
from swimlanes.sheet import END, START, WORKER, WorkerRow

MOST_LANES = 64
"""More lanes than these are not looked at, which bounds what a look costs."""
MOST_LOOKS = 50_000
"""When there are more, every other one is dropped, which bounds the memory of a long run."""
_FUTEX, _FLOCK, _FCNTL = {"aarch64": (98, 32, 25)}.get(platform.machine(), (202, 73, 72))
"""Numbers of the system calls in which a thread waits for a lock; Linux on x86_64 otherwise."""
_OPERATION, _WAIT_BITSET = 0x7F, 9
"""A futex's operation without its flags, and the one with which Python waits; linux/futex.h."""
_SET_LOCK_AND_WAIT = (7, 38)
"""``F_SETLKW`` and ``F_OFD_SETLKW``."""


class _Look(NamedTuple):
    """What a worker was seen waiting for at a moment."""

    worker: int
    at_ns: int
    kind: str
    round: int


class WaitsLog:
    """What the lanes of a run were seen waiting for.

    Of a long run every second round of looks is kept, then every fourth, and so on, so that the
    looks stay evenly spread over its time and over its lanes.
    """

    def __init__(self) -> None:
        self._looks: list[_Look] = []
        self._rounds, self._one_in = 0, 1
        self._within_python: dict[tuple[int, int], bool] = {}

    def look(self, lanes: Iterable[WorkerRow]) -> None:
        """Look once at every lane; one that runs, or cannot be looked at, is left out."""
        self._rounds += 1
        if self._rounds % self._one_in:
            return
        if len(self._looks) > MOST_LOOKS:
            self._one_in *= 2
            self._looks = [look for look in self._looks if look.round % self._one_in == 0]
        for lane in list(lanes)[:MOST_LANES]:
            kind = self._kind(lane)
            if kind:
                self._looks.append(_Look(lane.worker, time.monotonic_ns(), kind, self._rounds))

    def told(self, tasks: Tasks) -> tuple[Waits, Waits]:
        """Count what lanes were seen waiting for in a task, and between two of their tasks."""
        spans: dict[int, list[tuple[int, int]]] = {}
        columns = (tasks.column(word) for word in (WORKER, START, END))
        for worker, start, end in zip(*columns, strict=True):
            spans.setdefault(worker, []).append((start, end))
        for lane in spans.values():
            lane.sort()
        seen: dict[str, list[str]] = {"task": [], "gap": [], "": []}
        for look in self._looks:
            seen[_place(spans.get(look.worker, []), look.at_ns)].append(look.kind)
        return _count(seen["task"]), _count(seen["gap"])

    def _kind(self, lane: WorkerRow) -> str:
        told = kin.read(lane.pid, f"task/{lane.thread_id}/syscall").split()
        if told[:1] in ([], [b"running"]):
            return ""
        call, *arguments = (int(word, 0) for word in told[:6])
        if call == _FUTEX:
            return "gil" if self._is_gil(lane.pid, arguments) else "lock"
        waits_for_file = call == _FCNTL and arguments[1] in _SET_LOCK_AND_WAIT
        return "lock" if call == _FLOCK or waits_for_file else "other"

    def _is_gil(self, pid: int, arguments: list[int]) -> bool:
        address, operation, _, limit, *_ = arguments
        if operation & _OPERATION != _WAIT_BITSET or not limit:
            return False
        if (pid, address) not in self._within_python:
            self._within_python[pid, address] = _lies_within_python(pid, address)
        return self._within_python[pid, address]


def _place(spans: list[tuple[int, int]], at_ns: int) -> str:
    """Return whether a moment lies in one of a lane's tasks, between two of them, or outside."""
    number = bisect_right(spans, (at_ns, 0)) - 1
    if number < 0 or at_ns >= spans[-1][1]:
        return ""
    return "task" if at_ns < spans[number][1] else "gap"


def _count(kinds: list[str]) -> Waits:
    return Waits(*(kinds.count(kind) for kind in WAITS))


def _lies_within_python(pid: int, address: int) -> bool:
    """Return whether an address belongs to a file of Python itself, not to memory it asked for."""
    for line in kin.read(pid, "maps").splitlines():
        span, *_, name = line.split(maxsplit=5)
        start, end = (int(bound, 16) for bound in span.split(b"-"))
        if start <= address < end:
            return b"python" in os.path.basename(name)
    return False
