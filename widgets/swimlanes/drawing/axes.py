"""What all charts over the number of lanes have around them: axes, a grid, remarks below."""

from __future__ import annotations

import math

from swimlanes.drawing.chart import BOTTOM, LEFT, TOP, Aspect, Frame
from swimlanes.drawing.svg import ticks
from swimlanes.markup import Markup, join, markup


def axes(frame: Frame, unit: str, aspect: Aspect) -> Markup:
    """Draw the axes with their numbers and names, and a grid."""
    grid = join(_line(frame, value, aspect.tick(value)) for value in ticks(frame.highest, 6))
    step = math.ceil(frame.lanes / 12)
    numbers = join(
        markup('<text class="s m" x="{:.1f}" y="{:g}">{}</text>', frame.x(n), BOTTOM + 15, n)
        for n in range(1, frame.lanes + 1, step)
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
        right=frame.right,
        middle=(LEFT + frame.right) / 2,
        below=BOTTOM + 31,
        beside=(TOP + BOTTOM) / 2,
        unit=unit,
        axis=aspect.axis,
    )


def note(text: str, y: float) -> Markup:
    """Write a remark below a chart."""
    return markup('<text class="s" x="{:g}" y="{:g}">{}</text>', LEFT, y, text)


def _line(frame: Frame, value: float, number: str) -> Markup:
    y = frame.y(value)
    return markup(
        '<path class="g" d="M{:g} {:.1f}H{:g}"/><text class="s e" x="{:g}" y="{:.1f}">{}</text>',
        LEFT,
        y,
        frame.right,
        LEFT - 6,
        y + 3.5,
        number,
    )
