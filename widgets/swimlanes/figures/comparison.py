"""All ways to do the same work: the speedup of each against one serial baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swimlanes.drawing import look
from swimlanes.drawing.comparison import notes_of
from swimlanes.drawing.svg import plural
from swimlanes.figures import limits
from swimlanes.figures.ground import (
    GRID,
    LINE,
    NO_BASELINE,
    heading,
    name_curves,
    new_axes,
    pen,
    shade,
)
from swimlanes.markup import legible, short
from swimlanes.records import Comparison, ScalingPoint, ScalingStudy, way_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_APART = 0.06
"""How far points of the same number of workers stand apart, in workers."""


def comparison(record: Comparison, ax: Axes | None = None) -> Axes:
    """Draw the speedup over the number of workers in every way, and what was possible.

    Parameters
    ----------
    record : Comparison
        What to draw.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on. Whiskers reach from the slowest to the fastest repetition; the names
        beside the axes stand in the order in which the curves end.
    """
    ax = ax or new_axes(7.6, 4.6)
    ax.axhline(1.0, color=shade(ax, LINE), linestyle=":", linewidth=1)
    bounds = _bounds(record, ax)
    studies = () if record.disturbed else record.studies
    count = len(studies)
    curves = [
        (_curve(record, study, ax, _APART * (place - (count - 1) / 2)), record.points(study)[-1])
        for place, study in enumerate(studies)
    ]
    _finish(record, ax)
    curves.sort(key=lambda curve: -curve[1].speedup)
    _legend(ax, [*bounds, *(artist for artist, _ in curves)])
    repeats = plural(len(record.serial_runs), "repetition")
    tasks = plural(record.tasks_count, "task")
    told = f"{short(record.workload)}, {tasks}, all modes: median of {repeats}"
    heading(ax, NO_BASELINE if record.disturbed else told)
    return ax


def _bounds(record: Comparison, ax: Axes) -> list[Artist]:
    """Draw what is possible in any way, and return what the legend explains of it."""
    limits.ideal(ax)
    if record.studies:
        limits.staircase(record.studies, ax, lambda _, speedup: speedup)
        limits.longest_task(record.studies[0], ax)
    if record.usable_cores <= record.most_workers:
        limits.cores(record.baseline_study, ax)
    return list(ax.get_legend_handles_labels()[0])


def _curve(record: Comparison, study: ScalingStudy, ax: Axes, aside: float) -> Artist:
    way, points = way_of(study), record.points(study)
    style = pen(look.style_of(*way))
    places = [point.workers + aside for point in points]
    (line,) = ax.plot(
        places, [point.speedup for point in points], **style, linewidth=2, zorder=3,
        label=f"{way.name} {points[-1].speedup:.2f}",
    )  # fmt: skip
    for place, point in zip(places, points, strict=True):
        _spread(ax, place, point, style["color"])
        if point.disturbed:
            ax.plot(
                place, point.speedup, **style | {"linestyle": "none"},
                markerfacecolor=ax.get_facecolor(), zorder=4,
            )  # fmt: skip
    return line


def _spread(ax: Axes, place: float, point: ScalingPoint, colour: str) -> None:
    low, high = point.speedup_spread
    ax.errorbar(
        place, (low + high) / 2, (high - low) / 2, color=colour, capsize=3, fmt="none",
        elinewidth=1.2, zorder=3,
    )  # fmt: skip


def _finish(record: Comparison, ax: Axes) -> None:
    """Settle the ranges, name the axes, say below them what has to be known."""
    from matplotlib.ticker import MaxNLocator
    from matplotlib.transforms import ScaledTranslation

    ends = [s for study in record.studies for p in record.points(study) for s in p.speedups]
    most = record.most_workers
    ax.set(
        xlim=(0.5, most + 0.5), ylim=(0, 1.12 * max([1.0, min(most, record.usable_cores), *ends])),
        xlabel="number of workers n", ylabel="times faster than serial",
    )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    ax.grid(axis="y", color=shade(ax, GRID))
    ax.set_axisbelow(True)
    figure = ax.figure
    assert figure is not None
    below = ax.transAxes + ScaledTranslation(0, -36 / 72, figure.dpi_scale_trans)
    missing = ", ".join(short(way) for way, _ in record.left_out)
    notes = [*notes_of(record), *([f"not here: {missing}"] if missing else [])]
    ax.text(
        0, 0, legible("\n".join(notes)), transform=below, va="top", fontsize="small",
        color=shade(ax, LINE), parse_math=False,
    )  # fmt: skip


def _legend(ax: Axes, handles: list[Artist]) -> None:
    """Name the curves beside the axes, in the order in which they end."""
    name_curves(ax, handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), handlelength=2.8)
