"""The swimlanes: a row per worker, a bar per task."""

from __future__ import annotations

from swimlanes.drawing.arrays import TaskArrays, task_arrays
from swimlanes.drawing.bars import bar
from swimlanes.drawing.columns import columns
from swimlanes.drawing.frame import LEFT, RIGHT, TOP, Frame, box
from swimlanes.drawing.look import patterns
from swimlanes.drawing.svg import duration, notice, picture, plural, ticks
from swimlanes.drawing.words import workers_of
from swimlanes.records import Lane, Timeline

WIDTH = 560
MAX_BARS = 64
"""More tasks than this are drawn as columns: the text of a picture stays under 30 kB."""
MAX_LANES = 48
"""More lanes than this are not drawn."""

_LIVE_SPANS_S = (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
_LEGEND = (
    ("r", "running"),
    ("u", "useful"),
    ("w", "waiting for a core"),
    ("b", "blocked"),
    ("l", "idle"),
    ("i", "start-up"),
)


def lanes(timeline: Timeline | None, name: str = "swimlanes") -> str:
    """Draw a timeline, finished or still going on, as SVG text.

    Parameters
    ----------
    timeline : Timeline or None
        None gives the empty state, which says what to do.
    name : str
        Element id, unique on the page.

    Returns
    -------
    str
        At most 30 kB for up to 32 workers and any number of tasks.
    """
    if timeline is None:
        return notice(name, (WIDTH, 124), "Workers and tasks", "Press Run to see your workers.")
    frame, tasks = _frame(timeline), task_arrays(timeline)
    body = [
        patterns(name),
        _heading(timeline, tasks),
        f'<g class="t" style="--size:{frame.font:g}px">',
        _lanes(timeline, frame),
        _tasks(timeline, frame, tasks),
        "</g>",
        _results_line(timeline, frame),
        _axis(frame),
        _legend(frame.bottom + 46, live=timeline.wall_time_s is None),
    ]
    return picture(
        name, (WIDTH, round(frame.bottom + 54)), _sentence(timeline, tasks), "".join(body)
    )


def _frame(timeline: Timeline) -> Frame:
    rows = min(timeline.lanes_count, MAX_LANES)
    pitch = max(11.0, min(34.0, 204 / rows))
    return Frame(span_s(timeline), rows, pitch, pitch - (6 if pitch > 20 else 2))


def span_s(timeline: Timeline) -> float:
    """Return the length of the axis: in steps while the run goes on, so that bars grow."""
    if timeline.wall_time_s is not None:
        return max(timeline.wall_time_s, timeline.elapsed_s, 1e-6)
    scale = 1.0
    while timeline.elapsed_s > _LIVE_SPANS_S[-1] * scale:
        scale *= 10
    return next(s * scale for s in _LIVE_SPANS_S if timeline.elapsed_s <= s * scale)


def _heading(timeline: Timeline, tasks: TaskArrays) -> str:
    details = "".join(f" · {detail}" for detail in _details(timeline, tasks))
    return (
        f'<text class="h" x="0" y="14">{_what(timeline)}<tspan class="f">{details}</tspan></text>'
    )


def _what(timeline: Timeline) -> str:
    workers = plural(timeline.workers, "worker")
    if timeline.mode == "nested":
        workers = workers_of(timeline.mode, timeline.workers, timeline.threads)
    return f"{plural(timeline.tasks_count, 'task')} on {workers}"


def _details(timeline: Timeline, tasks: TaskArrays) -> list[str]:
    details = []
    if timeline.mode != "serial":
        ready_s = timeline.startup_s
        details.append("starting" if ready_s is None else f"pool ready after {duration(ready_s)}")
        details.append(f"chunks of {timeline.chunksize}")
    if timeline.wall_time_s is None:
        details.append(f"{tasks.done} done")
    if timeline.lanes_count > MAX_LANES:
        details.append(f"the first {MAX_LANES} lanes")
    return details


def _lanes(timeline: Timeline, frame: Frame) -> str:
    by_number = {lane.worker: lane for lane in timeline.lanes}
    return "".join(
        _lane(timeline, frame, by_number[worker])
        if worker in by_number
        else _lane_to_come(frame, worker)
        for worker in range(1, frame.rows + 1)
    )


def _lane_to_come(frame: Frame, worker: int) -> str:
    return _label(frame, worker, ("not ready yet",)) + (
        f'<rect class="d" x="{LEFT + 0.5:g}" y="{frame.y(worker) + 0.5:g}" '
        f'width="{RIGHT - LEFT - 1:g}" height="{frame.bar - 1:g}"/>'
    )


def _lane(timeline: Timeline, frame: Frame, lane: Lane) -> str:
    y, now, ready = frame.y(lane.worker), frame.x(timeline.elapsed_s), frame.x(lane.ready_s)
    return (
        _label(frame, lane.worker, _identity(timeline.mode, lane))
        + box("l", ready, y, now - ready, frame.bar)
        + box("i", LEFT, y, ready - LEFT, frame.bar)
    )


def _identity(mode: str, lane: Lane) -> tuple[str, ...]:
    """Name what tells a lane from the others: its process, its thread, or both."""
    process, thread = f"pid {lane.pid}", f"thread {lane.thread_id}"
    if mode == "nested":
        return process, thread
    return (process,) if mode in ("serial", "processes") else (thread,)


def _label(frame: Frame, worker: int, identity: tuple[str, ...]) -> str:
    y = frame.y(worker) + frame.bar / 2
    if frame.pitch < 18 + 8 * len(identity):
        y += frame.font * 0.36
        title = f"<title>{', '.join(identity)}</title>"
        return f'<text x="0" y="{y:.1f}">worker {worker}{title}</text>'
    y -= 6 * len(identity) - 5
    lines = "".join(
        f'<text class="f" x="0" y="{y + 3 + 9 * number:.1f}" style="font-size:9px">{line}</text>'
        for number, line in enumerate(identity, start=1)
    )
    return f'<text x="0" y="{y:.1f}">worker {worker}</text>{lines}'


def _tasks(timeline: Timeline, frame: Frame, tasks: TaskArrays) -> str:
    if timeline.tasks_count <= MAX_BARS:
        shown = (task for task in timeline.tasks if task.worker <= frame.rows)
        return "".join(bar(task, frame, timeline.elapsed_s) for task in shown)
    feet = [frame.y(worker) + frame.bar for worker in range(1, frame.rows + 1)]
    return columns(tasks, timeline.elapsed_s, feet, frame.bar, frame.x)


def _results_line(timeline: Timeline, frame: Frame) -> str:
    if timeline.startup_s is None or timeline.map_s is None:
        return ""
    moment_s = timeline.startup_s + timeline.map_s
    x = frame.x(moment_s)
    anchor, shift = (" e", -4) if x > (LEFT + RIGHT) / 2 else ("", 4)
    return (
        f'<path class="c" d="M{x:.1f} {TOP - 15}V{frame.bottom:.1f}"/>'
        f'<text class="s{anchor}" x="{x + shift:.1f}" y="{TOP - 7}">'
        f"all results in hand {duration(moment_s)}</text>"
    )


def _axis(frame: Frame) -> str:
    y = frame.bottom + 1
    factor, unit = (1000.0, "ms") if frame.span_s < 0.1 else (1.0, "s")
    marks = "".join(
        f'<path class="a" d="M{x:.1f} {y:.1f}v4"/>'
        f'<text class="s m" x="{x:.1f}" y="{y + 15:.1f}">{value:g}</text>'
        for value in ticks(frame.span_s * factor, at_most=7)
        if (x := frame.x(value / factor)) < RIGHT - 16
    )
    return (
        f'<path class="a" d="M{LEFT:g} {y:.1f}H{RIGHT:g}"/>{marks}'
        f'<text class="s e" x="{RIGHT:g}" y="{y + 15:.1f}">{unit}</text>'
    )


def _legend(y: float, live: bool) -> str:
    entries = _LEGEND if live else _LEGEND[1:]
    x, marks = LEFT, []
    for kind, label in entries:
        marks.append(box(kind, x, y - 9, 12, 10))
        marks.append(f'<text class="s" x="{x + 17:.0f}" y="{y:.1f}">{label}</text>')
        x += 30 + len(label) * 5.3
    if not live:
        marks.append(
            f'<text class="s e" x="{RIGHT:g}" y="{y:.1f}"><title>A bar shows how much of its task '
            "was useful, waiting or blocked, in this order; in truth these took turns.</title>"
            "shares, not moments</text>"
        )
    return "".join(marks)


def _sentence(timeline: Timeline, tasks: TaskArrays) -> str:
    if timeline.wall_time_s is None:
        return f"{_what(timeline)}, running, {tasks.started} tasks started."
    busy = tasks.length.sum() or 1.0
    useful, waiting = tasks.cpu.sum() / busy, tasks.waiting.sum() / busy
    return (
        f"{_what(timeline)} took {duration(timeline.wall_time_s)}. "
        f"Of the time in tasks {useful:.0%} was useful, {waiting:.0%} waiting for a core, "
        f"{max(0.0, 1 - useful - waiting):.0%} blocked."
    )
