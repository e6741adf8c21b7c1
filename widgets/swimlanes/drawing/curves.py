"""What was measured, and what was expected, in a chart over the number of lanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from swimlanes import modes
from swimlanes.drawing import look
from swimlanes.drawing.chart import LABEL_X, Aspect, Scales
from swimlanes.drawing.labels import Label, drawn, marker, star, whisker
from swimlanes.drawing.possible import possible, threads_of
from swimlanes.drawing.svg import duration
from swimlanes.drawing.words import workers_of
from swimlanes.markup import Markup, join, markup
from swimlanes.records import ScalingPoint, ScalingStudy

CLOSE = 0.05
"""A guess that is wrong by less than this share of the result was right."""


class Guess(NamedTuple):
    """The speedup that somebody expects of a mode with so many workers."""

    mode: str
    workers: int
    speedup: float


def describe_guess(guess: Guess, measured: float) -> str:
    """Say how a guess compares with what was measured.

    Parameters
    ----------
    guess : Guess
        What was expected.
    measured : float
        The speedup that was measured, greater than 0.

    Examples
    --------
    >>> describe_guess(Guess("processes", 4, 4.0), 1.96)
    'You expected 4.00 with 4 processes. Measured was 1.96: 49% of it.'
    >>> describe_guess(Guess("threads", 2, 1.0), 0.97)
    'You expected 1.00 with 2 threads. Measured was 0.97: well guessed.'
    >>> describe_guess(Guess("processes", 2, 1.2), 1.92)
    'You expected 1.20 with 2 processes. Measured was 1.92: 1.6 times as much.'
    """
    who = workers_of(guess.mode, guess.workers).lower()
    return (
        f"You expected {guess.speedup:.2f} with {who}. "
        f"Measured was {measured:.2f}: {_judged(guess.speedup, measured)}."
    )


def _judged(expected: float, measured: float) -> str:
    if abs(expected - measured) <= CLOSE * measured:
        return "well guessed"
    if measured < expected:
        return f"{measured / expected:.0%} of it"
    if expected <= 0:
        return "more than that"
    return f"{measured / expected:.1f} times as much"


_STAR = f"fill:{look.ORANGE};stroke:{look.INK};stroke-width:1"
_WHISKER = 4.0


def curve(study: ScalingStudy, aspect: Aspect, scales: Scales) -> Markup:
    """Draw the points of a study, each with its spread; those that were disturbed are hollow."""
    style = look.style_of(study.mode)
    points = [
        (point, scales.x(point.lanes), _y(study, point, aspect, scales)) for point in study.points
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in points)
    marks = join(
        markup(
            "<g><title>{}</title>{}{}</g>",
            _tooltip(study, point),
            _spread(study, point, aspect, scales),
            marker(style.path, x, y, hollow=point.disturbed),
        )
        for point, x, y in points
    )
    return drawn(style, line, marks)


def curve_labels(
    studies: Sequence[ScalingStudy], aspect: Aspect, scales: Scales
) -> Iterator[Label]:
    """Yield the name of each curve, at the height where it ends."""
    for study in studies:
        if study.points:
            style = look.style_of(study.mode)
            mark = marker(style.path, LABEL_X + 8, 0)
            y = _y(study, study.points[-1], aspect, scales)
            yield Label(y, (study.mode,), style.line, mark)


def guess_heights(
    guesses: Sequence[Guess], studies: Sequence[ScalingStudy], aspect: Aspect
) -> list[tuple[Guess, int, float]]:
    """Return each guess of a mode that is drawn with its number of lanes and its height."""
    study_of = {study.mode: study for study in studies}
    placed = []
    for guess in guesses:
        if guess.mode not in study_of:
            continue
        study = study_of[guess.mode]
        lanes = guess.workers * (threads_of(study) if modes.of(guess.mode).has_threads else 1)
        placed.append((guess, lanes, aspect.height(study, lanes, max(guess.speedup, 0.01))))
    return placed


def stars(placed: Sequence[tuple[Guess, int, float]], scales: Scales) -> Markup:
    """Draw the guesses as stars; one that is too high lies on the chart's upper edge."""
    return join(
        markup(
            '<g style="{}"><title>{}</title>{}</g>',
            _STAR,
            _expected(guess),
            star(scales.x(lanes), scales.y(height)),
        )
        for guess, lanes, height in placed
    )


def star_labels(placed: Sequence[tuple[Guess, int, float]], scales: Scales) -> Iterator[Label]:
    """Yield the name of the stars, at the height of the last."""
    for guess, _, height in placed[-1:]:
        mark = markup('<g style="{};stroke-dasharray:none">{}</g>', _STAR, star(LABEL_X + 8, 0))
        yield Label(scales.y(height), ("your guess",), "stroke:none", mark, _expected(guess))


def _expected(guess: Guess) -> str:
    return f"your guess: {workers_of(guess.mode, guess.workers).lower()}, {guess.speedup:.2f}"


def _y(study: ScalingStudy, point: ScalingPoint, aspect: Aspect, scales: Scales) -> float:
    return scales.y(aspect.height(study, point.lanes, point.speedup))


def _spread(study: ScalingStudy, point: ScalingPoint, aspect: Aspect, scales: Scales) -> Markup:
    ends = (aspect.height(study, point.lanes, speedup) for speedup in point.speedup_spread)
    low, high = map(scales.y, ends)
    return whisker(scales.x(point.lanes), low, high, _WHISKER)


def _tooltip(study: ScalingStudy, point: ScalingPoint) -> str:
    low, high = point.speedup_spread
    who = workers_of(study.mode, point.workers, threads_of(study))
    limit = possible(study, point.workers)
    text = (
        f"{who}: {point.speedup:.2f} times faster ({low:.2f} to {high:.2f}), "
        f"possible {limit:.2f} (set by {limit.bound_by}) · efficiency {point.efficiency:.0%} · "
        f"{duration(point.serial_s / point.speedup)}"
    )
    if not point.disturbed:
        return text
    loads = [run.others_seen for run in point.runs if run.disturbed]
    return (
        f"{text}. Not a fair measurement: in {len(loads)} of {len(point.runs)} repetitions "
        f"programs outside the run used up to {max(loads):.1f} cores. Close them and sweep again."
    )
