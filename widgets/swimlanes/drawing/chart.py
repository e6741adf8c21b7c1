"""Where things are in a chart over the number of lanes, and what its heights mean."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from swimlanes.drawing.possible import threads_of
from swimlanes.drawing.svg import ticks
from swimlanes.markup import Markup, join, markup
from swimlanes.records import ScalingStudy

WIDTH, HEIGHT = 320, 250
LEFT, RIGHT, TOP, BOTTOM = 44.0, 218.0, 40.0, 214.0

LABEL_X = RIGHT + 6

HOLLOW = "hollow: no fair measurement (other programs)"
"""What a marker without a fill means."""

Show = Literal["speedup", "efficiency", "time"]


@dataclass(frozen=True, slots=True)
class Scales:
    """Where things are: lanes to x, heights to y, all in px.

    A worker has one lane, or one for each of its threads if nested.
    """

    lanes: int
    highest: float
    right: float = RIGHT

    def x(self, lanes: float) -> float:
        """Return the horizontal position of a number of lanes, half a step from the edge."""
        return LEFT + (lanes - 0.5) * (self.right - LEFT) / self.lanes

    def y(self, height: float) -> float:
        """Return the vertical position of a height; what is too high lies on the upper edge."""
        return BOTTOM - min(height / self.highest, 1.0) * (BOTTOM - TOP)


class Aspect(NamedTuple):
    """A way to look at speedups: what the chart and its vertical axis are called, and heights."""

    heading: str
    axis: str
    height: Callable[[ScalingStudy, float, float], float]
    """Turns a number of lanes and a speedup of a study into a height."""
    tick: Callable[[float], str]


def _speedup(_: ScalingStudy, lanes: float, speedup: float) -> float:
    return speedup


def _efficiency(_: ScalingStudy, lanes: float, speedup: float) -> float:
    return speedup / lanes


def _time_s(study: ScalingStudy, lanes: float, speedup: float) -> float:
    portions = lanes / threads_of(study) if study.scaling == "weak" else 1
    return study.serial_s * portions / speedup


ASPECTS: dict[Show, Aspect] = {
    "speedup": Aspect("Speedup", "times faster than serial", _speedup, "{:g}".format),
    "efficiency": Aspect("Efficiency", "share of the ideal", _efficiency, "{:.0%}".format),
    "time": Aspect("Time", "seconds", _time_s, "{:g}".format),
}


def axes(scales: Scales, unit: str, aspect: Aspect) -> Markup:
    """Draw the axes with their numbers and names, and a grid."""
    grid = join(_line(scales, value, aspect.tick(value)) for value in ticks(scales.highest, 6))
    step = math.ceil(scales.lanes / 12)
    numbers = join(
        markup('<text class="s m" x="{:.1f}" y="{:g}">{}</text>', scales.x(n), BOTTOM + 15, n)
        for n in range(1, scales.lanes + 1, step)
    )
    return markup(
        '{grid}<path class="a" d="M{left:g} {top:g}V{bottom:g}H{right:g}"/>{numbers}'
        '<text class="s m" x="{middle:g}" y="{below:g}">number of {unit}</text>'
        '<text class="s m" transform="translate(10 {beside:g}) rotate(-90)">{axis}</text>',
        grid=grid,
        numbers=numbers,
        left=LEFT,
        top=TOP,
        bottom=BOTTOM,
        right=scales.right,
        middle=(LEFT + scales.right) / 2,
        below=BOTTOM + 31,
        beside=(TOP + BOTTOM) / 2,
        unit=unit,
        axis=aspect.axis,
    )


def note(text: str, y: float) -> Markup:
    """Write a remark below a chart."""
    return markup('<text class="s" x="{:g}" y="{:g}">{}</text>', LEFT, y, text)


def _line(scales: Scales, value: float, number: str) -> Markup:
    y = scales.y(value)
    return markup(
        '<path class="g" d="M{:g} {:.1f}H{:g}"/><text class="s e" x="{:g}" y="{:.1f}">{}</text>',
        LEFT,
        y,
        scales.right,
        LEFT - 6,
        y + 3.5,
        number,
    )
