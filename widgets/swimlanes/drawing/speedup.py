"""The speedup over the number of workers: what was measured and what was possible."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from swimlanes.drawing import look
from swimlanes.drawing.possible import comparable, possible
from swimlanes.drawing.svg import notice, picture, plural, spread, ticks
from swimlanes.records import ScalingPoint, ScalingStudy

WIDTH, HEIGHT = 320, 236
LEFT, RIGHT, TOP, BOTTOM = 40.0, 222.0, 40.0, 200.0
LINE = 13.0
LABEL_X = RIGHT + 6
FURTHER = 3
"""How many workers more than usable cores the axis reaches."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things are: workers to x, speedup to y, all in px."""

    workers: int
    highest: float

    def x(self, workers: float) -> float:
        """Return the horizontal position of a number of workers, half a step from the edge."""
        return LEFT + (workers - 0.5) * (RIGHT - LEFT) / self.workers

    def y(self, speedup: float) -> float:
        """Return the vertical position of a speedup."""
        return BOTTOM - speedup / self.highest * (BOTTOM - TOP)


@dataclass(frozen=True, slots=True)
class Label:
    """What a line is called, wanted at its height `y`; `style` repeats how it is drawn."""

    y: float
    lines: tuple[str, ...]
    style: str
    mark: str = ""


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
    frame = _frame(shown, usable_cores)
    labels = [*_curve_labels(shown, frame), *_limit_labels(shown[-1], frame)]
    body = [
        _heading(shown),
        _axes(frame, shown[0].mode if len(shown) == 1 else "workers"),
        _ideal(frame),
        _cores(frame, usable_cores),
        _staircase(shown[-1], frame),
        *(_curve(study, frame) for study in shown),
        _labels(labels),
        _note(shown),
    ]
    size = (WIDTH, HEIGHT + 14 * _any_disturbed(shown))
    return picture(name, size, _sentence(shown, usable_cores), "".join(body))


def _frame(studies: Sequence[ScalingStudy], usable_cores: int) -> Frame:
    points = [point for study in studies for point in study.points]
    workers = max(usable_cores + FURTHER, *(point.workers for point in points), 1)
    numbers = range(1, workers + 1)
    reached = [point.speedup_spread[1] for point in points]
    best = max(*(possible(studies[-1], n) for n in numbers), *reached, 1.0)
    return Frame(workers, best * 1.12 if best > 4 else best + 0.5)


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
    step = math.ceil(frame.workers / 12)
    numbers = "".join(
        f'<text class="s m" x="{frame.x(n):.1f}" y="{BOTTOM + 15:g}">{n}</text>'
        for n in range(1, frame.workers + 1, step)
    )
    return (
        f'{grid}<path class="a" d="M{LEFT:g} {TOP:g}V{BOTTOM:g}H{RIGHT:g}"/>{numbers}'
        f'<text class="s m" x="{(LEFT + RIGHT) / 2:g}" y="{BOTTOM + 31:g}">number of {unit}</text>'
        f'<text class="s m" transform="translate(10 {(TOP + BOTTOM) / 2:g}) rotate(-90)">'
        "times faster than serial</text>"
    )


def _ideal(frame: Frame) -> str:
    end = min(frame.highest, frame.workers + 0.5)
    start = f"M{frame.x(0.5):.1f} {frame.y(0.5):.1f}"
    return f'<path class="d" d="{start}L{frame.x(end):.1f} {frame.y(end):.1f}"/>'


def _cores(frame: Frame, usable_cores: int) -> str:
    x = frame.x(usable_cores)
    return (
        f'<path class="c" d="M{x:.1f} {TOP - 4:g}V{BOTTOM:g}"/>'
        f'<text class="s m" x="{x:.1f}" y="{TOP - 9:g}">{plural(usable_cores, "core")}</text>'
    )


