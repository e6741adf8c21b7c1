"""Where things are in the picture of the lanes."""

from __future__ import annotations

from dataclasses import dataclass

from swimlanes.markup import NOTHING, Markup, markup

LEFT, RIGHT = 66.0, 556.0
TOP = 42


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things are: seconds to x, workers to y, all in px.

    Below the lanes there may be a row for the results, in the order of their arrival.
    """

    span_s: float
    rows: int
    pitch: float
    bar: float
    results: float = 0.0

    def x(self, seconds: float) -> float:
        """Return the horizontal position of a moment."""
        return LEFT + min(seconds / self.span_s, 1.0) * (RIGHT - LEFT)

    def y(self, worker: int) -> float:
        """Return the upper edge of a worker's lane."""
        return TOP + (worker - 1) * self.pitch

    @property
    def font(self) -> float:
        """Size of labels and numbers, px: that of other text unless the lanes are too low."""
        return min(11.0, self.bar)

    @property
    def foot(self) -> float:
        """Lower edge of the last lane."""
        return TOP + self.rows * self.pitch

    @property
    def bottom(self) -> float:
        """Lower edge of everything that happened, above the axis of time."""
        return self.foot + self.results


def box(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    """Draw a box in the style of `kind`, or nothing where it would be too narrow to see."""
    if width < 0.05:
        return NOTHING
    return markup('<path class="{}" d="{}"/>', kind, outline(x, y, width, height))


def outline(x: float, y: float, width: float, height: float) -> str:
    """Return a box as a piece of a path: equal boxes may share one."""
    return f"M{x:.1f} {y:.4g}h{width:.1f}v{height:.4g}h-{width:.1f}z"
