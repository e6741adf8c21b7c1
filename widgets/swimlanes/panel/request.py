"""What the controls ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from swimlanes import comparing, modes
from swimlanes.brief import plural, shown
from swimlanes.errors import RequestError
from swimlanes.measure import Plan, Work, check_task_ms, check_whole, make_plan, make_work
from swimlanes.measure.plan import check_choice, check_cluster, check_mode
from swimlanes.measure.work import MAX_TASK_BYTES, name_of, settled_weights
from swimlanes.options import (
    PanelOptions,
    PoolOptions,
    ScheduleOptions,
    WorkOptions,
    part_of,
)
from swimlanes.records import ScalingStudy
from swimlanes.scaling import BEYOND_CORES, Step, numbers_of_workers, sweep
from swimlanes.workloads import WORKLOADS, weights

MOST_WORKERS = 32
_AROUND_A_RUN_S = 0.15
"""What starting and ending a run takes beside its tasks, about."""
MOST_TASKS = 100_000
_NO_LISTS = {
    str: ("a single text", "each of its characters"),
    bytes: ("a single value of bytes", "each of its bytes"),
    bytearray: ("a single value of bytes", "each of its bytes"),
    dict: ("a dict", "each of its keys, without the values"),
}
"""What Python goes through as if it were a list. `swimlanes.run` takes it, because `map` does."""
# Workloads whose length is known in this kernel: calibrating takes some tenths of a second.
_calibrated: set[str] = set()


def _about(time_s: float) -> str:
    """Return a time in words that promise no more than an estimate can.

    Examples
    --------
    >>> _about(3), _about(33), _about(200)
    ('a few seconds', 'about 35 s', 'about 3 min')
    """
    if time_s < 10:
        return "a few seconds"
    return f"about {5 * round(time_s / 5)} s" if time_s < 90 else f"about {time_s / 60:.0f} min"


def check_inputs(inputs: object) -> None:
    """Refuse inputs of which hardly anybody means the parts, each as a task."""
    for kind, (name, part) in _NO_LISTS.items():
        if isinstance(inputs, kind):
            raise RequestError(
                f"Inputs are a list, one for each task, and {shown(inputs)} is {name}: it would "
                f"make a task of {part}. Write [...] around it for one task, or list(...) if you "
                "mean that."
            )


@dataclass(frozen=True)
class Request:
    """A workload's name or one's own function, the mode's name, all other options, own inputs."""

    workload: str | Callable[[Any], Any]
    mode: str
    options: PanelOptions
    inputs: tuple[Any, ...] | None = None

    @property
    def name(self) -> str:
        """What the workload or the function is called."""
        return name_of(self.workload) if callable(self.workload) else self.workload

    @property
    def workers(self) -> int:
        """Number of workers."""
        return self.options["workers"] or 1

    @property
    def kind(self) -> modes.Mode:
        """The mode itself."""
        return modes.of(self.mode)

    def check(self) -> None:
        """Refuse values that make no sense, as `swimlanes.run` would, but without starting."""
        given = self.options
        check_cluster(given["cluster"])
        check_whole("workers", given["workers"], MOST_WORKERS)
        check_whole("tasks", given["tasks"], MOST_TASKS)
        if self.inputs is not None:
            check_whole("inputs", len(self.inputs), MOST_TASKS)
        check_whole("repeats", given["repeats"], MOST_WORKERS)
        check_task_ms(given["task_ms"])
        check_whole("bytes of a task", given["task_bytes"], MAX_TASK_BYTES)
        settled_weights(given["lengths"], given["tasks"])
        if given["threads"] is not None:
            check_whole("threads", given["threads"], MOST_WORKERS)
        if given["start_method"] is not None:
            check_choice("start method", given["start_method"], modes.start_methods())
        check_mode(self.mode)
        way: PoolOptions = {**self._way, "start_method": None}
        make_plan(self.mode, 1, **way)

    @property
    def calibrated(self) -> bool:
        """Whether the work can be settled at once."""
        name = self.workload
        return callable(name) or WORKLOADS[name].probe is None or name in _calibrated

    def make_work(self) -> Work:
        """Settle what is to be done; the first time this calibrates the workload."""
        work = make_work(self.workload, self.inputs, **part_of(self.options, WorkOptions))
        if isinstance(self.workload, str):
            _calibrated.add(self.workload)
        return work

    def make_plan(self) -> Plan:
        """Settle how it is to be done."""
        return make_plan(self.mode, self.workers, **self._way)

    def about_sweep(self, cores: int) -> str:
        """Say how many runs a sweep makes, and about how long they take if that can be known."""
        numbers = numbers_of_workers(cores + BEYOND_CORES, cores)
        repeats = self.options["repeats"]
        runs = f"Sweep makes {plural(1 + repeats * (1 + len(numbers)), 'run')}"
        if callable(self.workload) or WORKLOADS[self.workload].in_bytes:
            return f"{runs}."
        tasks = self.options["tasks"]
        serial_s = self.options["task_ms"] / 1000 * sum(weights(self.options["lengths"], tasks))
        waits, threads = WORKLOADS[self.workload].waits, self.options["threads"] or 1
        at_once = [n * threads if waits else self._computing_at_once(n, cores) for n in numbers]
        shares = [1.0, *(1 / min(lanes, tasks) for lanes in at_once)]
        all_s = serial_s + repeats * sum(_AROUND_A_RUN_S + serial_s * share for share in shares)
        return f"{runs}, {_about(all_s)} if the cores are free."

    def _computing_at_once(self, workers: int, cores: int) -> int:
        return min(workers, cores) if self.kind.starts_processes or self.kind.elsewhere else 1

    def sweep(self) -> Iterator[Step[ScalingStudy]]:
        """Start the sweep over the number of workers."""
        work, repeats = part_of(self.options, WorkOptions), self.options["repeats"]
        return sweep(
            self.workload, self.inputs, mode=self.mode, repeats=repeats, **work, **self._way
        )

    def compare(self) -> Iterator[comparing.ComparisonStep]:
        """Start the comparison of all ways, up to the chosen number of workers."""
        return comparing.comparing(
            self.workload,
            self.inputs,
            max_workers=self.workers,
            repeats=min(self.options["repeats"], comparing.REPEATS),
            **part_of(self.options, WorkOptions),
            **part_of(self.options, ScheduleOptions),
        )

    @property
    def _way(self) -> PoolOptions:
        """How it is to be done; the other modes know no address."""
        way: PoolOptions = part_of(self.options, PoolOptions)
        return way if self.kind.elsewhere else {**way, "cluster": None}
