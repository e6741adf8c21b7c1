"""What is reached on work that shows it: S(n) is the serial time over that of n workers."""

from __future__ import annotations

from swimlanes import measure, scaling
from swimlanes.bench.turns import medians

ROUNDS = 3


def processes_speedup_2() -> float:
    """Return S(2) of processes on count-down, 16 tasks of 100 ms."""
    return _speedup_2("processes")


def threads_speedup_2() -> float:
    """Return S(2) of threads on count-down, 16 tasks of 100 ms."""
    return _speedup_2("threads")


def query_threads_speedup_8() -> float:
    """Return S(8) of threads that wait, 16 tasks of 100 ms."""
    serial_s, threads_s = medians(
        lambda: _query_s("serial", 1), lambda: _query_s("threads", 8), ROUNDS
    )
    return serial_s / threads_s


def _speedup_2(mode: str) -> float:
    study = scaling.study("count-down", mode=mode, tasks=16, task_ms=100, max_workers=2)
    return study.points[-1].speedup


def _query_s(mode: str, workers: int) -> float:
    return measure.run("query", mode=mode, workers=workers, tasks=16, task_ms=100).wall_time_s
