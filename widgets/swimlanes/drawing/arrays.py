"""The tasks of a timeline as arrays, and what is drawn from these: no record is made of each task.

Very many tasks on a lane are columns, which say how each short stretch of time was spent. When each
result was in hand is a row of ticks below the lanes, if results came one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swimlanes import sheet
from swimlanes.drawing.frame import LEFT, RIGHT, Frame
from swimlanes.drawing.legend import KINDS
from swimlanes.drawing.svg import LETTER, duration, group, outline, path_of, text_at
from swimlanes.markup import NOTHING, Markup, join
from swimlanes.records import Timeline

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]

STANDS_OUT = 1.25
"""A task is marked as the longest if it takes so many times as long as most."""
_COLUMNS_IN_ALL = 900
_ALL = slice(None)
_TICK = 8.0
_AT_ONCE = 3.0
_MOST = 32
"""More results than this have no tick of their own, but a mark in each px where some came."""


@dataclass(frozen=True, slots=True)
class TaskArrays:
    """All tasks, by number; one that has not started is in lane 0 and has no length.

    Times are in ns, moments since the beginning of the run. Lengths are those so far; CPU time and
    run-queue delay are 0 until the task has ended. A task has arrived when its result is in hand.
    """

    lane: NDArray[np.int64]
    start: Numbers
    length: Numbers
    cpu: Numbers
    waiting: Numbers
    running: NDArray[np.bool_]
    arrived: NDArray[np.int64]
    has_arrived: NDArray[np.bool_]

    @property
    def started(self) -> int:
        """Number of tasks that have started."""
        return int(np.count_nonzero(self.lane))

    @property
    def longest(self) -> int | None:
        """Number of the longest task that has ended, if it stands out; else None."""
        ended = np.flatnonzero((self.lane > 0) & ~self.running)
        if not len(ended):
            return None
        number = int(ended[self.length[ended].argmax()])
        stands_out = self.length[number] > STANDS_OUT * np.median(self.length[ended])
        return number if stands_out else None

    @property
    def done(self) -> int:
        """Number of tasks that have ended."""
        return self.started - int(np.count_nonzero(self.running))


def task_arrays(timeline: Timeline) -> TaskArrays:
    """Return the tasks of a timeline as they are at its end, or so far."""
    tasks = timeline.all_tasks
    words = np.asarray(tasks.slots).reshape(-1, sheet.SLOT_WORDS)
    moments = (words[:, word] - tasks.zero_ns for word in (sheet.START, sheet.END, sheet.ARRIVED))
    start, end, arrived = moments
    began, ended = start > -tasks.zero_ns, end > -tasks.zero_ns
    end[~ended] = round(timeline.elapsed_s * 1e9)
    return TaskArrays(
        lane=words[:, sheet.WORKER] * began,
        start=start.astype(float),
        length=np.maximum(end - start, 0) * began.astype(float),
        cpu=words[:, sheet.CPU].astype(float),
        waiting=words[:, sheet.WAITING].astype(float),
        running=began & ~ended,
        arrived=arrived,
        has_arrived=arrived > -tasks.zero_ns,
    )


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
        """Add up what pieces did, each `inside` ns long; a task is even over its length."""
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


def columns(tasks: TaskArrays, frame: Frame, elapsed_s: float) -> Markup:
    """Draw the tasks of every lane, up to now, as columns: useful, waiting, blocked from below.

    The more lanes there are, the wider is a column.
    """
    count = max(8, min(140, _COLUMNS_IN_ALL // frame.rows))
    edges = [round(frame.x(i * elapsed_s / count)) for i in range(count + 1)]
    grid = Grid(frame.rows, count, max(elapsed_s * 1e9, 1.0) / count)
    shares = np.clip(time_per_column(tasks, grid).cumsum(axis=1) / grid.width, 0.0, 1.0)
    levels = np.rint(shares * frame.bar).astype(int).tolist()
    return join(
        _area(kind, edges, level, frame.y(lane) + frame.bar)
        for lane, states in enumerate(levels, start=1)
        for kind, level in reversed([*zip(KINDS, states, strict=True)])
    )


def time_per_column(tasks: TaskArrays, grid: Grid) -> Numbers:
    """Return how the time was spent: ns by lane, state (in the order of `KINDS`) and column."""
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
    return path_of("".join(path), kind)


def arrivals(tasks: TaskArrays, frame: Frame) -> Markup:
    """Draw the row, with the tasks' numbers where there is room; nothing if it has no height."""
    if not frame.results:
        return NOTHING
    y = frame.foot + 1
    came = np.flatnonzero(tasks.has_arrived)
    ticks = _each(came, tasks, frame, y) if len(came) <= _MOST else _together(tasks, frame, y)
    title = "when each result was in hand"
    name = text_at(0, y + _TICK, "results", "f", title=title)
    return name + path_of(f"M{LEFT:g} {y + _TICK / 2:.1f}H{RIGHT:g}", "g") + ticks


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
    tick = path_of(f"M{x:.1f} {y:.1f}v{_TICK:g}", "k")
    fits = end - x >= LETTER * len(numbers) + 4
    text = text_at(x + 2, y + _TICK, numbers, "f") if fits else NOTHING
    return group(f"result of task {numbers} in hand · {duration(moment_s)}", tick, text)


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
    return path_of(path, "v")
