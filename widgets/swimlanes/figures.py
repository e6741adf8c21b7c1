"""Runs, studies and comparisons as figures, for notebooks and reports.

They are the pictures of the control panel. A notebook shows a figure that is the last value of a
cell, or that is given to ``display``; `swimlanes.save` writes it to a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from secrets import token_hex

from swimlanes import drawing
from swimlanes.brief import shown
from swimlanes.drawing.chart import ASPECTS, Show
from swimlanes.drawing.look import PAPER
from swimlanes.drawing.svg import sentence_of, size_of
from swimlanes.errors import RequestError
from swimlanes.markup import Markup, markup
from swimlanes.measure.plan import check_choice, is_number
from swimlanes.records import LONGEST_S, Comparison, Record, Run, ScalingStudy

__all__ = ["Figure", "account", "comparison", "core_load", "efficiency", "lanes", "speedup"]

_ENLARGED = 1.5


@dataclass(frozen=True, repr=False)
class Figure:
    """A picture of what was measured.

    Attributes
    ----------
    svg : Markup
        The picture as SVG text, in the colours of JupyterLab's theme.
    """

    svg: Markup

    def __repr__(self) -> str:
        """Return what the picture shows in words, for where no picture can be shown."""
        return sentence_of(self.svg)

    def _repr_html_(self) -> Markup:
        """Return what a notebook shows."""
        width = _ENLARGED * size_of(self.svg)[0]
        return markup(
            '<div style="max-width:{:g}px;overflow-x:auto;padding:8px;background:{}">{}</div>',
            width,
            PAPER,
            self.svg,
        )


def lanes(*runs: Run, until_s: float | None = None) -> Figure:
    """Draw a lane for each worker with a bar for each task.

    Parameters
    ----------
    *runs : Run
        What to draw: several stand one below the other, along the same axis of time.
    until_s : float, optional
        Where the axis of time ends, seconds; by default, and at the earliest, with the longest run.

    Examples
    --------
    >>> from swimlanes import figures, run
    >>> figure = figures.lanes(run(abs, [-1, 2], mode="threads", workers=2))
    >>> "threads: 2 tasks on 2 workers" in figure.svg
    True
    """
    for run in runs or (None,):
        _check("lanes", run, Run)
    if not (until_s is None or is_number(until_s, LONGEST_S)):
        raise RequestError(
            f"until_s says where the axis of time ends, in seconds, and cannot be {shown(until_s)}."
        )
    end_s = max([until_s or 0.0, *(run.timeline.elapsed_s for run in runs)])
    return Figure(drawing.compared_lanes(runs, _name(), end_s))


def account(record: Run | ScalingStudy) -> Figure:
    """Draw where the time of all workers went: of a run lane by lane, of a study by their number.

    A bar for each lane of the run, or for each number of workers of the study, of its median run.
    """
    _check("account", record, Run, ScalingStudy)
    rows = _lane_rows(record) if isinstance(record, Run) else drawing.account_rows(None, record)
    return Figure(drawing.account(rows, _name(), legend=True))


def speedup(*studies: ScalingStudy, show: Show = "speedup") -> Figure:
    """Draw the speedup over the number of workers, with what was possible.

    Parameters
    ----------
    *studies : ScalingStudy
        One curve each. The last decides which others are drawn: those of the same work, and of
        these the latest in each mode.
    show : str
        ``speedup``, ``efficiency`` (speedup per lane) or ``time`` (seconds).
    """
    check_choice("show", show, tuple(ASPECTS))
    for study in studies or (None,):
        _check("speedup", study, ScalingStudy)
    return Figure(drawing.speedup(studies, studies[-1].usable_cores, _name(), show=show))


def efficiency(*studies: ScalingStudy) -> Figure:
    """Draw the speedup per worker over the number of workers; the rest is as in `speedup`."""
    return speedup(*studies, show="efficiency")


def core_load(run: Run) -> Figure:
    """Draw how busy each usable core was: with the run, and with all other programs.

    The load is read five times a second, so a run should last a second.
    """
    _check("core_load", run, Run)
    cpus = run.timeline.loaded_cpus or range(run.usable_cores)
    return Figure(drawing.core_load(run.timeline, cpus, _name()))


def comparison(record: Comparison) -> Figure:
    """Draw the speedup over the number of workers in every way, and what was possible."""
    _check("comparison", record, Comparison)
    return Figure(drawing.comparison(record, _name()))


def of(record: Record) -> Figure:
    """Return the figure that stands for a record: lanes, speedup or comparison."""
    if isinstance(record, Run):
        return lanes(record)
    return speedup(record) if isinstance(record, ScalingStudy) else comparison(record)


def _check(figure: str, record: object, *kinds: type) -> None:
    """Refuse what a figure cannot show."""
    if not isinstance(record, kinds):
        known = {Run: "a run", ScalingStudy: "a study", Comparison: "a comparison"}
        wanted = " or ".join(known[kind] for kind in kinds)
        raise RequestError(f"figures.{figure} shows {wanted}, and this is {shown(record)}.")


def _lane_rows(run: Run) -> list[drawing.Row]:
    """Return a row for each lane; what a single lane waited for, nobody has measured."""
    whole = replace(run.account, throttled_s=0.0, others_busy_s=0.0, oversubscribed_run=False)
    lanes = enumerate(run.account.lanes, start=1)
    return [drawing.Row(f"worker {n}", replace(whole, lanes=(lane,))) for n, lane in lanes]


def _name() -> str:
    """Return an element id that no other figure of a notebook has."""
    return f"figure-{token_hex(4)}"
