"""A run's lanes: a row per worker, a bar per task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swimlanes.drawing.legend import parts
from swimlanes.drawing.svg import duration, plural
from swimlanes.drawing.words import after_warmup
from swimlanes.figures import ground, rows
from swimlanes.figures.stretches import outlines
from swimlanes.records import Run, TaskRecord

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from swimlanes.figures.stretches import Outline

_STATES = ("useful", "waiting", "blocked")
_MOST_BARS = 1200
_DIGIT_PT = 5.0


def lanes(run: Run, ax: Axes | None = None) -> Axes:
    """Draw a row per worker and a bar per task.

    A bar shows how much of its task was useful, waiting for a core or blocked, in this order; in
    truth these took turns. With more than 1200 tasks, the bars give way to the same shares of each
    short stretch of time.

    Parameters
    ----------
    run : Run
        What to draw.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on; seconds to the right, workers downwards.

    Examples
    --------
    >>> from swimlanes import figures, run
    >>> axes = figures.lanes(run(abs, [-1, 2], mode="threads", workers=2))
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['worker 1', 'worker 2']
    """
    timeline = run.timeline
    labels = rows.lane_labels(timeline)
    ax = ax or ground.new_axes(8.0, rows.height_in(len(labels)))
    rows.set_rows(ax, labels)
    rows.set_time(ax, timeline.elapsed_s)
    rows.backgrounds(ax, len(labels), timeline.elapsed_s)
    row_of = rows.lane_rows(timeline)
    _startups(ax, run, row_of)
    _warmups(ax, run, row_of)
    _lost(ax, run, row_of)
    shown = _few(ax, run, row_of) if len(run.tasks) <= _MOST_BARS else _many(ax, run, row_of)
    before = ["startup", *["warmup"] * bool(timeline.warmup_s)]
    _results_line(ax, run, [*before, *shown, *["lost"] * bool(timeline.lost), "idle"])
    return ax


def _startups(ax: Axes, run: Run, row_of: dict[int, int]) -> None:
    at = [row_of[lane.worker] for lane in run.timeline.lanes]
    ready = [lane.ready_s for lane in run.timeline.lanes]
    ax.barh(at, ready, height=2 * rows.HALF, **ground.fill(ax, "startup"))


def _warmups(ax: Axes, run: Run, row_of: dict[int, int]) -> None:
    """Draw the calls before the clock."""
    for lane in run.timeline.lanes:
        length_s = lane.warmup_end_s - lane.warmup_start_s
        style = ground.fill(ax, "warmup")
        at, left = row_of[lane.worker], lane.warmup_start_s
        ax.barh(at, length_s, left=left, height=2 * rows.HALF, **style)


def _lost(ax: Axes, run: Run, row_of: dict[int, int]) -> None:
    """Draw the attempts that came to nothing, because a cluster lost the worker."""
    for lost in run.timeline.lost:
        length_s = lost.end_s - lost.start_s
        style = ground.fill(ax, "lost")
        ax.barh(row_of[lost.worker], length_s, left=lost.start_s, height=2 * rows.HALF, **style)


def _few(ax: Axes, run: Run, row_of: dict[int, int]) -> list[str]:
    """Draw a bar for each task; return the states there are."""
    bars: dict[str, list[Outline]] = {state: [] for state in _STATES}
    for task in run.tasks:
        for state, bar in _bars(task, run.timeline.elapsed_s, row_of[task.worker]):
            bars[state].append(bar)
    _fill(ax, bars)
    _separate(ax, run, row_of)
    _write_numbers(ax, run, row_of)
    return [state for state in _STATES if bars[state]]


def _many(ax: Axes, run: Run, row_of: dict[int, int]) -> list[str]:
    """Draw the shares of each stretch of time; return the states there are."""
    shapes = outlines(run.timeline, row_of, rows.HALF)
    # The first layer reaches over the others' feet, so it comes last.
    _fill(ax, {state: shapes[state] for state in reversed(_STATES)})
    return [state for state in _STATES if shapes[state]]


def _bars(task: TaskRecord, until_s: float, row: int) -> list[tuple[str, Outline]]:
    end_s = until_s if task.end_s is None else task.end_s
    shares = parts(task, end_s)
    bars, left = [], task.start_s
    lengths = (shares.useful + shares.running, shares.waiting, shares.blocked)
    for state, share in zip(_STATES, lengths, strict=True):
        right = left + share * (end_s - task.start_s)
        if share > 0.001:
            bars.append((state, _rectangle(left, right, row)))
        left = right
    return bars


def _rectangle(left: float, right: float, row: int) -> Outline:
    top, bottom = row - rows.HALF, row + rows.HALF
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _fill(ax: Axes, shapes: dict[str, list[Outline]]) -> None:
    from matplotlib.collections import PolyCollection

    for state, outlines_ in shapes.items():
        ax.add_collection(PolyCollection(outlines_, **ground.fill(ax, state)), autolim=False)


def _separate(ax: Axes, run: Run, row_of: dict[int, int]) -> None:
    """Keep neighbours apart by a line of the background's colour at each task's end."""
    ended = [(task.end_s, row_of[task.worker]) for task in run.tasks if task.end_s is not None]
    ends, at = zip(*ended, strict=True) if ended else ((), ())
    lows, highs = [row - rows.HALF for row in at], [row + rows.HALF for row in at]
    ax.vlines(ends, lows, highs, color=ax.get_facecolor(), linewidth=0.8)


def _write_numbers(ax: Axes, run: Run, row_of: dict[int, int]) -> None:
    """Write the tasks' numbers where there is room for them."""
    width_pt, height_pt = ground.size_pt(ax)
    size = min(8.0, 0.5 * height_pt / len(row_of))
    if size < 5.0:
        return
    for task in run.tasks:
        end_s = run.timeline.elapsed_s if task.end_s is None else task.end_s
        length_pt = (end_s - task.start_s) / run.timeline.elapsed_s * width_pt
        room_pt = (len(str(task.task)) + 1) * _DIGIT_PT * size / 8.0
        if room_pt < length_pt:
            plain = parts(task, end_s).useful * length_pt > (length_pt + room_pt) / 2
            _number(ax, task, (task.start_s + end_s) / 2, row_of[task.worker], size, plain)


def _number(
    ax: Axes, task: TaskRecord, middle_s: float, row: int, size: float, plain: bool
) -> None:
    """Write a number on plain colour, or on a plate of its own where a pattern is behind."""
    paper = ax.get_facecolor()
    plate = {"boxstyle": "round,pad=0.15", "facecolor": paper, "edgecolor": "none"}
    ax.text(
        middle_s, row, str(task.task), ha="center", va="center_baseline", fontsize=size,
        color="white" if plain else ground.ink(), bbox=None if plain else plate, clip_on=True,
    )  # fmt: skip


def _results_line(ax: Axes, run: Run, shown: list[str]) -> None:
    moment_s = run.timeline.map_end_s or 0.0
    line = ax.axvline(moment_s, color=ground.ink(), linestyle="--", linewidth=1.2)
    line.set_label(f"all results in hand: {duration(moment_s)}")
    ground.legend_of_parts(ax, shown, line)
    workers = plural(run.workers, "worker")
    threads = f" of {plural(run.threads, 'thread')} each" if run.threads > 1 else ""
    ground.heading(
        ax, f"{run.mode}: {plural(run.tasks_count, 'task')} on {workers}{threads} in "
        f"{duration(run.wall_time_s)}{after_warmup(run)}",
    )  # fmt: skip
