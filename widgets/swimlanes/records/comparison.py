"""Comparisons: one work done in several ways, all against the same serial baseline."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from swimlanes import metrics
from swimlanes.records.agreement import remarks_on
from swimlanes.records.run import Run
from swimlanes.records.study import Baseline, ScalingPoint, ScalingStudy, require_equal

_SAME_WORK = ("workload", "task_ms", "task_bytes", "lengths", "warmup", "inputs_digest")
_SAME_PLACE = ("machine", "usable_cores")


class Way(NamedTuple):
    """A mode, and how it starts its processes if it does.

    Examples
    --------
    >>> Way("threads").name, Way("processes", "spawn").name
    ('threads', 'processes (spawn)')
    """

    mode: str
    start_method: str | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.mode} ({self.start_method})" if self.start_method else self.mode


class LeftOut(NamedTuple):
    """A way that did not work, by its name, and the sentence that says why."""

    way: str
    reason: str


@dataclass(frozen=True)
class Comparison(Baseline):
    """Wall times over the number of workers in several ways, one work.

    Every speedup here is against the serial runs of the Python that asked, whatever Python did
    the work: it compares with the program that one has.

    Attributes
    ----------
    serial_runs : tuple of Run
        Repetitions of the common serial baseline, at least one.
    studies : tuple of ScalingStudy
        One for each way that has a point, in the order in which they are shown. A way on another
        interpreter has serial runs of its own.
    left_out : tuple of LeftOut
        The ways that did not work.
    noted : tuple of str or None
        As in `ScalingStudy`.
    """

    serial_runs: tuple[Run, ...]
    studies: tuple[ScalingStudy, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    noted: tuple[str, ...] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse runs that do not belong together, naming both values."""
        self.baseline_study  # noqa: B018 - which refuses serial runs that differ
        firsts = [self.serial_runs[0], *(study.serial_runs[0] for study in self.studies)]
        for name in _SAME_WORK:
            require_equal(name, (getattr(run, name) for run in firsts))
        for name in _SAME_PLACE:
            require_equal(name, (getattr(run.conditions, name) for run in firsts))

    @cached_property
    def baseline_study(self) -> ScalingStudy:
        """The common serial runs as a study without points: its time, weights and so on."""
        return ScalingStudy(self.serial_runs)

    @property
    def usable_cores(self) -> int:
        """Cores that the runs could use."""
        return self.serial_runs[0].usable_cores

    @property
    def disturbed(self) -> bool:
        """Whether all serial runs were disturbed by other programs: then no speedup is known."""
        return not self.fair

    @property
    def most_workers(self) -> int:
        """Largest number of workers that any way was tried with; 1 before the first point."""
        return max((run.workers for study in self.studies for run in study.runs), default=1)

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """Whether all runs returned the same, told once for all ways."""
        studies = (self.baseline_study, *self.studies)
        pairs = (pair for study in studies for pair in study.pairs())
        return remarks_on(pairs) if self.noted is None else self.noted

    def points(self, study: ScalingStudy) -> tuple[ScalingPoint, ...]:
        """Return a study's points against the common baseline, ascending workers."""
        return tuple(replace(point, serial_s=self.serial_s) for point in study.points)

    def price(self, study: ScalingStudy) -> float | None:
        """Return how many times as long serial takes on a study's own interpreter, if it has one.

        Median over median; 1.2 means that one thread there is 20 % slower. It says so only if both
        are fair measurements: see `price_is_fair`.
        """
        own, common = study.serial_runs[0].conditions, self.serial_runs[0].conditions
        if own.interpreter == common.interpreter:
            return None
        return metrics.speedup(study.serial_s, self.serial_s)

    def price_is_fair(self, study: ScalingStudy) -> bool:
        """Return whether others disturbed neither of the serial runs that a price compares."""
        return self.fair and study.fair

    @property
    def fastest(self) -> tuple[ScalingStudy, ScalingPoint] | None:
        """The point with the highest speedup, and its study; None before the first point."""
        pairs = [(study, point) for study in self.studies for point in self.points(study)]
        return max(pairs, key=lambda pair: pair[1].speedup, default=None)

    def to_dict(self) -> dict[str, Any]:
        """Return what the comparison says as plain values for JSON."""
        return {
            "workload": self.workload,
            "tasks_count": self.tasks_count,
            "task_ms": self.serial_runs[0].task_ms,
            "usable_cores": self.usable_cores,
            "serial_s": self.serial_s,
            "serial_wall_times_s": self.serial_wall_times_s,
            "serial_disturbed": self.disturbed,
            "ways": [self._way_to_dict(study) for study in self.studies],
            "left_out": [entry._asdict() for entry in self.left_out],
            "remarks": list(self.remarks),
        }

    def _way_to_dict(self, study: ScalingStudy) -> dict[str, Any]:
        return {
            "way": way_of(study).name,
            "interpreter": study.serial_runs[0].conditions.interpreter,
            "price_of_one": self.price(study),
            "points": [
                {**point.times_to_dict(), "disturbed": point.disturbed}
                for point in self.points(study)
            ],
        }


def way_of(study: ScalingStudy) -> Way:
    """Return the way in which a study's runs were done."""
    return Way(study.mode, study.runs[0].start_method if study.runs else None)