def _staircase(study: ScalingStudy, frame: Frame) -> str:
    path = ""
    for n in range(1, frame.workers + 1):
        step = f"{frame.y(possible(study, n)):.1f}H{frame.x(n + 0.5):.1f}"
        path += f"V{step}" if path else f"M{frame.x(0.5):.1f} {step}"
    return f'<path class="a" style="stroke-width:1.3" d="{path}"/>'


def _curve(study: ScalingStudy, frame: Frame) -> str:
    colour = look.MODE_COLOURS[study.mode]
    line = " ".join(f"{frame.x(p.workers):.1f},{frame.y(p.speedup):.1f}" for p in study.points)
    marks = "".join(_point(study, point, frame) for point in study.points)
    return (
        f'<g style="stroke:{colour};stroke-width:2;fill:{colour}">'
        f'<polyline points="{line}" style="fill:none"/>{marks}</g>'
    )


def _point(study: ScalingStudy, point: ScalingPoint, frame: Frame) -> str:
    x = frame.x(point.workers)
    low, high = (frame.y(value) for value in point.speedup_spread)
    return (
        f"<g><title>{escape(_tooltip(study, point))}</title>"
        f'<path d="M{x:.1f} {low:.1f}V{high:.1f}M{x - 4:.1f} {low:.1f}h8M{x - 4:.1f} {high:.1f}h8" '
        'style="stroke-width:1.2"/>'
        f"{marker(study.mode, x, frame.y(point.speedup), hollow=point.disturbed)}</g>"
    )


def marker(mode: str, x: float, y: float, hollow: bool = False) -> str:
    """Draw the marker of a mode: a circle, a square or a diamond, 8 px wide."""
    style = f' style="fill:{look.PAPER}"' if hollow else ""
    if mode == "processes":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6"{style}/>'
    turn = f' transform="rotate(45 {x:.1f} {y:.1f})"' if mode == "serial" else ""
    return f'<rect x="{x - 3.3:.1f}" y="{y - 3.3:.1f}" width="6.6" height="6.6"{turn}{style}/>'


def _tooltip(study: ScalingStudy, point: ScalingPoint) -> str:
    low, high = point.speedup_spread
    text = (
        f"{point.workers} {study.mode}: {point.speedup:.2f} times faster "
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
            style = f"stroke:{colour};stroke-width:2;fill:{colour}"
            mark = marker(study.mode, LABEL_X + 8, 0)
            yield Label(frame.y(study.points[-1].speedup), (study.mode,), style, mark)


def _limit_labels(study: ScalingStudy, frame: Frame) -> Iterator[Label]:
    solid = f"stroke:{look.AXIS};stroke-width:1.3"
    y = frame.y(possible(study, frame.workers))
    yield Label(y, ("possible here",), solid)
    ideal_y = max(frame.y(frame.workers + 0.5), TOP - 4)
    yield Label(ideal_y, ("ideal",), f"stroke:{look.AXIS};stroke-dasharray:4 3")


def _labels(labels: Sequence[Label]) -> str:
    """Draw the labels one below the other, each with a piece of its line."""
    wanted = [label.y - LINE / 2 for label in labels]
    heights = [LINE * len(label.lines) for label in labels]
    placed = spread(wanted, heights, TOP - LINE, BOTTOM)
    return "".join(_label(label, y + LINE / 2) for label, y in zip(labels, placed, strict=True))


def _label(label: Label, y: float) -> str:
    lines = "".join(
        f'<text x="{LABEL_X + 20:g}" y="{3.5 + i * LINE:g}" style="font-size:10px">{line}</text>'
        for i, line in enumerate(label.lines)
    )
    return (
        f'<g transform="translate(0 {y:.1f})"><g style="{label.style}">'
        f'<path d="M{LABEL_X:g} 0h16"/>{label.mark}</g>{lines}</g>'
    )


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
        f"{study.mode} " + ", ".join(f"{p.workers}: {p.speedup:.2f}" for p in study.points)
        for study in studies
    )
    return f"Speedup over the number of workers on {plural(usable_cores, 'core')}. {curves}."
