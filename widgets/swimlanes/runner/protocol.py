"""What a runner is told and what it answers."""

from __future__ import annotations

import os
from dataclasses import dataclass

from swimlanes.worker import TaskFailure


@dataclass(frozen=True)
class Request:
    """All that a runner needs to know.

    ``function`` and ``inputs`` are pickled apart. The workers load the function, whatever their
    start method; ``sys_path`` lets them find the participant's modules. The outcome goes to the
    file descriptor ``outcome``.
    """

    folder: str
    outcome: int
    mode: str
    workers: int
    threads: int
    start_method: str | None
    schedule: str
    chunksize: int
    function: bytes
    inputs: bytes
    tasks_count: int
    cpus: tuple[int, ...]
    sys_path: tuple[str, ...]

    @property
    def sheet(self) -> str:
        """Path of the record sheet."""
        return os.path.join(self.folder, "sheet")


@dataclass(frozen=True)
class Success:
    """The results, each pickled, and what the run took; None where the system does not tell."""

    results: tuple[bytes, ...]
    results_digest: str
    interpreter: str
    cpu_time_s: float
    busy_s: float | None
    throttled_s: float | None


@dataclass(frozen=True)
class Unsendable:
    """An input or a result that cannot travel between processes; the task is not always known."""

    what: str
    task: int | None
    value: str
    reason: str


@dataclass(frozen=True)
class WorkerDeath:
    """A worker ended in the middle of the run; a negative exit code is a signal."""

    pid: int
    exitcode: int | None


@dataclass(frozen=True)
class Breakdown:
    """Something else went wrong in the pool itself."""

    error: str
    traceback: str


Outcome = Success | TaskFailure | Unsendable | WorkerDeath | Breakdown
