"""What was measured, and what was expected, in a chart over the number of lanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from swimlanes import modes
from swimlanes.drawing import look
from swimlanes.drawing.chart import LABEL_X, Aspect, Frame
from swimlanes.drawing.guess import Guess
from swimlanes.drawing.labels import Label, drawn, marker, star, whisker
from swimlanes.drawing.possible import possible, threads_of
from swimlanes.drawing.svg import duration
from swimlanes.drawing.words import workers_of
from swimlanes.markup import Markup, join, markup
from swimlanes.records import ScalingPoint, ScalingStudy

_STAR = f"fill:{look.ORANGE};stroke:{look.INK};stroke-width:1"
_WHISKER = 4.0


def curve(study: ScalingStudy, aspect: Aspect, frame: Frame) -> Markup:
    """Draw the points of a study, each with its spread; those that were disturbed are hollow."""
    style = look.style_of(study.mode)
    points = [
        (point, frame.x(point.lanes), _y(study, point, aspect, frame)) for point in study.points
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in points)
    marks = join(
        markup(
            "<g><title>{}</title>{}{}</g>",
            _tooltip(study, point),
            _spread(study, point, aspect, frame),
            marker(style.path, x, y, hollow=point.disturbed),
        )
        for point, x, y in points
    )
    return drawn(style, line, marks)


def curve_labels(studies: Sequence[ScalingStudy], aspect: Aspect, frame: Frame) -> Iterator[Label]:
    """Yield the name of each curve, at the height where it ends."""
    for study in studies:
        if study.points:
            style = look.style_of(study.mode)
            mark = marker(style.path, LABEL_X + 8, 0)
            y = _y(study, study.points[-1], aspect, frame)
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


def stars(placed: Sequence[tuple[Guess, int, float]], frame: Frame) -> Markup:
    """Draw the guesses as stars; one that is too high lies on the chart's upper edge."""
    return join(
        markup(
            '<g style="{}"><title>{}</title>{}</g>',
            _STAR,
            _expected(guess),
            star(frame.x(lanes), frame.y(height)),
        )
        for guess, lanes, height in placed
    )


def star_labels(placed: Sequence[tuple[Guess, int, float]], frame: Frame) -> Iterator[Label]:
    """Yield the name of the stars, at the height of the last."""
    for guess, _, height in placed[-1:]:
        mark = markup('<g style="{};stroke-dasharray:none">{}</g>', _STAR, star(LABEL_X + 8, 0))
        yield Label(frame.y(height), ("your guess",), "stroke:none", mark, _expected(guess))


def _expected(guess: Guess) -> str:
    return f"your guess: {workers_of(guess.mode, guess.workers).lower()}, {guess.speedup:.2f}"


def _y(study: ScalingStudy, point: ScalingPoint, aspect: Aspect, frame: Frame) -> float:
    return frame.y(aspect.height(study, point.lanes, point.speedup))


def _spread(study: ScalingStudy, point: ScalingPoint, aspect: Aspect, frame: Frame) -> Markup:
    ends = (aspect.height(study, point.lanes, speedup) for speedup in point.speedup_spread)
    low, high = map(frame.y, ends)
    return whisker(frame.x(point.lanes), low, high, _WHISKER)


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
