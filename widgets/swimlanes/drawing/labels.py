"""What the lines of a chart are called: beside them, one below the other, with their markers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from swimlanes.drawing import look
from swimlanes.drawing.svg import spread
from swimlanes.markup import NOTHING, Markup, join, markup

LINE = 13.0


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


def stack(labels: Sequence[Label], x: float, top: float, bottom: float) -> Markup:
    """Draw the labels one below the other from `x` on, each with a piece of its line."""
    wanted = [label.y - LINE / 2 for label in labels]
    heights = [LINE * len(label.lines) for label in labels]
    placed = spread(wanted, heights, top - LINE, bottom)
    return join(_label(label, x, y + LINE / 2) for label, y in zip(labels, placed, strict=True))


def _label(label: Label, x: float, y: float) -> Markup:
    lines = join(
        markup('<text x="{:g}" y="{:g}" style="font-size:10px">{}</text>', x + 20, down, line)
        for down, line in zip(itertools.count(3.5, LINE), label.lines, strict=False)
    )
    title = markup("<title>{}</title>", label.title) if label.title else NOTHING
    return markup(
        '<g transform="translate(0 {:.1f})">{}<g style="{}"><path d="M{:g} 0h16"/>{}</g>{}</g>',
        y,
        title,
        label.style,
        x,
        label.mark,
        lines,
    )


def drawn(style: look.Style, points: str, marks: Markup) -> Markup:
    """Draw a curve through points, and its marks."""
    return markup(
        '<g style="{}"><polyline points="{}" style="fill:none;stroke-dasharray:{}"/>{}</g>',
        style.pen,
        points,
        style.dash,
        marks,
    )


def whisker(x: float, low: float, high: float, arm: float) -> Markup:
    """Draw how far a point's repetitions reach, from `low` to `high`."""
    return markup(
        '<path d="M{x:.1f} {low:.1f}V{high:.1f}M{left:.1f} {low:.1f}h{width:g}'
        'M{left:.1f} {high:.1f}h{width:g}" style="stroke-width:1.2"/>',
        x=x,
        low=low,
        high=high,
        left=x - arm,
        width=2 * arm,
    )


def marker(shape: str, x: float, y: float, hollow: bool = False) -> Markup:
    """Draw a marker, about 8 px wide, at a place; the shape is a path around its middle."""
    style = f"fill:{look.PAPER};" if hollow else ""
    return markup(
        '<path class="mark" d="M{:.1f} {:.1f}{}" style="{}stroke-dasharray:none"/>',
        x,
        y,
        shape,
        style,
    )


def star(x: float, y: float) -> Markup:
    """Draw the marker of a guess at a place."""
    return markup('<path class="mark" d="M{:.1f} {:.1f}{}"/>', x, y, look.STAR)
