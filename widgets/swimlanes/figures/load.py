"""How busy the cores were during a run."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from swimlanes.drawing import look
from swimlanes.drawing.svg import plural
from swimlanes.figures import rows
from swimlanes.figures.ground import heading, ink, new_axes
from swimlanes.records import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def core_load(run: Run, ax: Axes | None = None) -> Axes:
    """Draw how busy each usable core was, all programs together.

    Parameters
    ----------
    run : Run
        What to draw. The load is read five times a second, so a run should last a second.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on: a row for each core, filled from below as far as it was busy. After the
        last reading there is nothing to show.

    Examples
    --------
    >>> from swimlanes import figures, run
    >>> axes = figures.core_load(run(abs, [-1, 2], mode="threads", workers=2))
    >>> axes.get_xlabel()
    'time / ms'
    """
    samples = run.timeline.core_load
    cores = len(samples[0].busy) if samples else run.usable_cores
    ax = ax or new_axes(8.0, rows.height_in(cores))
    rows.set_rows(ax, [f"core {number}" for number in range(1, cores + 1)])
    rows.set_time(ax, run.timeline.elapsed_s)
    edges = [0.0, *(sample.until_s for sample in samples)]
    rows.backgrounds(ax, cores, edges[-1])
    for core in range(cores):
        foot = core + 1 + rows.HALF
        tops = [foot - 2 * rows.HALF * sample.busy[core] for sample in samples]
        ax.stairs(tops, edges, baseline=foot, fill=True, color=look.USEFUL, linewidth=0)
    if not samples:
        ax.text(
            0.5, 0.5, "too short a run to tell", transform=ax.transAxes, ha="center", va="center",
            color=ink(),
        )  # fmt: skip
    heading(ax, f"{plural(cores, 'usable core')}: busy with all programs together{_mean(run)}")
    return ax


def _mean(run: Run) -> str:
    """Return the mean load, over the time that was observed."""
    samples = run.timeline.core_load
    if not samples:
        return ""
    since = [0.0, *(sample.until_s for sample in samples)]
    spans = [until - start for start, until in itertools.pairwise(since)]
    busy = sum(span * sum(sample.busy) for span, sample in zip(spans, samples, strict=True))
    return f", {busy / sum(spans):.2f} cores on average"
