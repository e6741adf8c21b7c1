"""What all charts over the number of lanes have around them: axes, a grid, remarks below."""

from __future__ import annotations

import math
from html import escape

from swimlanes.drawing.chart import BOTTOM, LEFT, TOP, Aspect, Frame
from swimlanes.drawing.svg import ticks


def axes(frame: Frame, unit: str, aspect: Aspect) -> str:
    """Draw the axes with their numbers and names, and a grid."""
    grid = "".join(
        f'<path class="g" d="M{LEFT:g} {frame.y(value):.1f}H{frame.right:g}"/>'
        f'<text class="s e" x="{LEFT - 6:g}" y="{frame.y(value) + 3.5:.1f}">'
        f"{aspect.tick(value)}</text>"
        for value in ticks(frame.highest, at_most=6)
    )
    step = math.ceil(frame.lanes / 12)
    numbers = "".join(
        f'<text class="s m" x="{frame.x(n):.1f}" y="{BOTTOM + 15:g}">{n}</text>'
        for n in range(1, frame.lanes + 1, step)
    )
    middle = (LEFT + frame.right) / 2
    return (
        f'{grid}<path class="a" d="M{LEFT:g} {TOP:g}V{BOTTOM:g}H{frame.right:g}"/>{numbers}'
        f'<text class="s m" x="{middle:g}" y="{BOTTOM + 31:g}">number of {unit}</text>'
        f'<text class="s m" transform="translate(10 {(TOP + BOTTOM) / 2:g}) rotate(-90)">'
        f"{aspect.axis}</text>"
    )


def note(text: str, y: float) -> str:
    """Write a remark below a chart."""
    return f'<text class="s" x="{LEFT:g}" y="{y:g}">{escape(text)}</text>'
