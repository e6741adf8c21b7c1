"""The speedup over the number of workers: what was measured and what was possible."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from swimlanes.drawing import look
from swimlanes.drawing.labels import Label, marker, stack
from swimlanes.drawing.possible import comparable, possible, threads_of
from swimlanes.drawing.svg import notice, picture, plural, ticks
from swimlanes.drawing.words import workers_of
from swimlanes.records import ScalingPoint, ScalingStudy

WIDTH, HEIGHT = 320, 236
LEFT, RIGHT, TOP, BOTTOM = 40.0, 222.0, 40.0, 200.0
LABEL_X = RIGHT + 6
FURTHER = 3
"""How many workers more than usable cores the axis reaches."""

_UNITS = {
    "threads": "threads",
    "processes": "processes",
    "free-threaded": "threads",
    "interpreters": "interpreters",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things are: lanes to x, speedup to y, all in px.

    A worker has one lane, or one for each of its threads if nested.
    """

    lanes: int
    highest: float

    def x(self, lanes: float) -> float:
        """Return the horizontal position of a number of lanes, half a step from the edge."""
        return LEFT + (lanes - 0.5) * (RIGHT - LEFT) / self.lanes

    def y(self, speedup: float) -> float:
        """Return the vertical position of a speedup."""
        return BOTTOM - speedup / self.highest * (BOTTOM - TOP)


def speedup(
    studies: Sequence[ScalingStudy], usable_cores: int, name: str = "swimlanes-speedup"
) -> str:
    """Draw studies as curves of speedup over workers, as SVG text.

    Parameters
    ----------
    studies : sequence of ScalingStudy
        One curve each. The last decides which others are drawn: those of the same work, and of
        these the latest in each mode.
    usable_cores : int
        Number of cores that the runs could use.
    name : str
        Element id, unique on the page.

    Returns
    -------
    str
        Without studies, the empty state, which says what to do.
    """
    if not studies:
        last = plural(usable_cores + FURTHER, "worker")
        return notice(name, (WIDTH, 160), "Speedup", f"Press Sweep to measure 1 to {last}.")
    shown = comparable(studies)
    stairs = _stairs(shown[-1], _most_lanes(shown, usable_cores))
    frame = _frame(shown, stairs)
    labels = [*_curve_labels(shown, frame), *_limit_labels(stairs, frame)]
    body = [
        _heading(shown),
        _axes(frame, _unit(shown)),
        _ideal(frame),
        _cores(frame, usable_cores),
        _staircase(stairs, frame),
        *(_curve(study, frame) for study in shown),
        stack(labels, LABEL_X, TOP, BOTTOM),
        _note(shown),
    ]
    size = (WIDTH, HEIGHT + 14 * _any_disturbed(shown))
    return picture(name, size, _sentence(shown, usable_cores), "".join(body))


def _most_lanes(studies: Sequence[ScalingStudy], usable_cores: int) -> int:
    return max(usable_cores + FURTHER, *(p.lanes for study in studies for p in study.points), 1)


def _stairs(study: ScalingStudy, most_lanes: int) -> dict[int, float]:
    """Return what is possible, by the number of lanes; nested workers bring several at a time."""
    threads = threads_of(study)
    return {n * threads: possible(study, n) for n in range(1, math.ceil(most_lanes / threads) + 1)}


def _frame(studies: Sequence[ScalingStudy], stairs: dict[int, float]) -> Frame:
    reached = [point.speedup_spread[1] for study in studies for point in study.points]
    best = max(*stairs.values(), *reached, 1.0)
    return Frame(max(stairs), best * 1.12 if best > 4 else best + 0.5)


def _unit(studies: Sequence[ScalingStudy]) -> str:
    """Name what the axis counts."""
    modes = {study.mode for study in studies}
    if "nested" in modes:
        return "lanes (processes × threads)"
    return _UNITS.get(modes.pop(), "workers") if len(modes) == 1 else "workers"


def _heading(studies: Sequence[ScalingStudy]) -> str:
    repeats = max((len(p.runs) for study in studies for p in study.points), default=0)
    details = f" · median of {repeats}, bars: spread" if repeats > 1 else ""
    return f'<text class="h" x="0" y="14">Speedup<tspan class="f">{details}</tspan></text>'


def _axes(frame: Frame, unit: str) -> str:
    grid = "".join(
        f'<path class="g" d="M{LEFT:g} {frame.y(value):.1f}H{RIGHT:g}"/>'
        f'<text class="s e" x="{LEFT - 6:g}" y="{frame.y(value) + 3.5:.1f}">{value:g}</text>'
        for value in ticks(frame.highest, at_most=6)
    )
    step = math.ceil(frame.lanes / 12)
    numbers = "".join(
        f'<text class="s m" x="{frame.x(n):.1f}" y="{BOTTOM + 15:g}">{n}</text>'
        for n in range(1, frame.lanes + 1, step)
    )
    return (
        f'{grid}<path class="a" d="M{LEFT:g} {TOP:g}V{BOTTOM:g}H{RIGHT:g}"/>{numbers}'
        f'<text class="s m" x="{(LEFT + RIGHT) / 2:g}" y="{BOTTOM + 31:g}">number of {unit}</text>'
        f'<text class="s m" transform="translate(10 {(TOP + BOTTOM) / 2:g}) rotate(-90)">'
        "times faster than serial</text>"
    )


