"""What was measured over the number of workers, what was possible, and what had been expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from swimlanes import modes
from swimlanes.brief import plural
from swimlanes.drawing import chart, look
from swimlanes.drawing.limits import limits, stairs
from swimlanes.drawing.possible import comparable, threads_of
from swimlanes.drawing.svg import duration, group, headline, notice, path_of
from swimlanes.drawing.words import ONCE_THEY_END, unfair_baseline, workers_of, workers_within
from swimlanes.markup import Markup, join
from swimlanes.records import ScalingPoint, ScalingStudy

FURTHER = 3
"""How many workers more than usable cores the axis reaches."""
CLOSE = 0.05
"""A guess that is wrong by less than this share of the result was right."""
_HEADROOM = 1.2
_WHISKER = 4.0
_LABEL_X = chart.RIGHT + 6
_STAR = f"fill:{look.ORANGE};stroke:{look.INK};stroke-width:1"


class Guess(NamedTuple):
    """The speedup that somebody expects of a mode with so many workers."""

    mode: str
    workers: int
    speedup: float


_Placed = tuple[Guess, int, float]
"""A guess with its number of lanes and its height."""


def describe_guess(guess: Guess, measured: float) -> str:
    """Say how a guess compares with the speedup that was measured.

    Examples
    --------
    >>> describe_guess(Guess("processes", 4, 4.0), 1.96)
    'You expected 4.00 with 4 processes. The measured value is 1.96: 49% of it.'
    >>> describe_guess(Guess("threads", 2, 1.0), 0.97)
    'You expected 1.00 with 2 threads. The measured value is 0.97: well guessed.'
    >>> describe_guess(Guess("processes", 2, 1.2), 1.92)
    'You expected 1.20 with 2 processes. The measured value is 1.92: 1.6 times as much.'
    """
    who = workers_within(guess.mode, guess.workers)
    return (
        f"You expected {guess.speedup:.2f} with {who}. "
        f"The measured value is {measured:.2f}: {_judged(guess.speedup, measured)}."
    )


def _judged(expected: float, measured: float) -> str:
    if abs(expected - measured) <= CLOSE * measured:
        return "well guessed"
    if measured < expected:
        return f"{measured / expected:.0%} of it"
    if expected <= 0:
        return "more than that"
    return f"{measured / expected:.1f} times as much"


def speedup(
    studies: Sequence[ScalingStudy],
    usable_cores: int,
    name: str = "swimlanes-speedup",
    *,
    show: chart.Show = "speedup",
    guesses: Sequence[Guess] = (),
) -> Markup:
    """Draw studies as curves over the number of workers, and guesses as stars.

    The last study decides which others are drawn: those of the same work, and of these the latest
    in each mode. One without a fair baseline has a time, and no speedup. Without studies, the
    picture says what to do.
    """
    aspect, size = chart.ASPECTS[show], (chart.WIDTH, chart.HEIGHT)
    if not studies:
        last = plural(usable_cores + FURTHER, "worker")
        sentence = f"Press Sweep to measure 1 to {last}."
        return notice(name, size, aspect.heading, sentence)
    alike = comparable(studies)
    shown = [study for study in alike if study.fair or show == "time"]
    if not shown:
        sentence = unfair_baseline(alike[-1].baseline, "from this sweep")
        return notice(name, size, aspect.heading, sentence)
    latest = shown[-1]
    placed = _placed(guesses, shown, aspect)
    scales = _scales(shown, usable_cores, aspect, placed)
    bounds = limits(latest, scales)
    labels = [*_labels(shown, scales), *bounds.labels, *_star_labels(placed, scales)]
    repeats = max((len(p.runs) for study in shown for p in study.points), default=0)
    pieces = [
        chart.axes(scales, f"number of {_unit(shown)}"),
        bounds.drawn,
        *(_curve(study, scales) for study in shown),
        _stars(placed, scales),
        chart.stack(labels, _LABEL_X),
    ]
    heading = headline(chart.WIDTH, aspect.heading, *chart.repeated(repeats))
    sentence = _sentence(shown, usable_cores)
    missing = (study for study in alike if not study.fair and show != "time")
    notes = [*_notes(shown), *map(_why_missing, missing)]
    return chart.drawn(name, chart.WIDTH, sentence, heading, pieces, notes)


def _scales(
    studies: Sequence[ScalingStudy], cores: int, aspect: chart.Aspect, placed: Sequence[_Placed]
) -> chart.Scales:
    measured = [(study, point) for study in studies for point in study.points]
    most = max([cores + FURTHER, *(p.lanes for _, p in measured), *(n for _, n, _ in placed)])
    latest = studies[-1]
    possible = stairs([latest], most)
    heights = [aspect.height(latest, n, value) for n, value in possible.items()]
    heights += [
        aspect.height(study, point.lanes, speedup)
        for study, point in measured
        for speedup in point.speedup_spread
    ]
    ideal = max(aspect.height(latest, n, n) for n in possible)
    heights += [min(height, ideal) for _, _, height in placed]
    return chart.Scales(aspect, max(possible), max(heights) * _HEADROOM)


def _unit(studies: Sequence[ScalingStudy]) -> str:
    """Name what the axis counts."""
    kinds = {modes.of(study.mode) for study in studies}
    if any(kind.has_threads for kind in kinds):
        return "lanes (processes × threads)"
    return kinds.pop().counted if len(kinds) == 1 else "workers"


def _curve(study: ScalingStudy, scales: chart.Scales) -> Markup:
    def place(point: ScalingPoint, speedup: float) -> tuple[float, float]:
        return scales.x(point.lanes), scales.at(study, point.lanes, speedup)

    style, told = look.style_of(study.mode), partial(_tooltip, study)
    return chart.curve(style, study.points, place, told, _WHISKER)


def _labels(studies: Sequence[ScalingStudy], scales: chart.Scales) -> Iterator[chart.Label]:
    """Yield the name of each curve, at the height where it ends."""
    for study in studies:
        if study.points:
            style, last = look.style_of(study.mode), study.points[-1]
            y = scales.at(study, last.lanes, last.speedup)
            mark = chart.marker(style.path, _LABEL_X + 8, 0)
            yield chart.Label(y, (study.mode,), style.line, mark)


def _placed(
    guesses: Sequence[Guess], studies: Sequence[ScalingStudy], aspect: chart.Aspect
) -> list[_Placed]:
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


def _stars(placed: Sequence[_Placed], scales: chart.Scales) -> Markup:
    """Draw the guesses as stars; one that is too high lies on the chart's upper edge."""
    return join(
        group(_expected(guess), _star(scales.x(lanes), scales.y(height)), style=_STAR)
        for guess, lanes, height in placed
    )


