"""Rows of a figure, one for each lane or core, and the axis of time below them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from swimlanes.figures.ground import IDLE, shade, size_pt
from swimlanes.records import Timeline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HALF = 0.4
"""Half the height of a bar, in rows."""
_LABEL_PT = 8.0


def height_in(rows: int) -> float:
    """Return the height of a figure with so many rows, inches: many rows are narrow ones."""
    wide, narrow = 0.38 * rows, 0.14 * rows
    return 1.5 + min(wide, max(6.0, min(narrow, 9.0)))


def set_rows(ax: Axes, labels: list[str]) -> None:
    """Give the rows 1, 2 ... their names from top to bottom; where there is no room, only some."""
    pitch = size_pt(ax)[1] / len(labels)
    step = ceil(_LABEL_PT / pitch)
    shown = range(1, len(labels) + 1, step)
    size = max(6.0, min(10.0, 0.75 * pitch * step))
    ax.set_yticks(list(shown), [labels[row - 1] for row in shown], fontsize=size)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(labels) + 0.6, 0.4)
    ax.spines["left"].set_visible(False)


def set_time(ax: Axes, until_s: float) -> None:
    """Let the horizontal axis reach from 0 to a moment, in s, or in ms where that is little."""
    from matplotlib.ticker import FuncFormatter

    factor, unit = (1000.0, "ms") if until_s < 0.1 else (1.0, "s")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda at_s, _: f"{at_s * factor:g}"))
    ax.set(xlabel=f"time / {unit}", xlim=(0, until_s))


def backgrounds(ax: Axes, rows: int, until_s: float) -> None:
    """Draw rows on which nothing has happened yet."""
    ax.barh(range(1, rows + 1), until_s, height=2 * HALF, color=shade(ax, IDLE), zorder=0)


def lane_rows(timeline: Timeline) -> dict[int, int]:
    """Return the row of each lane; the threads of a process stand together."""
    order = {pid: at for at, pid in enumerate(dict.fromkeys(_pids(timeline).values()))}
    pids = _pids(timeline)
    lanes = sorted(
        range(1, timeline.lanes_count + 1),
        key=lambda lane: (order.get(pids.get(lane, -1), len(order)), lane),
    )
    return {lane: row for row, lane in enumerate(lanes, start=1)}


def lane_labels(timeline: Timeline) -> list[str]:
    """Return the names of the rows, from top to bottom."""
    if timeline.threads == 1:
        return [f"worker {lane}" for lane in range(1, timeline.lanes_count + 1)]
    return [
        f"process {process}, thread {thread}"
        for process in range(1, timeline.workers + 1)
        for thread in range(1, timeline.threads + 1)
    ]


def _pids(timeline: Timeline) -> dict[int, int]:
    several = timeline.threads > 1
    return {lane.worker: lane.pid if several else 0 for lane in timeline.lanes}
