"""What a speedup can be at most, as lines with their names: ideal, possible, longest task, Amdahl.

Drawn for one study, the latest, or for all ways of a comparison: no curve of these lies above.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from swimlanes.brief import plural
from swimlanes.drawing import look
from swimlanes.drawing.chart import BOTTOM, TOP, Label, Scales, along
from swimlanes.drawing.possible import fit_worth_telling, longest_task_binds, threads_of
from swimlanes.drawing.svg import group, path_of, text_at
from swimlanes.markup import NOTHING, Markup, join, markup
from swimlanes.metrics import AmdahlFit, Possible
from swimlanes.records import ScalingStudy

_SOLID = f"stroke:{look.AXIS};stroke-width:1.3"
_DASHED = f"stroke:{look.AXIS};stroke-dasharray:4 3"
_LONGEST = f"stroke:{look.INK};stroke-width:1.2;stroke-dasharray:10 3"
_FIT = f"stroke:{look.INK};stroke-width:1.2"
_STEPS = 60
"""Pieces of a line that may be curved."""


class Limits(NamedTuple):
    """The lines and their names."""

    drawn: Markup
    labels: list[Label]


_NONE = Limits(NOTHING, [])


def limits(study: ScalingStudy, scales: Scales) -> Limits:
    """Draw what the tasks, the chunks and the cores of a study allow, and what it fits."""
    return _together(limits_of_work([study], scales), _amdahl(study, scales))


def limits_of_work(studies: Sequence[ScalingStudy], scales: Scales) -> Limits:
    """Draw what the tasks, the chunks and the cores allow in the best of several ways."""
    study = studies[0]
    return _together(
        _ideal(study, scales),
        _staircase(studies, scales),
        _longest_task(study, scales),
        cores_line(study.usable_cores, scales),
    )


def _together(*pieces: Limits) -> Limits:
    return Limits(join(p.drawn for p in pieces), [label for p in pieces for label in p.labels])


def stairs(studies: Sequence[ScalingStudy], most_lanes: int) -> dict[int, Possible]:
    """Return what is possible in the best of several ways to do the same work, by lanes.

    Nested workers bring several lanes at a time.
    """
    threads = threads_of(studies[0])
    numbers = range(1, -(-most_lanes // threads) + 1)
    return {n * threads: max(study.possible(n) for study in studies) for n in numbers}


def _ideal(study: ScalingStudy, scales: Scales) -> Limits:
    points = [(lanes, lanes) for lanes in _evenly(1, scales.lanes + 0.5)]
    label = Label(_end(study, points[-1], scales), ("ideal",), _DASHED)
    return Limits(_line(study, points, scales, _DASHED), [label])


def _staircase(studies: Sequence[ScalingStudy], scales: Scales) -> Limits:
    """Draw what whole tasks allow, from one whole number of lanes to the next.

    Like the curves, it is straight between the numbers: so it is never above the ideal line, and
    no curve is above it.
    """
    steps = stairs(studies, scales.lanes)
    corners = [(scales.x(n), scales.at(studies[0], n, value)) for n, value in steps.items()]
    y = corners[-1][1]
    end = scales.x(scales.lanes + 0.5), y
    title = (
        "The smallest of what workers, cores, longest task, chunks and batches allow. "
        f"At the end of the line: {steps[max(steps)].bound_by}."
    )
    label = Label(y, ("possible here",), _SOLID, title=title)
    line = markup('<polyline style="{};fill:none" points="{}"/>', _SOLID, along([*corners, end]))
    return Limits(line, [label])


def _longest_task(study: ScalingStudy, scales: Scales) -> Limits:
    ceiling = study.longest_task_ceiling
    if not longest_task_binds(study, scales.lanes):
        return _NONE
    points = [(lanes, ceiling) for lanes in _evenly(ceiling, scales.lanes + 0.5)]
    title = f"A task is never divided: the longest alone takes 1/{ceiling:.2f} of the work."
    lines = "longest task:", f"at most {ceiling:.2f}"
    label = Label(_end(study, points[-1], scales), lines, _LONGEST, title=title)
    return Limits(_line(study, points, scales, _LONGEST), [label])


def _amdahl(study: ScalingStudy, scales: Scales) -> Limits:
    fit = fit_worth_telling(study)
    if fit is None:
        return _NONE
    cores = study.usable_cores
    points = [(lanes, fit.speedup(lanes)) for lanes in range(1, max(cores, scales.lanes) + 1)]
    title = f"{amdahl_in_words(fit, cores)} Dotted: what more cores would bring."
    drawn = group(
        title,
        _band(study, fit, scales),
        _line(study, points[:cores], scales, _FIT),
        _line(study, points[cores - 1 : scales.lanes], scales, _FIT + ";stroke-dasharray:1 4"),
    )
    lines = "Amdahl’s law:", f"{fit.serial_fraction:.1%} serial"
    y = _end(study, points[scales.lanes - 1], scales)
    return Limits(drawn, [Label(y, lines, _FIT, title=title)])


def amdahl_in_words(fit: AmdahlFit, cores: int) -> str:
    """Say what Amdahl's law, fitted where every lane had a core, tells of the work."""
    return (
        f"Amdahl’s law, fitted to {plural(fit.points, 'repetition')} on up to "
        f"{plural(cores, 'core')}: as if {serial_share(fit)} of the work were serial. Start-up and "
        "waiting count as that, too."
    )


