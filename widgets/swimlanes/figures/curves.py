"""Curves over the number of workers: speedup and efficiency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from swimlanes import modes
from swimlanes.drawing import look
from swimlanes.drawing.possible import possible
from swimlanes.figures import limits
from swimlanes.figures.ground import (
    GRID,
    HOLLOW,
    LINE,
    NO_BASELINE,
    heading,
    lanes_label,
    legend_below,
    new_axes,
    pen,
    shade,
)
from swimlanes.figures.limits import Value
from swimlanes.records import ScalingPoint, ScalingStudy

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def speedup(study: ScalingStudy, ax: Axes | None = None) -> Axes:
    """Draw the speedup over the number of workers, with what was possible.

    Parameters
    ----------
    study : ScalingStudy
        What to draw. Draw several on the same axes to compare modes.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure. What is possible is drawn only once.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on. Whiskers reach from the slowest to the fastest repetition.

    Examples
    --------
    >>> from swimlanes import figures, study
    >>> record = study("query", mode="threads", tasks=2, task_ms=1, max_workers=2, repeats=1)
    >>> figures.speedup(record).get_xlabel()
    'number of workers n'
    """
    ax = ax or new_axes(6.0, 4.6)
    if first := not _drawn(ax):
        limits.ideal(ax)
        limits.staircase([study], ax, _as_it_is)
        limits.longest_task(study, ax)
        limits.amdahl(study, ax)
        limits.cores(study, ax)
        weak = study.scaling == "weak"
        ax.set_ylabel("scaled speedup (work grows with n)" if weak else "times faster than serial")
    return _with_curve(study, ax, _as_it_is, first)


def efficiency(study: ScalingStudy, ax: Axes | None = None) -> Axes:
    """Draw the speedup per worker over the number of workers; the rest is as in `speedup`.

    Examples
    --------
    >>> from swimlanes import figures, study
    >>> record = study("query", mode="threads", tasks=2, task_ms=1, max_workers=2, repeats=1)
    >>> figures.efficiency(record).get_ylabel()
    'efficiency: speedup per worker'
    """
    from matplotlib.ticker import PercentFormatter

    ax = ax or new_axes(6.0, 4.6)
    if first := not _drawn(ax):
        ax.axhline(1.0, color=shade(ax, LINE), linestyle="--", linewidth=1, label="ideal")
        limits.staircase([study], ax, _per_lane)
        limits.cores(study, ax)
        ax.set_ylabel("efficiency: speedup per worker")
        ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return _with_curve(study, ax, _per_lane, first)


def _as_it_is(_: ScalingPoint, speedup: float) -> float:
    return speedup


def _per_lane(point: ScalingPoint, speedup: float) -> float:
    return speedup / point.lanes


def _drawn(ax: Axes) -> bool:
    """Return whether another study was drawn here before."""
    return "ideal" in ax.get_legend_handles_labels()[1]


def _with_curve(study: ScalingStudy, ax: Axes, value: Value, first: bool) -> Axes:
    """Draw the curve of a study, or say why there is none; settle the axes."""
    if study.fair:
        _curve(study, ax, value)
    else:
        heading(ax, NO_BASELINE)
    _finish(study, ax, value, first)
    return ax


def _curve(study: ScalingStudy, ax: Axes, value: Value) -> None:
    style = pen(look.style_of(study.mode))
    lanes = [point.lanes for point in study.points]
    middles = [value(point, point.speedup) for point in study.points]
    ax.plot(lanes, middles, **style, linewidth=2, label=study.mode, zorder=3)
    for point in study.points:
        low, high = (value(point, speedup) for speedup in point.speedup_spread)
        ax.errorbar(
            point.lanes, (low + high) / 2, (high - low) / 2, color=style["color"], capsize=3,
            fmt="none", elinewidth=1.2, zorder=3,
        )  # fmt: skip
    _hollow([point for point in study.points if point.disturbed], style, ax, value)


def _hollow(points: list[ScalingPoint], style: dict[str, Any], ax: Axes, value: Value) -> None:
    """Draw the disturbed points over again."""
    known = HOLLOW in ax.get_legend_handles_labels()[1]
    if points:
        ax.plot(
            [point.lanes for point in points], [value(point, point.speedup) for point in points],
            **style | {"linestyle": "none"}, markerfacecolor=ax.get_facecolor(), zorder=4,
            label="_" if known else HOLLOW,
        )  # fmt: skip


def _finish(study: ScalingStudy, ax: Axes, value: Value, first: bool) -> None:
    """Settle the range for all that is drawn, name the horizontal axis, explain the lines."""
    from matplotlib.ticker import MaxNLocator

    highest = [value(point, point.speedup_spread[1]) for point in study.points]
    highest += [value(point, possible(study, point.workers)) for point in study.points]
    top = 1.12 * max([1.0, *highest])
    right = max([study.usable_cores, *(point.lanes for point in study.points)]) + 0.5
    if not first:
        top, right = max(top, ax.get_ylim()[1]), max(right, ax.get_xlim()[1])
    ax.set(xlim=(0.5, right), ylim=(0, top))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    if first or modes.of(study.mode).has_threads:
        ax.set_xlabel(lanes_label(study))
    ax.grid(axis="y", color=shade(ax, GRID))
    ax.set_axisbelow(True)
    legend_below(ax, ax.get_legend_handles_labels()[0])
