"""The runs, studies and comparison of a panel, kept until they are cleared, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence

from swimlanes.drawing import (
    Guess,
    describe_change,
    describe_comparison,
    describe_guess,
    describe_loss,
    describe_study,
    describe_time,
    explain,
    serial_partner,
)
from swimlanes.drawing.words import no_speedup, told_speedup, workers_of
from swimlanes.panel.expectation import Predictions
from swimlanes.panel.level import Level
from swimlanes.records import Comparison, Record, Run, ScalingPoint, ScalingStudy, Timeline


class Results:
    """The runs that are no part of a study, the studies, the latest comparison, what came last."""

    def __init__(self) -> None:
        self.runs: tuple[Run, ...] = ()
        self.studies: tuple[ScalingStudy, ...] = ()
        self.comparison: Comparison | None = None
        self.latest: Record | None = None

    @property
    def last_run(self) -> Run | None:
        """The latest run that is no part of a study."""
        return self.runs[-1] if self.runs else None

    @property
    def run_before(self) -> Run | None:
        """The run before the one that came last, if that is a run and there was one."""
        return self.runs[-2] if self.latest_run is not None and len(self.runs) > 1 else None

    @property
    def study(self) -> ScalingStudy | None:
        """The latest study."""
        return self.studies[-1] if self.studies else None

    @property
    def latest_run(self) -> Run | None:
        """What came last, if that is a run."""
        return self.latest if isinstance(self.latest, Run) else None

    @property
    def study_of_latest(self) -> ScalingStudy | None:
        """What came last, if that is a study; for a run the latest study of its work and mode."""
        if isinstance(self.latest, ScalingStudy):
            return self.latest
        run = self.latest_run
        if run is None or self.study is None or self.study.mode != run.mode:
            return None
        same_work = serial_partner(run, self.study.serial_runs)
        return None if same_work is None else self.study

    def has_any_of(self, mode: str) -> bool:
        """Return whether there is a result of this mode."""
        compared = () if self.comparison is None else self.comparison.studies
        modes = {run.mode for run in self.runs}
        return mode in modes.union(study.mode for study in (*self.studies, *compared))

    def keep(self, record: Record) -> None:
        """Keep a record; a study in place of the last if that is the same one with fewer runs."""
        if isinstance(record, Run):
            self.runs = (*self.runs, record)
        elif isinstance(record, Comparison):
            self.comparison = record
        else:
            last = self.study
            grows = last is not None and last.serial_runs[0] is record.serial_runs[0]
            self.studies = (*(self.studies[:-1] if grows else self.studies), record)
        self.latest = record

    def clear(self) -> None:
        """Forget everything."""
        self.runs, self.studies = (), ()
        self.comparison = self.latest = None

    def partner_of(self, run: Run) -> Run | None:
        """Return the latest serial run of the same work; of a study's, the one it stands on."""
        serial = [study.baseline for study in self.studies]
        return serial_partner(run, [*serial, *self.runs])

    def with_partners(self) -> list[tuple[Run, Run | None]]:
        """Return each run with the latest serial run of the same work."""
        return [(run, self.partner_of(run)) for run in self.runs]


def cpus_of(timeline: Timeline | None, here: Sequence[int]) -> Sequence[int]:
    """Return the ids of a timeline's cores; those here before there is one."""
    return here if timeline is None else timeline.loaded_cpus or here


def last_run_of(what: Record) -> Run:
    """Return the run whose lanes are shown."""
    if isinstance(what, Comparison):
        return last_run_of(what.studies[-1] if what.studies else what.baseline_study)
    if isinstance(what, ScalingStudy):
        return (what.runs or what.serial_runs)[-1]
    return what


def meaning_of(results: Results, predictions: Predictions, workers: int, level: Level) -> list[str]:
    """Say what came last means, and how good the guess was; a study's was for so many workers."""
    latest = results.latest
    if isinstance(latest, ScalingStudy):
        point = _point(latest, workers)
        speedup = None if point is None else _fair_speedup(latest, point)
        judged = _judged(predictions.of(latest.mode, workers), speedup)
        return [*judged, describe_study(latest), *latest.remarks]
    if isinstance(latest, Comparison):
        return [*describe_comparison(latest), *latest.remarks]
    if latest is None:
        return []
    change = describe_change(before, latest) if (before := results.run_before) else ""
    if level < Level.SPEEDUP:
        return [describe_time(latest), *filter(None, [change]), *latest.remarks]
    serial_run = results.partner_of(latest)
    if serial_run is not None and serial_run is before:  # with which the rest compares it already
        change = ""
    speedup = None if latest.disturbed else told_speedup(serial_run, latest)
    guess = predictions.of(latest.mode, latest.workers)
    said = [*_judged(guess, speedup), explain(latest, serial_run), change, *latest.remarks]
    return list(filter(None, said))


def loss_of(what: Record | None, workers: int) -> list[str]:
    """Say where the speedup of a study went at a number of workers; a run's own sentence does."""
    point = _point(what, workers) if isinstance(what, ScalingStudy) else None
    if not isinstance(what, ScalingStudy) or point is None or point.lanes == 1:
        return []
    sentence = describe_loss(what.baseline, point.median_run)
    who = workers_of(what.mode, point.workers, point.runs[0].threads)
    return [f"With {who}: {sentence[0].lower()}{sentence[1:]}"]


def _point(study: ScalingStudy, workers: int) -> ScalingPoint | None:
    return next((point for point in study.points if point.workers == workers), None)


def _fair_speedup(study: ScalingStudy, point: ScalingPoint) -> float | None:
    untold = no_speedup(study.baseline, point.speedup, point.ceiling)
    return None if untold or point.disturbed else point.speedup


def _judged(guess: Guess | None, speedup: float | None) -> list[str]:
    return [] if guess is None or speedup is None else [describe_guess(guess, speedup)]
