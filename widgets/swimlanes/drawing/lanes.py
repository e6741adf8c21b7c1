"""The swimlanes: a row per worker, a bar per task."""

from __future__ import annotations

from collections.abc import Iterator

from swimlanes import modes
from swimlanes.drawing.arrays import TaskArrays, arrivals, columns, task_arrays
from swimlanes.drawing.bars import bars, brackets, has_brackets
from swimlanes.drawing.frame import LEFT, RIGHT, TOP, Frame, lost, rows, shutdown, warmup
from swimlanes.drawing.legend import LINE, legend
from swimlanes.drawing.look import patterns
from swimlanes.drawing.svg import (
    duration,
    headline,
    notice,
    path_of,
    picture,
    plural,
    text_at,
    ticks,
)
from swimlanes.drawing.words import workers_of
from swimlanes.markup import NOTHING, Markup, join, markup
from swimlanes.records import Timeline

WIDTH = 560
MAX_BARS = 64
"""More tasks than this are drawn as columns: the text of a picture stays under 30 kB."""
MAX_LANES = 48
"""More lanes than this are not drawn."""

_LIVE_SPANS_S = (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
_RESULTS = 13.0


def lanes(
    timeline: Timeline | None,
    name: str = "swimlanes",
    *,
    titled: bool = False,
    until_s: float | None = None,
) -> Markup:
    """Draw a timeline, finished or still going on, as SVG text.

    Parameters
    ----------
    timeline : Timeline or None
        None gives the empty state, which says what to do.
    name : str
        Element id, unique on the page.
    titled : bool
        Whether the heading tells mode and length of the run, which a panel tells beside it.
    until_s : float, optional
        Where the axis of time ends, seconds; by default with the run.

    Returns
    -------
    Markup
        At most 30 kB for up to 32 workers and any number of tasks.
    """
    if timeline is None:
        return notice(name, (WIDTH, 124), "Workers and tasks", "Press Run to see your workers.")
    tasks = task_arrays(timeline)
    frame = _frame(timeline, tasks, until_s or span_s(timeline))
    inside = join(_rows(timeline, frame, tasks))
    body = [
        patterns(name),
        _heading(timeline, tasks, titled),
        markup('<g class="t" style="font-size:{:g}px">{}</g>', frame.font, inside),
        arrivals(tasks, frame),
        _results_line(timeline, frame),
        _axis(frame),
        _legend(timeline, frame, tasks),
    ]
    size = (WIDTH, round(frame.bottom + 38 + 2 * LINE))
    return picture(name, size, _sentence(timeline, tasks), join(body))


def _rows(timeline: Timeline, frame: Frame, tasks: TaskArrays) -> Iterator[Markup]:
    yield rows(timeline, frame)
    yield from warmup(timeline, frame)
    yield from lost(timeline, frame)
    yield _tasks(timeline, frame, tasks)
    yield shutdown(timeline, frame)


def _frame(timeline: Timeline, tasks: TaskArrays, span_s: float) -> Frame:
    count = min(timeline.lanes_count, MAX_LANES)
    pitch = max(11.0, min(34.0, 408 // count / 2))
    results = _RESULTS if tasks.has_arrived.any() else 0.0
    return Frame(span_s, count, pitch, pitch - (6 if pitch > 20 else 2), results)


def span_s(timeline: Timeline) -> float:
    """Return the length of the axis: in steps while the run goes on, so that bars grow."""
    if timeline.wall_time_s is not None:
        return max(timeline.elapsed_s, 1e-6)
    scale = 1.0
    while timeline.elapsed_s > _LIVE_SPANS_S[-1] * scale:
        scale *= 10
    return next(s * scale for s in _LIVE_SPANS_S if timeline.elapsed_s <= s * scale)


def _heading(timeline: Timeline, tasks: TaskArrays, titled: bool) -> Markup:
    details = "".join(f" · {detail}" for detail in _details(timeline, tasks, titled))
    return headline(f"{timeline.mode}: {_what(timeline)}" if titled else _what(timeline), details)


def _what(timeline: Timeline) -> str:
    workers = plural(timeline.workers, "worker")
    if modes.of(timeline.mode).has_threads:
        workers = workers_of(timeline.mode, timeline.workers, timeline.threads)
    return f"{plural(timeline.tasks_count, 'task')} on {workers}"


def _details(timeline: Timeline, tasks: TaskArrays, titled: bool) -> list[str]:
    details = []
    parallel = modes.of(timeline.mode).parallel
    if titled:
        details.append(duration(timeline.elapsed_s))
    elif parallel:
        ready_s = timeline.startup_s
        details.append("starting" if ready_s is None else f"pool ready after {duration(ready_s)}")
    if parallel:
        details.append(f"chunks of {timeline.chunksize}")
    if timeline.warmup_s:
        details.append(f"warm-up {duration(timeline.warmup_s)}, not counted")
    if timeline.wall_time_s is None:
        details.append(f"{tasks.done} done")
    error_s = max((lane.clock_error_s for lane in timeline.lanes), default=0.0)
    if error_s:
        details.append(f"clocks ± {duration(error_s)}")
    if timeline.lanes_count > MAX_LANES:
        details.append(f"the first {MAX_LANES} lanes")
    return details


def _tasks(timeline: Timeline, frame: Frame, tasks: TaskArrays) -> Markup:
    if timeline.tasks_count > MAX_BARS:
        feet = [frame.y(worker) + frame.bar for worker in range(1, frame.rows + 1)]
        return columns(tasks, timeline.elapsed_s, feet, frame.bar, frame.x)
    longest = _longest(timeline, tasks)
    shown = [task for task in timeline.tasks if task.worker <= frame.rows]
    drawn = bars(shown, frame, timeline.elapsed_s, longest)
    return drawn + brackets(timeline, frame, shown)


def _longest(timeline: Timeline, tasks: TaskArrays) -> int | None:
    """Return the longest task once all have ended: before, the mark would jump."""
    return None if timeline.map_s is None else tasks.longest


def _results_line(timeline: Timeline, frame: Frame) -> Markup:
    moment_s = timeline.map_end_s
    if moment_s is None:
        return NOTHING
    x = frame.x(moment_s)
    kind, shift = ("s e", -4) if x > (LEFT + RIGHT) / 2 else ("s", 4)
    said = text_at(x + shift, TOP - 7, f"all results in hand {duration(moment_s)}", kind)
    return path_of(f"M{x:.1f} {TOP - 15}V{frame.bottom:.1f}", "c") + said


def _axis(frame: Frame) -> Markup:
    y = frame.bottom + 1
    factor, unit = (1000.0, "ms") if frame.span_s < 0.1 else (1.0, "s")
    marks = [
        path_of(f"M{x:.1f} {y:.1f}v4", "a") + text_at(x, y + 15, f"{value:g}", "s m")
        for value in ticks(frame.span_s * factor, at_most=7)
        if (x := frame.x(value / factor)) < RIGHT - 16
    ]
    line = path_of(f"M{LEFT:g} {y:.1f}H{RIGHT:g}", "a")
    return join([line, *marks, text_at(RIGHT, y + 15, unit, "s e")])


def _legend(timeline: Timeline, frame: Frame, tasks: TaskArrays) -> Markup:
    one_by_one = timeline.tasks_count <= MAX_BARS
    return legend(
        frame.bottom + 36,
        live=timeline.wall_time_s is None,
        chunks=one_by_one and has_brackets(timeline, frame),
        longest=one_by_one and _longest(timeline, tasks) is not None,
        lost=bool(timeline.lost),
        warmup=bool(timeline.warmup_s),
    )


def _sentence(timeline: Timeline, tasks: TaskArrays) -> str:
    if timeline.wall_time_s is None:
        return f"{_what(timeline)}, running, {tasks.started} tasks started."
    busy = tasks.length.sum() or 1.0
    useful, waiting = tasks.cpu.sum() / busy, tasks.waiting.sum() / busy
    longest = tasks.longest
    return (
        f"{_what(timeline)} took {duration(timeline.wall_time_s)}. "
        f"Of the time in tasks {useful:.0%} was useful, {waiting:.0%} waiting for a core, "
        f"{max(0.0, 1 - useful - waiting):.0%} blocked."
        + ("" if longest is None else f" Task {longest} was the longest.")
        + "".join(
            f" Task {lost.task} was lost with worker {lost.worker}." for lost in timeline.lost
        )
    )
