"""What the controls ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from swimlanes.errors import RequestError
from swimlanes.measure import RunInProgress, check_task_ms, check_whole, launch, make_plan
from swimlanes.scaling import Step, sweep
from swimlanes.workloads import WORKLOADS

MOST_WORKERS = 32
MOST_TASKS = 100_000


@dataclass(frozen=True, slots=True)
class Request:
    """The work, and how to do it; the words are those of `swimlanes.run`."""

    workload: str
    mode: str
    workers: int
    tasks: int
    task_ms: float
    repeats: int

    def check(self) -> None:
        """Refuse values that make no sense, as `swimlanes.run` would, but without starting."""
        if self.workload not in WORKLOADS:
            known = " or ".join(WORKLOADS)
            raise RequestError(f"There is no workload {self.workload!r}. Choose {known}.")
        make_plan(self.mode, 1)
        check_whole("workers", self.workers, MOST_WORKERS)
        check_whole("tasks", self.tasks, MOST_TASKS)
        check_whole("repeats", self.repeats, MOST_WORKERS)
        check_task_ms(self.task_ms)

    def launch(self) -> RunInProgress:
        """Start the run."""
        return launch(
            self.workload,
            mode=self.mode,
            workers=self.workers,
            tasks=self.tasks,
            task_ms=self.task_ms,
        )

    def sweep(self) -> Iterator[Step]:
        """Start the sweep over the number of workers."""
        return sweep(
            self.workload,
            mode=self.mode,
            tasks=self.tasks,
            task_ms=self.task_ms,
            repeats=self.repeats,
        )
