"""What the lines of a chart are called: beside them, one below the other, with their markers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from swimlanes.drawing import look
from swimlanes.drawing.svg import spread

LINE = 13.0


@dataclass(frozen=True, slots=True)
class Label:
    """What a line is called, wanted at its height `y`; `style` repeats how it is drawn.

    The title tells more under the mouse.
    """

    y: float
    lines: tuple[str, ...]
    style: str
    mark: str = ""
    title: str = ""


def stack(labels: Sequence[Label], x: float, top: float, bottom: float) -> str:
    """Draw the labels one below the other from `x` on, each with a piece of its line."""
    wanted = [label.y - LINE / 2 for label in labels]
    heights = [LINE * len(label.lines) for label in labels]
    placed = spread(wanted, heights, top - LINE, bottom)
    return "".join(_label(label, x, y + LINE / 2) for label, y in zip(labels, placed, strict=True))


def _label(label: Label, x: float, y: float) -> str:
    lines = "".join(
        f'<text x="{x + 20:g}" y="{3.5 + i * LINE:g}" style="font-size:10px">{line}</text>'
        for i, line in enumerate(label.lines)
    )
    title = f"<title>{escape(label.title)}</title>" if label.title else ""
    return (
        f'<g transform="translate(0 {y:.1f})">{title}<g style="{label.style}">'
        f'<path d="M{x:g} 0h16"/>{label.mark}</g>{lines}</g>'
    )


def marker(shape: str, x: float, y: float, hollow: bool = False) -> str:
    """Draw a marker, about 8 px wide, at a place; the shape is a path around its middle."""
    style = f"fill:{look.PAPER};" if hollow else ""
    return f'<path class="mark" d="M{x:.1f} {y:.1f}{shape}" style="{style}stroke-dasharray:none"/>'


def star(x: float, y: float) -> str:
    """Draw the marker of a guess at a place."""
    return f'<path class="mark" d="M{x:.1f} {y:.1f}{look.STAR}"/>'
