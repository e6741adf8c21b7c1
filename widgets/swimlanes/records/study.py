"""Scaling studies: runs with different numbers of workers, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from statistics import median
from typing import Any, Literal

from swimlanes import metrics, modes
from swimlanes.brief import cut
from swimlanes.errors import MixedRunsError
from swimlanes.records.agreement import Pair, remarks_on
from swimlanes.records.possible import possible_like, weights_of
from swimlanes.records.run import Run

Scaling = Literal["strong", "weak"]


class Baseline:
    """What the serial runs say that a study or a comparison stands on."""

    serial_runs: tuple[Run, ...]

    @property
    def workload(self) -> str:
        """Name of the workload."""
        return self.serial_runs[0].workload

    @property
    def tasks_count(self) -> int:
        """Number of tasks in every run; for weak scaling those of one worker."""
        return self.serial_runs[0].tasks_count

    @property
    def serial_wall_times_s(self) -> list[float]:
        """Wall times of the serial runs, seconds."""
        return [run.wall_time_s for run in self.serial_runs]

    @cached_property
    def serial_s(self) -> float:
        """Median wall time of the serial baseline, seconds."""
        return median(run.wall_time_s for run in self._fair_runs)

    @property
    def baseline(self) -> Run:
        """The serial run whose wall time is the median, or just below it."""
        return _median_run(self._fair_runs)

    @property
    def fair(self) -> bool:
        """Whether there is a serial run that others did not disturb; else no speedup is known."""
        return not self.baseline.disturbed

    @cached_property
    def _fair_runs(self) -> tuple[Run, ...]:
        """The serial runs that others did not disturb, or all of them if there is none."""
        return tuple(run for run in self.serial_runs if not run.disturbed) or self.serial_runs


@dataclass(frozen=True)
class ScalingPoint:
    """All repetitions with one number of workers, against the serial baseline.

    Attributes
    ----------
    workers : int
        Number of workers n.
    runs : tuple of Run
        The repetitions, at least one.
    serial_s : float
        Serial wall time of the same amount of work, seconds; for weak scaling n times the
        baseline's.
    weights : tuple of float
        Relative lengths of the tasks, shape (n_tasks,).
    baseline : Run
        The serial run that stands for the baseline.
    """

    workers: int
    runs: tuple[Run, ...]
    serial_s: float
    weights: tuple[float, ...]
    baseline: Run

    @property
    def lanes(self) -> int:
        """Number of lanes: workers times their threads."""
        return self.workers * self.runs[0].threads

    @cached_property
    def wall_times_s(self) -> tuple[float, ...]:
        """Wall times, shape (n_repeats,), seconds."""
        return tuple(run.wall_time_s for run in self.runs)

    @property
    def median_run(self) -> Run:
        """The repetition whose wall time is the median, or just below it."""
        return _median_run(self.runs)

    @property
    def speedups(self) -> tuple[float, ...]:
        """Speedup of each repetition, shape (n_repeats,)."""
        return tuple(metrics.speedup(self.serial_s, time_s) for time_s in self.wall_times_s)

    @property
    def speedup(self) -> float:
        """Serial wall time over the median wall time."""
        return metrics.speedup(self.serial_s, median(self.wall_times_s))

    @property
    def speedup_spread(self) -> tuple[float, float]:
        """Lowest and highest speedup of a single repetition."""
        return min(self.speedups), max(self.speedups)

    @property
    def efficiency(self) -> float:
        """Speedup per lane."""
        return metrics.efficiency(self.speedup, self.lanes)

    @property
    def karp_flatt(self) -> float | None:
        """Serial fraction that this speedup speaks of; None for one lane, or more than cores."""
        if not 1 < self.lanes <= self.runs[0].usable_cores:
            return None
        return metrics.karp_flatt(self.speedup, self.lanes)

    @cached_property
    def ceiling(self) -> metrics.Possible:
        """Largest speedup within reach, and what sets it."""
        run = self.runs[0]
        return possible_like(run, self.baseline, self.weights, self.workers, run.chunksize)

    @property
    def disturbed(self) -> bool:
        """Whether any repetition was disturbed by other processes."""
        return any(run.disturbed for run in self.runs)

    def times_to_dict(self) -> dict[str, Any]:
        """Return times and speedups as plain values for JSON."""
        return {
            "workers": self.workers,
            "wall_times_s": list(self.wall_times_s),
            "speedup": self.speedup,
            "speedup_spread": list(self.speedup_spread),
        }


@dataclass(frozen=True)
class ScalingStudy(Baseline):
    """Wall times over the number of workers, one mode, one workload.

    Build it from runs: mixing workloads, inputs, modes, interpreters or machines is refused, and
    results that differ are told in `remarks`. A study whose sweep is still going on is a study
    too; it has fewer points.

    Attributes
    ----------
    serial_runs : tuple of Run
        Repetitions of the serial baseline, at least one.
    runs : tuple of Run
        Repetitions of the mode under study, any number of workers, in the order they were made.
    scaling : str
        ``strong``: the same work for every n. ``weak``: n workers have n times the baseline's.
    noted : tuple of str or None
        The remarks, where they are known already, as in a record from a file; empty where results
        are not to be compared. None: they are compared.
    """

    serial_runs: tuple[Run, ...]
    runs: tuple[Run, ...] = ()
    scaling: Scaling = "strong"
    noted: tuple[str, ...] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse runs that do not belong together, naming both values."""
        if not self.serial_runs:
            raise MixedRunsError("A study needs at least one serial run as its baseline.")
        _require_same_work((*self.serial_runs, *self.runs))
        require_equal("mode", (run.mode for run in self.runs))
        require_equal("threads", (run.threads for run in self.runs))
        for runs in self._same_inputs():
            require_equal("inputs_digest", (run.inputs_digest for run in runs))

    @property
    def mode(self) -> str:
        """Mode under study."""
        return self.runs[0].mode if self.runs else "serial"

    @property
    def usable_cores(self) -> int:
        """Cores that the runs could use; a cluster's are not those of the serial runs."""
        return (self.runs or self.serial_runs)[0].usable_cores

    @cached_property
    def points(self) -> tuple[ScalingPoint, ...]:
        """One point per number of workers, ascending."""
        return tuple(self._point(n, runs) for n, runs in self._by_workers().items())

    def _point(self, workers: int, runs: tuple[Run, ...]) -> ScalingPoint:
        serial_s = self.serial_s * self._portions(workers)
        weights = self.weights * self._portions(workers)
        return ScalingPoint(workers, runs, serial_s, weights, self.baseline)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """Relative lengths of the baseline's tasks; those measured where they were not chosen."""
        widest = max(self.runs, key=lambda run: run.workers, default=None)
        return weights_of(self.baseline, widest)

    def possible(self, workers: int) -> metrics.Possible:
        """Return the largest speedup within reach of so many workers, measured or not yet."""
        measured = (point.ceiling for point in self.points if point.workers == workers)
        return next(measured, None) or self._possible_untried(workers)

    def _possible_untried(self, workers: int) -> metrics.Possible:
        weights = self.weights * self._portions(workers)
        like = (self.runs or self.serial_runs)[0]
        return possible_like(like, self.baseline, weights, workers, self._chosen_chunksize)

    @property
    def _chosen_chunksize(self) -> int | None:
        """The chunk size that was chosen, or None if it was left to ``map``.

        A run knows only which one was used: the choice of ``map`` follows the number of lanes.
        """
        automatic = all(
            run.schedule == "map"
            and not modes.of(run.mode).elsewhere
            and run.chunksize
            == metrics.default_chunksize(run.tasks_count, run.workers * run.threads)
            for run in self.runs
        )
        return None if automatic else self.runs[0].chunksize

    @property
    def longest_task_ceiling(self) -> float:
        """Largest speedup that the longest task allows, on any number of cores."""
        return metrics.longest_task_ceiling(self.weights)

    @cached_property
    def amdahl(self) -> metrics.AmdahlFit | None:
        """Amdahl's law fitted where every lane had a core of its own; None without such runs.

        Beyond the usable cores, and for weak scaling, the law says nothing. Runs that were
        disturbed are left out.
        """
        pairs = [
            (point.lanes, speedup)
            for point in self.points
            if 1 < point.lanes <= self.usable_cores
            for run, speedup in zip(point.runs, point.speedups, strict=True)
            if not run.disturbed
        ]
        if not pairs or self.scaling == "weak":
            return None
        lanes, speedups = zip(*pairs, strict=True)
        return metrics.fit_amdahl(lanes, speedups)

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What has to be known of all its runs together: whether they returned the same."""
        return remarks_on(self.pairs()) if self.noted is None else self.noted

    def pairs(self) -> Iterator[Pair]:
        """Yield the runs that should have returned the same; two serial ones first."""
        first, *others = self.serial_runs
        for run in (*others, *self.runs):
            yield Pair(first, run, self._portions(run.workers), len(self.serial_runs))

    def to_dict(self) -> dict[str, Any]:
        """Return what the study says as plain values for JSON."""
        first, fit = self.serial_runs[0], self.amdahl
        return {
            "mode": self.mode,
            "workload": self.workload,
            "scaling": self.scaling,
            "tasks_count": self.tasks_count,
            "task_ms": first.task_ms,
            "lengths": first.lengths,
            **asdict(first.conditions),
            "serial_s": self.serial_s,
            "serial_wall_times_s": self.serial_wall_times_s,
            "points": [_point_to_dict(point) for point in self.points],
            "longest_task_ceiling": self.longest_task_ceiling,
            "amdahl": None if fit is None else asdict(fit),
            "results_digest": first.results_digest,
            "remarks": list(self.remarks),
        }

    def _portions(self, workers: int) -> int:
        """Return how many times the baseline's work so many workers do."""
        return workers if self.scaling == "weak" else 1

    def _by_workers(self) -> dict[int, tuple[Run, ...]]:
        """Return the runs by number of workers, ascending."""
        groups: dict[int, list[Run]] = {}
        for run in self.runs:
            groups.setdefault(run.workers, []).append(run)
        return {n: tuple(groups[n]) for n in sorted(groups)}

    def _same_inputs(self) -> list[tuple[Run, ...]]:
        """Return groups of runs that had the same inputs, the baseline with those it shares."""
        if self.scaling == "strong":
            return [(*self.serial_runs, *self.runs)]
        groups = self._by_workers()
        for workers, runs in groups.items():
            expected = workers * self.tasks_count
            require_equal("number of tasks", (expected, *(run.tasks_count for run in runs)))
        return [self.serial_runs, *groups.values()]


