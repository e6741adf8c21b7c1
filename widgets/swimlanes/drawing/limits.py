"""What a speedup can be at most, as lines with their names: ideal, possible, longest task, Amdahl.

Drawn for one study, the latest, or for all ways of a comparison: no curve of these lies above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from swimlanes.drawing import look
from swimlanes.drawing.chart import BOTTOM, TOP, Aspect, Scales
from swimlanes.drawing.labels import Label
from swimlanes.drawing.possible import (
    fit_worth_telling,
    longest_task_binds,
    possible_in_any,
    threads_of,
)
from swimlanes.drawing.svg import plural
from swimlanes.markup import NOTHING, Markup, join, markup
from swimlanes.metrics import AmdahlFit, Possible
from swimlanes.records import ScalingStudy

_SOLID = f"stroke:{look.AXIS};stroke-width:1.3"
_DASHED = f"stroke:{look.AXIS};stroke-dasharray:4 3"
_LONGEST = f"stroke:{look.INK};stroke-width:1.2;stroke-dasharray:10 3"
_FIT = f"stroke:{look.INK};stroke-width:1.2"
_STEPS = 60
"""Pieces of a line that may be curved."""

N = TypeVar("N", int, float)
"""A number of lanes."""


class Limits(NamedTuple):
    """The lines and their names."""

    drawn: Markup
    labels: list[Label]


def limits(study: ScalingStudy, aspect: Aspect, scales: Scales) -> Limits:
    """Draw what the tasks, the chunks and the cores of a study allow, and what it fits."""
    return _together(limits_of_work([study], aspect, scales), _amdahl(study, aspect, scales))


def limits_of_work(studies: Sequence[ScalingStudy], aspect: Aspect, scales: Scales) -> Limits:
    """Draw what the tasks, the chunks and the cores allow in the best of several ways."""
    study = studies[0]
    return _together(
        _ideal(study, aspect, scales),
        _staircase(studies, aspect, scales),
        _longest_task(study, aspect, scales),
        _cores(study.usable_cores, scales),
    )


def _together(*pieces: Limits) -> Limits:
    return Limits(join(p.drawn for p in pieces), [label for p in pieces for label in p.labels])


def stairs(studies: Sequence[ScalingStudy], most_lanes: int) -> dict[int, Possible]:
    """Return what is possible, by the number of lanes; nested workers bring several at a time."""
    threads = threads_of(studies[0])
    numbers = range(1, -(-most_lanes // threads) + 1)
    return {n * threads: possible_in_any(studies, n) for n in numbers}


def _ideal(study: ScalingStudy, aspect: Aspect, scales: Scales) -> Limits:
    def height(lanes: float) -> float:
        return aspect.height(study, lanes, lanes)

    end = scales.lanes + 0.5
    label = Label(_end(height(end), scales), ("ideal",), _DASHED)
    return Limits(_line(height, _evenly(1, end), scales, _DASHED), [label])


def _staircase(studies: Sequence[ScalingStudy], aspect: Aspect, scales: Scales) -> Limits:
    steps = stairs(studies, scales.lanes)
    half, path, y = min(steps) / 2, "", 0.0
    for lanes, value in steps.items():
        y = scales.y(aspect.height(studies[0], lanes, value))
        step = f"{y:.1f}H{scales.x(min(lanes + half, scales.lanes + 0.5)):.1f}"
        path += f"V{step}" if path else f"M{scales.x(max(lanes - half, 0.5)):.1f} {step}"
    drawn = markup('<path style="{};fill:none" d="{}"/>', _SOLID, path)
    title = f"{_POSSIBLE} At the end of the line: {steps[max(steps)].bound_by}."
    return Limits(drawn, [Label(y, ("possible here",), _SOLID, title=title)])


_POSSIBLE = "The smallest of what workers, cores, longest task, chunks and batches allow."


def _longest_task(study: ScalingStudy, aspect: Aspect, scales: Scales) -> Limits:
    ceiling = study.longest_task_ceiling
    if not longest_task_binds(study, scales.lanes):
        return Limits(NOTHING, [])

    def height(lanes: float) -> float:
        return aspect.height(study, lanes, ceiling)

    end = scales.lanes + 0.5
    title = f"A task is never shared out: the longest alone takes 1/{ceiling:.2f} of the work."
    label = Label(
        _end(height(end), scales),
        ("longest task:", f"at most {ceiling:.2f}"),
        _LONGEST,
        title=title,
    )
    return Limits(_line(height, _evenly(ceiling, end), scales, _LONGEST), [label])


def _amdahl(study: ScalingStudy, aspect: Aspect, scales: Scales) -> Limits:
    fit = fit_worth_telling(study)
    if fit is None:
        return Limits(NOTHING, [])

    def height(lanes: int) -> float:
        return aspect.height(study, lanes, fit.speedup(lanes))

    cores = study.usable_cores
    solid, dotted = range(1, cores + 1), range(cores, scales.lanes + 1)
    title = _about(fit, cores)
    drawn = markup(
        "<g><title>{}</title>{}{}{}</g>",
        title,
        _band(study, fit, aspect, scales),
        _line(height, solid, scales, _FIT),
        _line(height, dotted, scales, _FIT + ";stroke-dasharray:1 4"),
    )
    lines = ("Amdahl’s law:", f"{fit.serial_fraction:.1%} serial")
    label = Label(_end(height(scales.lanes), scales), lines, _FIT, title=title)
    return Limits(drawn, [label])


def serial_share(fit: AmdahlFit) -> str:
    """Tell the serial fraction with its standard error.

    Examples
    --------
    >>> serial_share(AmdahlFit(serial_fraction=0.025, stderr=0.01, points=3))
    '2.5% ± 1.0%'
    """
    error = "" if fit.stderr is None else f" ± {fit.stderr:.1%}"
    return f"{fit.serial_fraction:.1%}{error}"


def _about(fit: AmdahlFit, cores: int) -> str:
    return (
        f"Amdahl’s law, fitted to {plural(fit.points, 'repetition')} on up to "
        f"{plural(cores, 'core')}: {serial_share(fit)} of the work is serial. "
        "Dotted: what more cores would bring."
    )


def _band(study: ScalingStudy, fit: AmdahlFit, aspect: Aspect, scales: Scales) -> Markup:
    """Shade one standard error around the law, where every lane had a core."""
    numbers = range(1, study.usable_cores + 1)
    pairs = [(n, bounds) for n in numbers if (bounds := fit.bounds(n)) is not None]
    edges = [(n, low) for n, (low, _) in pairs] + [(n, high) for n, (_, high) in reversed(pairs)]
    points = " ".join(
        f"{scales.x(n):.1f},{scales.y(aspect.height(study, n, speedup)):.1f}"
        for n, speedup in edges
    )
    return markup('<polygon style="fill:{};fill-opacity:.18" points="{}"/>', look.INK, points)


def _cores(usable_cores: int, scales: Scales) -> Limits:
    if usable_cores > scales.lanes:
        return Limits(NOTHING, [])
    x = scales.x(usable_cores)
    drawn = markup(
        '<path class="c" d="M{:.1f} {:g}V{:g}"/><text class="s m" x="{:.1f}" y="{:g}">{}</text>',
        x,
        TOP - 4,
        BOTTOM,
        x,
        TOP - 9,
        plural(usable_cores, "core"),
    )
    return Limits(drawn, [])


def _evenly(start: float, end: float) -> list[float]:
    return [start + (end - start) * step / _STEPS for step in range(_STEPS + 1)]


def _line(height: Callable[[N], float], lanes: Iterable[N], scales: Scales, style: str) -> Markup:
    """Draw a line over numbers of lanes, as far as it stays in the chart."""
    points = [(n, height(n)) for n in lanes]
    inside = " ".join(
        f"{scales.x(n):.1f},{scales.y(high):.1f}" for n, high in points if high <= scales.highest
    )
    return markup('<polyline style="{};fill:none" points="{}"/>', style, inside)


def _end(height: float, scales: Scales) -> float:
    """Return where the name of a line goes: a little above the chart if the line leaves it."""
    return scales.y(height) if height <= scales.highest else TOP - 4