def _ideal(frame: Frame) -> str:
    end = min(frame.highest, frame.lanes + 0.5)
    start = f"M{frame.x(0.5):.1f} {frame.y(0.5):.1f}"
    return f'<path class="d" d="{start}L{frame.x(end):.1f} {frame.y(end):.1f}"/>'


def _cores(frame: Frame, usable_cores: int) -> str:
    x = frame.x(usable_cores)
    return (
        f'<path class="c" d="M{x:.1f} {TOP - 4:g}V{BOTTOM:g}"/>'
        f'<text class="s m" x="{x:.1f}" y="{TOP - 9:g}">{plural(usable_cores, "core")}</text>'
    )


def _staircase(stairs: dict[int, float], frame: Frame) -> str:
    half = min(stairs) / 2
    path = ""
    for lanes, value in stairs.items():
        step = f"{frame.y(value):.1f}H{frame.x(min(lanes + half, frame.lanes + 0.5)):.1f}"
        path += f"V{step}" if path else f"M{frame.x(max(lanes - half, 0.5)):.1f} {step}"
    return f'<path class="a" style="stroke-width:1.3" d="{path}"/>'


def _curve(study: ScalingStudy, frame: Frame) -> str:
    colour, dashes = look.MODE_COLOURS[study.mode], look.MODE_DASHES[study.mode]
    line = " ".join(f"{frame.x(p.lanes):.1f},{frame.y(p.speedup):.1f}" for p in study.points)
    marks = "".join(_point(study, point, frame) for point in study.points)
    return (
        f'<g style="stroke:{colour};stroke-width:2;fill:{colour}">'
        f'<polyline points="{line}" style="fill:none;stroke-dasharray:{dashes}"/>{marks}</g>'
    )


def _point(study: ScalingStudy, point: ScalingPoint, frame: Frame) -> str:
    x = frame.x(point.lanes)
    low, high = (frame.y(value) for value in point.speedup_spread)
    return (
        f"<g><title>{escape(_tooltip(study, point))}</title>"
        f'<path d="M{x:.1f} {low:.1f}V{high:.1f}M{x - 4:.1f} {low:.1f}h8M{x - 4:.1f} {high:.1f}h8" '
        'style="stroke-width:1.2"/>'
        f"{marker(study.mode, x, frame.y(point.speedup), hollow=point.disturbed)}</g>"
    )


def _tooltip(study: ScalingStudy, point: ScalingPoint) -> str:
    low, high = point.speedup_spread
    text = (
        f"{workers_of(study.mode, point.workers, threads_of(study))}: "
        f"{point.speedup:.2f} times faster "
        f"({low:.2f} to {high:.2f}), possible {possible(study, point.workers):.2f}"
    )
    if not point.disturbed:
        return text
    loads = [run.others_load for run in point.runs if run.disturbed and run.others_load]
    return (
        f"{text}. Not a fair measurement: in {len(loads)} of {len(point.runs)} repetitions other "
        f"programs used up to {max(loads):.1f} cores. Close them and sweep again."
    )


def _curve_labels(studies: Sequence[ScalingStudy], frame: Frame) -> Iterator[Label]:
    for study in studies:
        if study.points:
            colour = look.MODE_COLOURS[study.mode]
            style = (
                f"stroke:{colour};stroke-width:2;fill:{colour};"
                f"stroke-dasharray:{look.MODE_DASHES[study.mode]}"
            )
            mark = marker(study.mode, LABEL_X + 8, 0)
            yield Label(frame.y(study.points[-1].speedup), (study.mode,), style, mark)


def _limit_labels(stairs: dict[int, float], frame: Frame) -> Iterator[Label]:
    solid = f"stroke:{look.AXIS};stroke-width:1.3"
    yield Label(frame.y(stairs[max(stairs)]), ("possible here",), solid)
    ideal_y = max(frame.y(frame.lanes + 0.5), TOP - 4)
    yield Label(ideal_y, ("ideal",), f"stroke:{look.AXIS};stroke-dasharray:4 3")


def _note(studies: Sequence[ScalingStudy]) -> str:
    if not _any_disturbed(studies):
        return ""
    return (
        f'<text class="s" x="{LEFT:g}" y="{HEIGHT + 9}">hollow: others, also this '
        "browser, used the cores</text>"
    )


def _any_disturbed(studies: Sequence[ScalingStudy]) -> bool:
    return any(point.disturbed for study in studies for point in study.points)


def _sentence(studies: Sequence[ScalingStudy], usable_cores: int) -> str:
    curves = "; ".join(
        f"{study.mode} " + ", ".join(f"{p.lanes}: {p.speedup:.2f}" for p in study.points)
        for study in studies
    )
    return f"Speedup over the number of workers on {plural(usable_cores, 'core')}. {curves}."
