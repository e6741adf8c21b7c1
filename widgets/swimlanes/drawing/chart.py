"""Where things are in a chart over the number of lanes, and what its heights mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from swimlanes.drawing.possible import threads_of
from swimlanes.records import ScalingStudy

WIDTH, HEIGHT = 320, 250
LEFT, RIGHT, TOP, BOTTOM = 44.0, 218.0, 40.0, 214.0

LABEL_X = RIGHT + 6

HOLLOW = "hollow: no fair measurement (other programs)"
"""What a marker without a fill means."""

Show = Literal["speedup", "efficiency", "time"]


@dataclass(frozen=True, slots=True)
class Frame:
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