def serial_share(fit: AmdahlFit) -> str:
    """Tell the serial fraction with its standard error.

    Examples
    --------
    >>> serial_share(AmdahlFit(serial_fraction=0.025, stderr=0.01, points=3))
    '2.5% ± 1.0%'
    """
    error = "" if fit.stderr is None else f" ± {fit.stderr:.1%}"
    return f"{fit.serial_fraction:.1%}{error}"


def _band(study: ScalingStudy, fit: AmdahlFit, scales: Scales) -> Markup:
    """Shade one standard error around the law, where every lane had a core."""
    numbers = range(1, study.usable_cores + 1)
    pairs = [(n, bounds) for n in numbers if (bounds := fit.bounds(n)) is not None]
    edges = [(n, low) for n, (low, _) in pairs] + [(n, high) for n, (_, high) in reversed(pairs)]
    corners = along((scales.x(n), scales.at(study, n, speedup)) for n, speedup in edges)
    return markup('<polygon style="fill:{};fill-opacity:.18" points="{}"/>', look.INK, corners)


def cores_line(usable_cores: int, scales: Scales) -> Limits:
    """Draw where every core has a lane."""
    if usable_cores > scales.lanes:
        return _NONE
    x = scales.x(usable_cores)
    name = text_at(x, TOP - 9, plural(usable_cores, "core"), "s m")
    return Limits(path_of(f"M{x:.1f} {TOP - 4:g}V{BOTTOM:g}", "c") + name, [])


def _evenly(start: float, end: float) -> list[float]:
    return [start + (end - start) * step / _STEPS for step in range(_STEPS + 1)]


def _line(
    study: ScalingStudy, points: Iterable[tuple[float, float]], scales: Scales, style: str
) -> Markup:
    """Draw a line through numbers of lanes and speedups, as far as it stays in the chart."""
    heights = [(lanes, scales.aspect.height(study, lanes, speedup)) for lanes, speedup in points]
    inside = along((scales.x(n), scales.y(high)) for n, high in heights if high <= scales.highest)
    return markup('<polyline style="{};fill:none" points="{}"/>', style, inside)


def _end(study: ScalingStudy, last: tuple[float, float], scales: Scales) -> float:
    """Return where the name of a line goes: a little above the chart if the line leaves it."""
    height = scales.aspect.height(study, *last)
    return scales.y(height) if height <= scales.highest else TOP - 4
