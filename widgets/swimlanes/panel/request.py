"""What the controls ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from swimlanes import comparing, modes
from swimlanes.brief import shown
from swimlanes.errors import RequestError
from swimlanes.forecast import Planned, all_runs, in_words, load_of, sum_s
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
from swimlanes.workloads import WORKLOADS

MOST_WORKERS = 32
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
        threads = self.options["threads"] or 1
        runs = [Planned("serial"), *(Planned(self.mode, number, threads) for number in numbers)]
        return self._about("Sweep", all_runs(runs, self.options["repeats"]), cores)

    def about_compare(self, cores: int, available: Collection[str]) -> str:
        """Say the same of a comparison, if these modes are available."""
        runs = comparing.planned(self.workers, cores, available)
        return self._about("Compare all modes", all_runs(runs, self._compared_repeats), cores)

    def _about(self, what: str, runs: Sequence[Planned], cores: int) -> str:
        load = None
        if not callable(self.workload):
            task_ms, tasks = self.options["task_ms"], self.options["tasks"]
            load = load_of(self.workload, task_ms, self.options["lengths"], tasks)
        return in_words(what, len(runs), sum_s(load, runs, cores))

    @property
    def _compared_repeats(self) -> int:
        return min(self.options["repeats"], comparing.REPEATS)

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
            repeats=self._compared_repeats,
            **part_of(self.options, WorkOptions),
            **part_of(self.options, ScheduleOptions),
        )

    @property
    def _way(self) -> PoolOptions:
        """How it is to be done; the other modes know no address."""
        way: PoolOptions = part_of(self.options, PoolOptions)
        return way if self.kind.elsewhere else {**way, "cluster": None}
