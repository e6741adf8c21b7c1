"""What charts over the number of lanes are made of: axes, heights, curves, and their names."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeVar

from swimlanes.drawing import look
from swimlanes.drawing.possible import threads_of
from swimlanes.drawing.svg import (
    LINE,
    Headline,
    group,
    path_of,
    picture,
    spread,
    text_at,
    ticks,
    tooltip,
    wrapped,
)
from swimlanes.markup import NOTHING, Markup, join, markup
from swimlanes.records import ScalingStudy

WIDTH, HEIGHT = 340, 250
LEFT, RIGHT, TOP, BOTTOM = 44.0, 218.0, 40.0, 214.0
_HEADING = 14
"""Where a heading of one line stands, px."""
_LINE = 13.0
"""Pitch of the lines of names beside a chart, px."""

HOLLOW = "hollow: no fair measurement (other programs)"
"""What a marker without a fill means."""

Show = Literal["speedup", "efficiency", "time"]


class Point(Protocol):
    """What a curve shows of a number of workers."""

    @property
    def lanes(self) -> int:
        """Number of lanes."""

    @property
    def speedup(self) -> float:
        """Speedup, the median of its repetitions."""

    @property
    def speedup_spread(self) -> tuple[float, float]:
        """Lowest and highest speedup of a repetition."""

    @property
    def disturbed(self) -> bool:
        """Whether others disturbed any repetition."""


P = TypeVar("P", bound=Point)


class Aspect(NamedTuple):
    """A way to look at speedups: what the chart and its vertical axis are called, and heights."""

    heading: str
    axis: str
    height: Callable[[ScalingStudy, float, float], float]
    """Turns a number of lanes and a speedup of a study into a height."""
    tick: Callable[[float], str]


def _time_s(study: ScalingStudy, lanes: float, speedup: float) -> float:
    portions = lanes / threads_of(study) if study.scaling == "weak" else 1
    return study.serial_s * portions / speedup


ASPECTS: dict[Show, Aspect] = {
    "speedup": Aspect(
        "Speedup", "times as fast as serial", lambda _, lanes, gain: gain, "{:g}".format
    ),
    "efficiency": Aspect(
        "Efficiency", "share of the ideal", lambda _, lanes, gain: gain / lanes, "{:.0%}".format
    ),
    "time": Aspect("Time", "seconds", _time_s, "{:g}".format),
}


@dataclass(frozen=True, slots=True)
class Scales:
    """Where things are, in px: lanes to x, heights to y, and what is shown as a height.

    A worker has one lane, or one for each of its threads if nested.
    """

    aspect: Aspect
    lanes: int
    highest: float
    right: float = RIGHT

    def x(self, lanes: float) -> float:
        """Return the horizontal position of a number of lanes, half a step from the edge."""
        return LEFT + (lanes - 0.5) * (self.right - LEFT) / self.lanes

    def y(self, height: float) -> float:
        """Return the vertical position of a height; what is too high lies on the upper edge."""
        return BOTTOM - min(height / self.highest, 1.0) * (BOTTOM - TOP)

    def at(self, study: ScalingStudy, lanes: float, speedup: float) -> float:
        """Return the vertical position of a study's speedup."""
        return self.y(self.aspect.height(study, lanes, speedup))


def drawn(
    name: str,
    width: int,
    sentence: str,
    heading: Headline,
    pieces: Iterable[Markup],
    notes: Iterable[str],
) -> Markup:
    """Return a chart as a picture, with its heading above, and remarks below it."""
    lines = [line for note in notes for line in wrapped([note], width - LEFT)]
    below = (text_at(LEFT, HEIGHT + 9 + LINE * n, text, "s") for n, text in enumerate(lines))
    lower = heading.bottom - _HEADING
    body = join([*pieces, *below])
    if lower:
        body = markup('<g transform="translate(0 {})">{}</g>', lower, body)
    return picture(
        name, (width, HEIGHT + LINE * len(lines) + lower), sentence, heading.drawn + body
    )


def spoken(name: str, points: Iterable[tuple[int, float]]) -> str:
    """Say the name of a curve, and the speedups over the number of workers or lanes."""
    return f"{name} " + ", ".join(f"{n}: {speedup:.2f}" for n, speedup in points)


