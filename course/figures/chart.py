"""Axes for curves: from numbers to places on a canvas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import log10

from canvas import Canvas


@dataclass(frozen=True)
class Chart:
    """A rectangle of a canvas with a scale along each side.

    Parameters
    ----------
    canvas : Canvas
        What is drawn on.
    left, top, width, height : float
        The rectangle, in pixels.
    x, y : tuple of float
        The numbers at both ends of each axis.
    scale : callable
        What makes the x axis even: the identity, or a logarithm.
    """

    canvas: Canvas
    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    scale: Callable[[float], float] = float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the data lies on the canvas."""
        first, last = map(self.scale, self.x)
        across = (self.scale(x) - first) / (last - first)
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def axes(self, x_ticks: dict[float, str], y_ticks: dict[float, str], x_label: str) -> None:
        """Draw the axes with their labels."""
        bottom = self.top + self.height
        for value, words in y_ticks.items():
            _, y = self.place(self.x[0], value)
            self.canvas.line(self.left, y, self.left + self.width, y, "grid")
            self.canvas.text(self.left - 6, y + 4, words, "small faint end")
        for value, words in x_ticks.items():
            x, _ = self.place(value, self.y[0])
            self.canvas.line(x, bottom, x, bottom + 4, "axis")
            self.canvas.text(x, bottom + 18, words, "small faint middle")
        self.canvas.line(self.left, bottom, self.left + self.width, bottom, "axis")
        self.canvas.text(self.left + self.width / 2, bottom + 36, x_label, "small middle")

    def curve(self, xs: Iterable[float], function: Callable[[float], float], kind: str) -> None:
        """Draw a function over the given numbers."""
        self.canvas.curve([self.place(x, function(x)) for x in xs], kind)


def decades(first: float, last: float, steps: int = 12) -> list[float]:
    """Return numbers that are even on a logarithmic scale, `steps` to a factor of ten."""
    count = round((log10(last) - log10(first)) * steps)
    return [first * 10 ** (step / steps) for step in range(count + 1)]
