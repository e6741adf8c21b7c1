"""What was measured over the number of workers, and what was possible: speedup and its kin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swimlanes import modes
from swimlanes.drawing.chart import (
    ASPECTS,
    BOTTOM,
    HEIGHT,
    HOLLOW,
    LABEL_X,
    TOP,
    WIDTH,
    Aspect,
    Scales,
    Show,
    axes,
    note,
)
from swimlanes.drawing.curves import Guess, curve, curve_labels, guess_heights, star_labels, stars
from swimlanes.drawing.labels import stack
from swimlanes.drawing.limits import limits, stairs
from swimlanes.drawing.possible import comparable
from swimlanes.drawing.svg import notice, picture, plural
from swimlanes.drawing.words import unfair_baseline
from swimlanes.markup import Markup, join, markup
from swimlanes.records import ScalingStudy

FURTHER = 3
"""How many workers more than usable cores the axis reaches."""
_HEADROOM = 1.2


def speedup(
    studies: Sequence[ScalingStudy],
    usable_cores: int,
    name: str = "swimlanes-speedup",
    *,
    show: Show = "speedup",
    guesses: Sequence[Guess] = (),
) -> Markup:
    """Draw studies as curves over the number of workers, as SVG text.

    Parameters
    ----------
    studies : sequence of ScalingStudy
        One curve each. The last decides which others are drawn: those of the same work, and of
        these the latest in each mode.
    usable_cores : int
        Number of cores that the runs could use.
    name : str
        Element id, unique on the page.
    show : str
        ``speedup``, ``efficiency`` (speedup per lane) or ``time`` (seconds).
    guesses : sequence of Guess
        What was expected, drawn as stars.

    Returns
    -------
    Markup
        Without studies, the empty state, which says what to do.
    """
    aspect = ASPECTS[show]
    if not studies:
        last = plural(usable_cores + FURTHER, "worker")
        sentence = f"Press Sweep to measure 1 to {last}."
        return notice(name, (WIDTH, HEIGHT), aspect.heading, sentence)
    shown = comparable(studies)
    latest = shown[-1]
    if show != "time" and not latest.fair:
        return notice(name, (WIDTH, HEIGHT), aspect.heading, unfair_baseline(latest.baseline))
    placed = guess_heights(guesses, shown, aspect)
    scales = _scales(shown, usable_cores, aspect, [(lanes, height) for _, lanes, height in placed])
    bounds = limits(latest, aspect, scales)
    labels = [*curve_labels(shown, aspect, scales), *bounds.labels, *star_labels(placed, scales)]
    notes = list(_notes(shown))
    body = [
        _heading(shown, aspect),
        axes(scales, _unit(shown), aspect),
        bounds.drawn,
        *(curve(study, aspect, scales) for study in shown),
        stars(placed, scales),
        stack(labels, LABEL_X, TOP, BOTTOM),
        *(note(text, HEIGHT + 9 + 14 * number) for number, text in enumerate(notes)),
    ]
    size = (WIDTH, HEIGHT + 14 * len(notes))
    return picture(name, size, _sentence(shown, usable_cores), join(body))


def _scales(
    studies: Sequence[ScalingStudy],
    usable_cores: int,
    aspect: Aspect,
    guesses: Sequence[tuple[int, float]],
) -> Scales:
    measured = [(study, point) for study in studies for point in study.points]
    most = max([usable_cores + FURTHER, *(p.lanes for _, p in measured), *(n for n, _ in guesses)])
    latest = studies[-1]
    possible = stairs([latest], most)
    heights = [aspect.height(latest, n, value) for n, value in possible.items()]
    heights += [
        aspect.height(study, point.lanes, speedup)
        for study, point in measured
        for speedup in point.speedup_spread
    ]
    ideal = max(aspect.height(latest, n, n) for n in possible)
    heights += [min(height, ideal) for _, height in guesses]
    return Scales(max(possible), max(heights) * _HEADROOM)


def _unit(studies: Sequence[ScalingStudy]) -> str:
    """Name what the axis counts."""
    kinds = {modes.of(study.mode) for study in studies}
    if any(kind.has_threads for kind in kinds):
        return "lanes (processes × threads)"
    return kinds.pop().counted if len(kinds) == 1 else "workers"


def _heading(studies: Sequence[ScalingStudy], aspect: Aspect) -> Markup:
    repeats = max((len(p.runs) for study in studies for p in study.points), default=0)
    details = f" · median of {repeats}, bars: spread" if repeats > 1 else ""
    return markup(
        '<text class="h" x="0" y="14">{}<tspan class="f">{}</tspan></text>',
        aspect.heading,
        details,
    )


def _notes(studies: Sequence[ScalingStudy]) -> Iterable[str]:
    if studies[-1].scaling == "weak":
        yield "weak scaling: n workers have n times the work"
    if any(point.disturbed for study in studies for point in study.points):
        yield HOLLOW


def _sentence(studies: Sequence[ScalingStudy], usable_cores: int) -> str:
    curves = "; ".join(
        f"{study.mode} " + ", ".join(f"{p.lanes}: {p.speedup:.2f}" for p in study.points)
        for study in studies
    )
    return f"Speedup over the number of workers on {plural(usable_cores, 'core')}. {curves}."
