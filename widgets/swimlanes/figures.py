"""Runs and studies as matplotlib figures, for notebooks and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from swimlanes.drawing import look
from swimlanes.drawing.parts import parts
from swimlanes.drawing.possible import possible
from swimlanes.drawing.svg import duration, plural
from swimlanes.records import Run, ScalingPoint, ScalingStudy, TaskRecord

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = {"serial": "D", "threads": "s", "processes": "o"}
_FILLS: dict[str, dict[str, Any]] = {
    "useful": {"facecolor": look.USEFUL},
    "waiting for a core": {"facecolor": look.WAITING, "hatch": "////", "edgecolor": "#7A5200"},
    "blocked": {"facecolor": look.BLOCKED, "hatch": "..", "edgecolor": "white"},
    "start-up": {"facecolor": look.STARTUP, "hatch": "---", "edgecolor": "#D5DBDF"},
}
_MOST_NUMBERS = 64


def lanes(run: Run, ax: Axes | None = None) -> Axes:
    """Draw a row per worker and a bar per task.

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
    """
    timeline = run.timeline
    ax = ax or _new_axes(8.0, 1.4 + 0.35 * timeline.workers)
    for lane in timeline.lanes:
        ax.barh(lane.worker, timeline.elapsed_s, height=0.8, color="0.93", zorder=0)
        _bar(ax, lane.worker, 0.0, lane.ready_s, "start-up")
    for task in timeline.tasks:
        _task(ax, task, timeline.elapsed_s, numbered=timeline.tasks_count <= _MOST_NUMBERS)
    ax.axvline(run.startup_s + run.map_s, color=look.CORES, linestyle="--", linewidth=1.2)
    ax.set_title(
        f"{plural(run.tasks_count, 'task')} on {plural(run.workers, 'worker')}, "
        f"all results in hand after {duration(run.startup_s + run.map_s)}",
        loc="left",
        fontsize="medium",
    )
    ax.set(xlabel="time / s", xlim=(0, timeline.elapsed_s), yticks=_numbers(run))
    ax.set_yticklabels([f"worker {number}" for number in _numbers(run)])
    ax.invert_yaxis()
    _legend_of_states(ax)
    return ax


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
        The axes drawn on. Hollow points were disturbed by other programs.
    """
    ax = ax or _new_axes(5.5, 4.0)
    if not ax.lines:
        _limits(study, ax)
    colour, marker = look.MODE_COLOURS[study.mode], _MARKERS[study.mode]
    workers = [point.workers for point in study.points]
    ax.plot(
        workers, [point.speedup for point in study.points], color=colour, marker=marker,
        label=study.mode, linewidth=2, zorder=3,
    )  # fmt: skip
    for point in study.points:
        _spread(ax, point, colour, marker)
    ax.legend(edgecolor="none")
    return ax


def _new_axes(width: float, height: float) -> Axes:
    from matplotlib import pyplot

    axes: Axes = pyplot.subplots(figsize=(width, height), layout="constrained")[1]
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _numbers(run: Run) -> list[int]:
    return list(range(1, max(run.workers, *(lane.worker for lane in run.timeline.lanes)) + 1))


def _task(ax: Axes, task: TaskRecord, until_s: float, numbered: bool) -> None:
    end_s = until_s if task.end_s is None else task.end_s
    shares = parts(task, end_s)
    left = task.start_s
    for state, share in (
        ("useful", shares.useful + shares.running),
        ("waiting for a core", shares.waiting),
        ("blocked", shares.blocked),
    ):
        _bar(ax, task.worker, left, share * (end_s - task.start_s), state)
        left += share * (end_s - task.start_s)
    ax.plot([end_s, end_s], [task.worker - 0.4, task.worker + 0.4], color="white", linewidth=0.8)
    if numbered:
        box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        middle = (task.start_s + end_s) / 2
        ax.text(
            middle, task.worker, str(task.task), bbox=box, ha="center", va="center",
            fontsize="x-small", clip_on=True,
        )  # fmt: skip


def _bar(ax: Axes, worker: int, left_s: float, width_s: float, state: str) -> None:
    if width_s > 0:
        ax.barh(worker, width_s, left=left_s, height=0.8, linewidth=0, **_FILLS[state])


def _legend_of_states(ax: Axes) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(label=state, linewidth=0, **fill) for state, fill in _FILLS.items()]
    handles.append(Patch(label="idle", facecolor="0.93"))
    ax.figure.legend(handles=handles, loc="outside lower center", ncols=5, frameon=False)


def _limits(study: ScalingStudy, ax: Axes) -> None:
    """Draw what does not depend on the measurement: ideal line, staircase, cores."""
    most = max([point.workers for point in study.points] + [study.usable_cores])
    numbers = list(range(1, most + 1))
    staircase = [possible(study, n) for n in numbers]
    ax.plot([0.5, most + 0.5], [0.5, most + 0.5], color="0.4", linestyle="--", linewidth=1)
    ax.lines[-1].set_label("ideal")
    ax.step(
        numbers,
        staircase,
        where="mid",
        color="0.4",
        linewidth=1.3,
        label="possible here (chunks, cores)",
    )
    cores = plural(study.usable_cores, "core")
    ax.axvline(study.usable_cores, color=look.CORES, linestyle=":", linewidth=1.5, label=cores)
    highest = max([*staircase, *(point.speedup_spread[1] for point in study.points)])
    ax.set(xlabel="number of workers", ylabel="times faster than serial", xticks=numbers)
    ax.set(xlim=(0.5, most + 0.5), ylim=(0, highest * 1.15))
    ax.grid(axis="y", color="0.88")


def _spread(ax: Axes, point: ScalingPoint, colour: str, marker: str) -> None:
    low, high = point.speedup_spread
    ax.vlines(point.workers, low, high, color=colour, linewidth=1.2)
    if point.disturbed:
        ax.plot(
            point.workers, point.speedup, marker=marker, color=colour, markerfacecolor="white",
            zorder=4,
        )  # fmt: skip