def _star_labels(placed: Sequence[_Placed], scales: chart.Scales) -> Iterator[chart.Label]:
    """Yield the name of the stars, at the height of the last."""
    for guess, _, height in placed[-1:]:
        mark = group("", _star(_LABEL_X + 8, 0), style=f"{_STAR};stroke-dasharray:none")
        yield chart.Label(scales.y(height), ("your guess",), "stroke:none", mark, _expected(guess))


def _star(x: float, y: float) -> Markup:
    return path_of(f"M{x:.1f} {y:.1f}{look.STAR}", "mark")


def _expected(guess: Guess) -> str:
    return f"your guess: {workers_within(guess.mode, guess.workers)}, {guess.speedup:.2f}"


def _tooltip(study: ScalingStudy, point: ScalingPoint) -> str:
    low, high = point.speedup_spread
    who = workers_of(study.mode, point.workers, threads_of(study))
    limit = study.possible(point.workers)
    text = (
        f"{who}: {point.speedup:.2f} times as fast ({low:.2f} to {high:.2f}), "
        f"possible {limit:.2f} (set by {limit.bound_by}) · efficiency {point.efficiency:.0%} · "
        f"{duration(point.serial_s / point.speedup)}"
    )
    if not point.disturbed:
        return text
    loads = [run.others_seen for run in point.runs if run.disturbed]
    return (
        f"{text}. Not a fair measurement: in {len(loads)} of {len(point.runs)} repetitions "
        f"programs outside the run used up to {max(loads):.1f} cores. {ONCE_THEY_END}"
    )


def _notes(studies: Sequence[ScalingStudy]) -> Iterable[str]:
    if studies[-1].scaling == "weak":
        yield "weak scaling: n workers have n times the work"
    if any(point.disturbed for study in studies for point in study.points):
        yield chart.HOLLOW


def _why_missing(study: ScalingStudy) -> str:
    return unfair_baseline(study.baseline, f"for {study.mode}")


def _sentence(studies: Sequence[ScalingStudy], usable_cores: int) -> str:
    curves = "; ".join(
        chart.spoken(study.mode, ((p.lanes, p.speedup) for p in study.points)) for study in studies
    )
    return f"Speedup over the number of workers on {plural(usable_cores, 'core')}. {curves}."
