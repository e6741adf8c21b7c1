"""Very many tasks on a lane: columns that say how each short stretch of time was spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swimlanes.drawing.arrays import Numbers, TaskArrays
from swimlanes.drawing.legend import KINDS
from swimlanes.markup import NOTHING, Markup, join, markup

_COLUMNS_IN_ALL = 900
_ALL = slice(None)

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of every lane: how many lanes and columns, and a column's width in ns."""

    lanes: int
    count: int
    width: float

    def column(self, moment: Numbers) -> Indices:
        """Return the column of each moment (ns)."""
        return np.clip(moment / self.width, 0, self.count - 1).astype(np.int64)

    def spent(
        self, tasks: TaskArrays, pieces: slice | Indices, column: Indices, inside: Numbers
    ) -> Numbers:
        """Add up what pieces of tasks did, each `inside` ns long; a task is even over its length.

        Returns
        -------
        ndarray
            ns by lane, state (in the order of `KINDS`) and column.
        """
        key = tasks.lane[pieces] * self.count + column
        share = inside / np.maximum(tasks.length[pieces], 1.0)
        few = np.flatnonzero(tasks.running[pieces])
        running = self._sums(key[few], inside[few])
        useful = self._sums(key, tasks.cpu[pieces] * share)
        waiting = self._sums(key, tasks.waiting[pieces] * share)
        blocked = self._sums(key, inside) - running - useful - waiting
        return np.stack([running, useful, waiting, blocked], axis=1)

    def _sums(self, key: Indices, values: Numbers) -> Numbers:
        """Add up values by lane and column, without lane 0: what has not started, and took 0."""
        rows = (self.lanes + 1) * self.count
        sums = np.bincount(key, values, minlength=rows).astype(float)
        return sums[self.count : rows].reshape(self.lanes, self.count)


def columns(
    tasks: TaskArrays,
    elapsed_s: float,
    feet: Sequence[float],
    height: float,
    x: Callable[[float], float],
) -> Markup:
    """Draw the tasks of every lane as stacked columns: useful, waiting, blocked from below.

    Parameters
    ----------
    tasks : TaskArrays
        The tasks.
    elapsed_s : float
        How far the columns reach, seconds.
    feet : sequence of float
        Lower edge of each lane, shape (n_lanes,), px; the more lanes, the wider is a column.
        Lanes beyond are not drawn.
    height : float
        Height of a lane, px.
    x : callable
        Turns seconds into px.
    """
    count = max(8, min(140, _COLUMNS_IN_ALL // len(feet)))
    edges = [round(x(i * elapsed_s / count)) for i in range(count + 1)]
    grid = Grid(len(feet), count, max(elapsed_s * 1e9, 1.0) / count)
    shares = np.clip(time_per_column(tasks, grid).cumsum(axis=1) / grid.width, 0.0, 1.0)
    levels = np.rint(shares * height).astype(int).tolist()
    return join(
        _area(KINDS[state], edges, levels[lane][state], foot)
        for lane, foot in enumerate(feet)
        for state in reversed(range(len(KINDS)))
    )


def time_per_column(tasks: TaskArrays, grid: Grid) -> Numbers:
    """Return how the time of each column was spent.

    Returns
    -------
    ndarray
        ns by lane, state (in the order of `KINDS`) and column, shape (lanes, 4, count).
    """
    end = tasks.start + tasks.length
    first, last = grid.column(tasks.start), grid.column(end)
    heads = np.minimum(end, (first + 1) * grid.width) - tasks.start
    task, column = _beyond_the_first(first, last)
    rest = np.minimum(end[task], (column + 1) * grid.width) - column * grid.width
    return grid.spent(tasks, _ALL, first, heads) + grid.spent(tasks, task, column, rest)


def _beyond_the_first(first: Indices, last: Indices) -> tuple[Indices, Indices]:
    """Return task and column of every piece but the first; few, as a lane runs one at a time."""
    crossing = np.flatnonzero(last > first)
    pieces = (last - first)[crossing]
    task = np.repeat(crossing, pieces)
    number = np.arange(len(task)) - np.repeat(pieces.cumsum() - pieces, pieces)
    return task, first[task] + 1 + number


def _area(kind: str, edges: Sequence[int], levels: Sequence[int], foot: float) -> Markup:
    """Draw from the foot up to the levels; equal neighbours share one piece of the path."""
    path, previous = [f"M{edges[0]} {foot:.1f}"], 0
    for left, level in zip(edges, levels, strict=False):
        if level != previous:
            path.append(f"H{left}V{foot - level:.1f}")
            previous = level
    if len(path) == 1:
        return NOTHING
    path.append(f"H{edges[-1]}V{foot:.1f}z")
    return markup('<path class="{}" d="{}"/>', kind, "".join(path))