def _median_run(runs: Iterable[Run]) -> Run:
    by_time = sorted(runs, key=lambda run: run.wall_time_s)
    return by_time[(len(by_time) - 1) // 2]


def _point_to_dict(point: ScalingPoint) -> dict[str, Any]:
    return {
        **point.times_to_dict(),
        "ceiling": point.ceiling,
        "ceiling_bound_by": point.ceiling.bound_by,
        "efficiency": point.efficiency,
        "karp_flatt": point.karp_flatt,
        "disturbed": point.disturbed,
    }


def _require_same_work(runs: tuple[Run, ...]) -> None:
    for name in ("workload", "task_ms", "task_bytes", "lengths", "warmup"):
        require_equal(name, (getattr(run, name) for run in runs))
    for name in ("machine", "interpreter"):
        require_equal(name, (getattr(run.conditions, name) for run in runs))
    for elsewhere in (False, True):
        require_equal(
            "usable_cores",
            (run.usable_cores for run in runs if modes.of(run.mode).elsewhere == elsewhere),
        )


def require_equal(name: str, values: Iterable[object]) -> None:
    """Raise `MixedRunsError`, naming both values, if they are not all the same."""
    first, *others = values if (values := list(values)) else [None]
    for other in others:
        if other != first:
            raise MixedRunsError(
                f"These runs do not belong together: {name} is {cut(repr(first))} in one and "
                f"{cut(repr(other))} in another. Measure both again under the same conditions."
            )
