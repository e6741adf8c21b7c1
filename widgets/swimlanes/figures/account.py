"""Where the time went: a bar for each lane of a run, or for each number of workers of a study."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from swimlanes.drawing import look
from swimlanes.drawing.svg import duration, plural
from swimlanes.figures import rows
from swimlanes.figures.ground import (
    GRID,
    fill,
    heading,
    lanes_label,
    legend_of_parts,
    new_axes,
    pen,
    shade,
)
from swimlanes.metrics import PARTS
from swimlanes.records import Run, ScalingStudy

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_ORDER = (
    "startup", "useful", "waiting", "blocked", "lost", "batches", "transfer", "inputs", "dispatch",
    "results", "imbalance", "tail", "shutdown",
)  # fmt: skip
"""The parts of a lane's time, about in the order in which they come."""
_SMALLEST = 0.002
"""Parts below this share of the whole area have no place in the legend."""


def account(record: Run | ScalingStudy, ax: Axes | None = None) -> Axes:
    """Draw where the time of all lanes went.

    Parameters
    ----------
    record : Run or ScalingStudy
        A run: a bar for each lane, as long as the run. A study: a bar for each number of workers,
        as high as there are lanes, of its median run; and the speedup, which reaches as high as
        the useful part unless computing became slower.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Examples
    --------
    >>> from swimlanes import figures, run
    >>> axes = figures.account(run(abs, [-1, 2], mode="threads", workers=2))
    >>> axes.get_xlabel()
    'time / ms'
    """
    return _of_run(record, ax) if isinstance(record, Run) else _of_study(record, ax)


def _of_run(run: Run, ax: Axes | None) -> Axes:
    labels, row_of = rows.lane_labels(run.timeline), rows.lane_rows(run.timeline)
    ax = ax or new_axes(8.0, rows.height_in(len(labels)))
    at = [row_of[lane] for lane in range(1, len(labels) + 1)]
    left = [0.0] * len(labels)
    shown = []
    for part in _ORDER:
        widths = [getattr(lane, part) for lane in run.account.lanes]
        ax.barh(at, widths, left=left, height=2 * rows.HALF, **fill(ax, part))
        left = [start + width for start, width in zip(left, widths, strict=True)]
        if sum(widths) > _SMALLEST * run.account.area_s:
            shown.append(part)
    rows.set_rows(ax, labels)
    rows.set_time(ax, run.wall_time_s)
    legend_of_parts(ax, shown)
    share = run.account.useful / run.account.area_s
    lanes = plural(len(labels), "lane")
    heading(ax, f"{run.mode}: {lanes} for {duration(run.wall_time_s)}, {share:.0%} useful")
    return ax


def _of_study(study: ScalingStudy, ax: Axes | None) -> Axes:
    from matplotlib.ticker import MaxNLocator

    ax = ax or new_axes(6.0, 4.6)
    accounts = [point.median_run.account for point in study.points]
    lanes = [point.lanes for point in study.points]
    foot = [0.0] * len(lanes)
    shown = []
    for part in PARTS:
        heights = [getattr(each, part) / each.wall_time_s for each in accounts]
        ax.bar(lanes, heights, bottom=foot, width=0.72 * _gap(lanes), **fill(ax, part))
        foot = [start + height for start, height in zip(foot, heights, strict=True)]
        if any(height > _SMALLEST * n for height, n in zip(heights, lanes, strict=True)):
            shown.append(part)
    curve = _speedups(study, ax)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    if len(lanes) <= 12:
        ax.set_xticks(lanes)
    ax.set(xlabel=lanes_label(study), ylabel="n lanes, in units of the speedup")
    ax.set_ylim(0, 1.05 * max(lanes, default=1))
    ax.grid(axis="y", color=shade(ax, GRID))
    ax.set_axisbelow(True)
    legend_of_parts(ax, shown, curve)
    heading(ax, f"{study.mode}: what became of n lanes")
    return ax


def _gap(lanes: list[int]) -> int:
    """Return the smallest distance between bars."""
    return min((b - a for a, b in itertools.pairwise(lanes)), default=1)


def _speedups(study: ScalingStudy, ax: Axes) -> Artist:
    paper, dark = ax.get_facecolor(), shade(ax, 1.0)
    (curve,) = ax.plot(
        [point.lanes for point in study.points], [point.speedup for point in study.points],
        **pen(look.style_of(study.mode)) | {"color": dark, "linestyle": "none"},
        markerfacecolor=paper, markeredgewidth=1.5, label="measured speedup", zorder=3,
    )  # fmt: skip
    return curve
