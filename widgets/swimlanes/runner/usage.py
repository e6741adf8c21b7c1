"""What a run uses of the machine: CPU time of its own, and how busy the cores were meanwhile."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from time import monotonic, process_time, thread_time
from typing import NamedTuple, Self

from swimlanes import core_load
from swimlanes.sheet import WorkerRow


class Usage(NamedTuple):
    """Clocks at a moment, seconds; the cores' busy time is None where the system does not tell."""

    at_s: float
    own_s: float
    busy_s: float | None

    @classmethod
    def now(cls, cpus: tuple[int, ...]) -> Self:
        """Read the clocks; what has served the pool only is ended first, which tells all of it."""
        _end_fork_server()
        return cls(monotonic(), core_load.own_cpu_time_s(), core_load.busy_s(cpus))

    def since(self, before: Self) -> Self:
        """Return what has passed on each clock."""
        busy_s = None
        if self.busy_s is not None and before.busy_s is not None:
            busy_s = self.busy_s - before.busy_s
        return type(self)(self.at_s - before.at_s, self.own_s - before.own_s, busy_s)


def _end_fork_server() -> None:
    """End the fork server, if there is one, and wait for it.

    Its children are the workers. Only its parent learns exactly how much CPU time they have used,
    and only when it has ended; until then it is known to the tick. By itself it would end when all
    processes that came from it are gone, including those that a task has left behind.
    """
    module = sys.modules.get("multiprocessing.forkserver")
    server = module._forkserver if module is not None else None
    if server is not None and server._forkserver_pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server._forkserver_pid, signal.SIGKILL)
        server._stop()


class InnerThreads:
    """CPU time of threads that the tasks bring along, such as BLAS has: all but the lanes' own."""

    def __init__(self) -> None:
        self._before_s = _not_by_python_s()

    def cpu_s(self, rows: Sequence[WorkerRow]) -> float | None:
        """Return what they have used since the workers were ready, seconds, at least 0.

        Call it while the workers still live. None where the system does not tell, and where a
        process has several lanes: it has threads that serve the lanes, too.
        """
        processes = {row.pid for row in rows}
        if not core_load.tells_of_threads() or (
            len(processes) < len(rows) and processes != {os.getpid()}
        ):
            return None
        if all(row.pid == os.getpid() for row in rows):
            return max(0.0, _not_by_python_s() - self._before_s)
        return max(0.0, sum(map(_beside_the_lane_s, rows)))


def _not_by_python_s() -> float:
    """Return the CPU time of this process without that of the threads that Python has started."""
    others = (each for each in threading.enumerate() if each is not threading.current_thread())
    others_s = sum(core_load.thread_cpu_s(os.getpid(), each.native_id or 0) for each in others)
    # What the system tells of a thread that runs just now is as old as its last tick.
    return process_time() - thread_time() - others_s


def _beside_the_lane_s(row: WorkerRow) -> float:
    """Return what a process that is one lane has used beside its lane's thread."""
    process_s = core_load.process_cpu_s(row.pid) - row.process_cpu_ns / 1e9
    return process_s - core_load.thread_cpu_s(row.pid, row.thread_id) + row.thread_cpu_ns / 1e9
