"""What came last means, as sentences."""

from __future__ import annotations

from swimlanes import metrics
from swimlanes.drawing import (
    Guess,
    describe_comparison,
    describe_guess,
    describe_loss,
    describe_study,
    explain,
)
from swimlanes.panel.expectation import Predictions
from swimlanes.panel.results import Record, Results
from swimlanes.records import Comparison, Run, ScalingPoint, ScalingStudy


def meaning_of(results: Results, predictions: Predictions, workers: int) -> list[str]:
    """Say what came last means, and who guessed it.

    Parameters
    ----------
    results : Results
        What was measured.
    predictions : Predictions
        What was expected of it.
    workers : int
        The number of workers of a study for which there was a guess.
    """
    latest = results.latest
    if isinstance(latest, ScalingStudy):
        point = _point(latest, workers)
        speedup = point.speedup if point is not None and latest.fair else None
        judged = _judged(predictions.of(latest.mode, workers), speedup)
        return [*judged, describe_study(latest), *latest.remarks]
    if isinstance(latest, Comparison):
        return [*describe_comparison(latest), *latest.remarks]
    if latest is None:
        return []
    serial_run = results.partner_of(latest)
    fair = serial_run is not None and not serial_run.disturbed
    speedup = _speedup(serial_run, latest) if serial_run is not None and fair else None
    guess = predictions.of(latest.mode, latest.workers)
    return [*_judged(guess, speedup), explain(latest, serial_run), *latest.remarks]


def loss_of(what: Record | None, workers: int) -> list[str]:
    """Say where the speedup of a study went at a number of workers; a run's own sentence does."""
    point = _point(what, workers) if isinstance(what, ScalingStudy) else None
    if not isinstance(what, ScalingStudy) or point is None or point.lanes == 1:
        return []
    sentence = describe_loss(what.baseline, point.median_run)
    return [f"With n = {point.lanes}: {sentence[0].lower()}{sentence[1:]}"]


def _point(study: ScalingStudy, workers: int) -> ScalingPoint | None:
    return next((point for point in study.points if point.workers == workers), None)


def _speedup(serial_run: Run, run: Run) -> float:
    return metrics.speedup(serial_run.wall_time_s, run.wall_time_s)


def _judged(guess: Guess | None, speedup: float | None) -> list[str]:
    return [] if guess is None or speedup is None else [describe_guess(guess, speedup)]
