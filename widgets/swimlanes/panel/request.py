"""What the controls ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from swimlanes import comparing, modes
from swimlanes.measure import Plan, Work, check_task_ms, check_whole, make_plan, make_work
from swimlanes.measure.plan import check_choice, check_cluster, named_cluster
from swimlanes.measure.work import MAX_TASK_BYTES, settled_weights
from swimlanes.scaling import Step, sweep
from swimlanes.workloads import WORKLOADS

MOST_WORKERS = 32
MOST_TASKS = 100_000
_WORK = (
    "workload", "tasks", "task_ms", "task_bytes", "lengths", "initializer", "initargs", "warmup",
)  # fmt: skip
_HANDING_OUT = ("schedule", "chunksize")
_WAY = ("mode", "threads", *_HANDING_OUT, "start_method")
# Workloads whose length is known in this kernel: calibrating takes some tenths of a second.
_calibrated: set[str] = set()


def settled_cluster(address: str | None) -> str:
    """Return the address of the Dask scheduler, by default the one that is set; empty for none."""
    return named_cluster() if address is None else address


@dataclass(frozen=True, slots=True)
class Request:
    """The work, and how to do it; the words are those of `swimlanes.run`."""

    workload: str
    mode: str
    workers: int
    threads: int | None
    tasks: int
    task_ms: float
    task_bytes: int
    lengths: str
    schedule: str
    chunksize: int | None
    start_method: str | None
    cluster: str | None
    repeats: int
    initializer: str | Callable[..., object] | None = None
    initargs: tuple[Any, ...] = ()
    warmup: int = 0

    def check(self) -> None:
        """Refuse values that make no sense, as `swimlanes.run` would, but without starting."""
        check_choice("workload", self.workload, WORKLOADS)
        check_cluster(self.cluster)
        check_whole("workers", self.workers, MOST_WORKERS)
        check_whole("tasks", self.tasks, MOST_TASKS)
        check_whole("repeats", self.repeats, MOST_WORKERS)
        check_task_ms(self.task_ms)
        check_whole("bytes of a task", self.task_bytes, MAX_TASK_BYTES)
        settled_weights(self.lengths, self.tasks)
        if self.threads is not None:
            check_whole("threads", self.threads, MOST_WORKERS)
        if self.start_method is not None:
            check_choice("start method", self.start_method, modes.start_methods())
        make_plan(
            self.mode, 1, threads=self.threads, schedule=self.schedule, chunksize=self.chunksize
        )

    @property
    def calibrated(self) -> bool:
        """Whether the work can be settled at once."""
        return WORKLOADS[self.workload].probe is None or self.workload in _calibrated

    def make_work(self) -> Work:
        """Settle what is to be done; the first time this calibrates the workload."""
        work = make_work(**self._values(_WORK))
        _calibrated.add(self.workload)
        return work

    def make_plan(self) -> Plan:
        """Settle how it is to be done."""
        return make_plan(workers=self.workers, **self._way())

    def sweep(self) -> Iterator[Step]:
        """Start the sweep over the number of workers."""
        return sweep(repeats=self.repeats, **self._values(_WORK), **self._way())

    def compare(self) -> Iterator[comparing.Step]:
        """Start the comparison of all ways, up to the chosen number of workers."""
        return comparing.comparing(
            max_workers=self.workers,
            repeats=min(self.repeats, comparing.REPEATS),
            cluster=self.cluster,
            **self._values(_WORK + _HANDING_OUT),
        )

    def _way(self) -> dict[str, Any]:
        """Return how it is to be done; the other modes know no address."""
        address = self.cluster if modes.of(self.mode).elsewhere else None
        return self._values(_WAY) | {"cluster": address}

    def _values(self, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: getattr(self, name) for name in names}
