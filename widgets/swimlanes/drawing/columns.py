"""Very many tasks on a lane: columns that say how each short stretch of time was spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor

from swimlanes.drawing.parts import KINDS, parts
from swimlanes.records import TaskRecord, Timeline

_COLUMNS_IN_ALL = 900


def columns(
    timeline: Timeline, feet: Sequence[float], height: float, x: Callable[[float], float]
) -> str:
    """Draw the tasks of every lane as stacked columns: useful, waiting, blocked from below.

    Parameters
    ----------
    timeline : Timeline
        The tasks.
    feet : sequence of float
        Lower edge of each lane, shape (n_lanes,), px; the more lanes, the wider is a column.
    height : float
        Height of a lane, px.
    x : callable
        Turns seconds into px.
    """
    count = max(8, min(140, _COLUMNS_IN_ALL // len(feet)))
    width_s = timeline.elapsed_s / count
    time_s = _time_per_column(timeline, len(feet), count, width_s)
    edges = [x(i * width_s) for i in range(count + 1)]
    return "".join(
        _area(kind, edges, _steps(stack, state, width_s), foot, height)
        for foot, stack in zip(feet, time_s, strict=True)
        for state, kind in reversed(list(enumerate(KINDS)))
    )


def _time_per_column(
    timeline: Timeline, rows: int, count: int, width_s: float
) -> list[list[list[float]]]:
    """Return seconds by lane, state and column."""
    time_s = [[[0.0] * count for _ in KINDS] for _ in range(rows)]
    for task in timeline.tasks:
        end_s = timeline.elapsed_s if task.end_s is None else task.end_s
        _add(task, end_s, time_s[task.worker - 1], width_s)
    return time_s


def _add(task: TaskRecord, end_s: float, into: Sequence[list[float]], width_s: float) -> None:
    shares = parts(task, end_s)
    last = len(into[0]) - 1
    for column in range(floor(task.start_s / width_s), min(floor(end_s / width_s), last) + 1):
        inside = min(end_s, (column + 1) * width_s) - max(task.start_s, column * width_s)
        for layer, share in zip(into, shares, strict=True):
            layer[column] += share * inside


def _steps(stack: Sequence[Sequence[float]], state: int, width_s: float) -> list[float]:
    """Return the height of a state's upper edge in each column, as a share of the lane."""
    return [
        min(sum(layer[column] for layer in stack[: state + 1]) / width_s, 1.0)
        for column in range(len(stack[0]))
    ]


def _area(
    kind: str, edges: Sequence[float], steps: Sequence[float], foot: float, height: float
) -> str:
    """Draw from the foot up to the steps; equal neighbours share one piece of the path."""
    path, previous = [f"M{edges[0]:.1f} {foot:.1f}"], 0
    for left, step in zip(edges, steps, strict=False):
        level = round(step * height)
        if level != previous:
            path.append(f"H{left:.0f}V{foot - level:.1f}")
            previous = level
    if len(path) == 1:
        return ""
    return f'<path class="{kind}" d="{"".join(path)}H{edges[-1]:.0f}V{foot:.1f}z"/>'
