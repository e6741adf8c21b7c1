"""When each result was in hand: a row of ticks below the lanes, if results came one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from swimlanes.drawing.arrays import TaskArrays
from swimlanes.drawing.frame import LEFT, RIGHT, Frame, outline
from swimlanes.drawing.svg import duration
from swimlanes.markup import NOTHING, Markup, join, markup

_TICK = 8.0
_CHARACTER = 5.6
_AT_ONCE = 3.0
_MOST = 32
"""More results than this have no tick of their own, but a mark in each px where some came."""


def arrivals(tasks: TaskArrays, frame: Frame) -> Markup:
    """Draw the row, with the tasks' numbers where there is room; nothing if it has no height."""
    if not frame.results:
        return NOTHING
    y = frame.foot + 1
    came = np.flatnonzero(tasks.has_arrived)
    ticks = _each(came, tasks, frame, y) if len(came) <= _MOST else _together(tasks, frame, y)
    return markup(
        '<text x="0" y="{:.1f}" class="f" style="font-size:9px">results'
        "<title>when each result was in hand</title></text>"
        '<path class="g" d="M{:g} {:.1f}H{:g}"/>{}',
        y + _TICK,
        LEFT,
        y + _TICK / 2,
        RIGHT,
        ticks,
    )


def _each(came: NDArray[np.int64], tasks: TaskArrays, frame: Frame, y: float) -> Markup:
    """Draw a tick for each result, or one for several that came at once."""
    order = came[np.argsort(tasks.arrived[came], kind="stable")]
    groups: list[tuple[float, list[int]]] = []
    for task in order.tolist():
        x = frame.x(float(tasks.arrived[task]) / 1e9)
        if groups and x - groups[-1][0] < _AT_ONCE:
            groups[-1][1].append(task)
        else:
            groups.append((x, [task]))
    ends = [x for x, _ in groups[1:]] + [RIGHT]
    return join(
        _tick(x, end, y, ",".join(map(str, numbers)), float(tasks.arrived[numbers[-1]]) / 1e9)
        for (x, numbers), end in zip(groups, ends, strict=True)
    )


def _tick(x: float, end: float, y: float, numbers: str, moment_s: float) -> Markup:
    text = markup(
        '<text class="f" x="{:.1f}" y="{:.1f}" style="font-size:9px">{}</text>',
        x + 2,
        y + _TICK,
        numbers,
    )
    fits = end - x >= _CHARACTER * len(numbers) + 4
    return markup(
        "<g><title>result of task {} in hand · {}</title>"
        '<path class="k" d="M{:.1f} {:.1f}v{:g}"/>{}</g>',
        numbers,
        duration(moment_s),
        x,
        y,
        _TICK,
        text if fits else NOTHING,
    )


def _together(tasks: TaskArrays, frame: Frame, y: float) -> Markup:
    moments = tasks.arrived[tasks.has_arrived]
    places = (moments * ((RIGHT - LEFT) / (frame.span_s * 1e9))).astype(np.int64)
    # One px more on either side, so that every stretch with results begins and ends.
    hit = np.zeros(int(RIGHT - LEFT) + 3, np.int8)
    hit[np.clip(places, 0, int(RIGHT - LEFT)) + 1] = 1
    change = np.diff(hit)
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    stretches = zip((LEFT + starts).tolist(), (ends - starts).tolist(), strict=True)
    path = "".join(outline(x, y, width, _TICK) for x, width in stretches)
    return markup('<path class="v" d="{}"/>', path)