def repeated(times: int) -> list[str]:
    """Say what points and their bars are, where runs were repeated."""
    return [f"median of {times}, bars: spread"] if times > 1 else []


def axes(scales: Scales, name: str) -> Markup:
    """Draw the axes with their numbers and names, and a grid; below is the name given."""
    grid = join(_line(scales, value) for value in ticks(scales.highest, 6))
    step = math.ceil(scales.lanes / 12)
    numbers = join(
        text_at(scales.x(n), BOTTOM + 15, n, "s m") for n in range(1, scales.lanes + 1, step)
    )
    frame = path_of(f"M{LEFT:g} {TOP:g}V{BOTTOM:g}H{scales.right:g}", "a")
    below = text_at((LEFT + scales.right) / 2, BOTTOM + 31, name, "s m")
    beside = markup(
        '<text class="s m" transform="translate(10 {:g}) rotate(-90)">{}</text>',
        (TOP + BOTTOM) / 2,
        scales.aspect.axis,
    )
    return grid + frame + numbers + below + beside


def _line(scales: Scales, value: float) -> Markup:
    y = scales.y(value)
    number = text_at(LEFT - 6, y + 3.5, scales.aspect.tick(value), "s e")
    return path_of(f"M{LEFT:g} {y:.1f}H{scales.right:g}", "g") + number


def curve(
    style: look.Style,
    points: Sequence[P],
    place: Callable[[P, float], tuple[float, float]],
    told: Callable[[P], str],
    arm: float | None,
) -> Markup:
    """Draw a curve with its points; those that were disturbed are hollow.

    `place` says where a point with a speedup lies, `told` what it tells under the mouse. Whiskers,
    whose arms are so long, show how far its repetitions reach; None leaves them out.
    """
    marks = []
    for point in points:
        x, y = place(point, point.speedup)
        ends = [place(point, speedup)[1] for speedup in point.speedup_spread]
        whisker = NOTHING if arm is None else _whisker(x, ends, arm)
        marks.append(group(told(point), whisker, marker(style.path, x, y, hollow=point.disturbed)))
    return markup(
        '<g style="{}"><polyline points="{}" style="fill:none;stroke-dasharray:{}"/>{}</g>',
        style.pen,
        along(place(point, point.speedup) for point in points),
        style.dash,
        join(marks),
    )


def _whisker(x: float, ends: Sequence[float], arm: float) -> Markup:
    arms = "".join(f"M{x - arm:.1f} {end:.1f}h{2 * arm:g}" for end in ends)
    return path_of(f"M{x:.1f} {ends[0]:.1f}V{ends[1]:.1f}{arms}", style="stroke-width:1.2")


def along(places: Iterable[tuple[float, float]]) -> str:
    """Return the corners of a line."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def marker(shape: str, x: float, y: float, hollow: bool = False) -> Markup:
    """Draw a marker, about 8 px wide, at a place; the shape is a path around its middle."""
    style = f"fill:{look.PAPER};" if hollow else ""
    shape = f"M{x:.1f} {y:.1f}{shape}"
    return path_of(shape, "mark", style=f"{style}stroke-dasharray:none")


@dataclass(frozen=True, slots=True)
class Label:
    """What a line is called, wanted at its height `y`; `style` repeats how it is drawn.

    The title tells more under the mouse.
    """

    y: float
    lines: tuple[str, ...]
    style: str
    mark: Markup = NOTHING
    title: str = ""


def stack(labels: Sequence[Label], x: float) -> Markup:
    """Draw the labels one below the other from `x` on, each with a piece of its line."""
    wanted = [label.y - _LINE / 2 for label in labels]
    heights = [_LINE * len(label.lines) for label in labels]
    placed = spread(wanted, heights, TOP - _LINE, BOTTOM)
    return join(_label(label, x, y + _LINE / 2) for label, y in zip(labels, placed, strict=True))


def _label(label: Label, x: float, y: float) -> Markup:
    lines = join(
        text_at(x + 20, down, line)
        for down, line in zip(itertools.count(3.5, _LINE), label.lines, strict=False)
    )
    piece = group("", path_of(f"M{x:g} 0h16"), label.mark, style=label.style)
    title = tooltip(label.title)
    return markup('<g transform="translate(0 {:.1f})">{}{}{}</g>', y, title, piece, lines)
