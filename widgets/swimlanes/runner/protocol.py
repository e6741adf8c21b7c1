"""What a runner is told and what it answers."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from swimlanes import modes
from swimlanes.heritage import Heritage
from swimlanes.modes import Mode, Trouble
from swimlanes.runner.usage import Usage
from swimlanes.sheet import ClusterTold
from swimlanes.travel import Payload
from swimlanes.warmup import Warmed
from swimlanes.worker import InitializerFailure, NotLoaded, TaskFailure, Unloadable, Unsendable


class Order(NamedTuple):
    """All that a runner needs to know.

    ``function`` and ``inputs`` are pickled apart. Each process loads the function once;
    ``sys_path`` lets it find the participant's modules. ``own_classes`` says that some classes come
    by value, so that results may hold some as well. The outcome goes to the file descriptor
    ``outcome``. ``cluster`` is the address of a Dask scheduler, or empty. ``bare`` asks for the
    times alone: tasks are not recorded, and results are not returned. ``initializes`` says that the
    function comes with an initializer, and ``warmup`` how often each lane calls it before the
    clock.
    """

    folder: str
    outcome: int
    mode: str
    workers: int
    threads: int
    start_method: str | None
    schedule: str
    chunksize: int
    function: Payload
    inputs: bytes
    own_classes: bool
    tasks_count: int
    cpus: tuple[int, ...]
    sys_path: tuple[str, ...]
    cluster: str
    bare: bool
    heritage: Heritage
    initializes: bool
    warmup: int

    @property
    def kind(self) -> Mode:
        """The mode itself."""
        return modes.of(self.mode)

    @property
    def sheet(self) -> str:
        """Path of the record sheet."""
        return os.path.join(self.folder, "sheet")

    @property
    def packs(self) -> bool:
        """Whether results go into parcels, because the notebook's own classes may be in them."""
        return self.own_classes and not self.kind.in_one_process

    @property
    def marked(self) -> bool:
        """Whether what travels carries marks; across a cluster, messages are timed otherwise."""
        return not self.kind.in_one_process and not self.kind.elsewhere

    @property
    def inherits(self) -> bool:
        """Whether tasks see what the runner has in memory, as a plain pool's see the caller's."""
        return self.kind.in_one_process or self.start_method == "fork"


class Success(NamedTuple):
    """The results, each pickled, and what the run took; None where the system does not tell.

    ``inner_cpu_s`` is the CPU time of threads that the tasks brought along, ``record_cost_s`` what
    it takes to record a task, ``far`` what workers of a cluster have told, ``warmups`` when the
    lanes warmed up, and ``shared`` what numbers that workers share hold at the end.
    """

    results: list[bytes]
    interpreter: str
    usage: Usage
    inner_cpu_s: float | None
    record_cost_s: float
    far: ClusterTold | None
    warmups: list[Warmed]
    shared: list[Any]


class WorkerDeath(NamedTuple):
    """A worker ended in the middle of the run; a negative exit code is a signal."""

    pid: int
    exitcode: int | None


class Breakdown(NamedTuple):
    """Something else went wrong in the pool itself."""

    error: str
    traceback: str


Outcome = (
    Success
    | TaskFailure
    | NotLoaded
    | InitializerFailure
    | Unsendable
    | Unloadable
    | Trouble
    | WorkerDeath
    | Breakdown
)
