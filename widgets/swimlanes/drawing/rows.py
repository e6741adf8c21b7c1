"""The lanes without their tasks: names, start-up, warm-up, idle time, shut-down."""

from __future__ import annotations

from collections.abc import Iterable

from swimlanes import modes
from swimlanes.drawing.frame import LEFT, RIGHT, Frame, outline
from swimlanes.drawing.svg import duration
from swimlanes.markup import NOTHING, Markup, join, markup, short
from swimlanes.records import Lane, Timeline


def rows(timeline: Timeline, frame: Frame) -> Markup:
    """Draw a row for each worker, also for those that are still to come."""
    by_number = {lane.worker: lane for lane in timeline.lanes if lane.worker <= frame.rows}
    numbers = range(1, frame.rows + 1)
    labels = join(_label(timeline, frame, n, by_number.get(n)) for n in numbers)
    to_come = "".join(_outline(frame, n, LEFT, RIGHT) for n in numbers if n not in by_number)
    empty = _empty(timeline, frame, by_number.values())
    return markup('{}<path class="d" d="{}"/>{}', labels, to_come, empty)


def lost(timeline: Timeline, frame: Frame) -> Markup:
    """Draw the attempts that came to nothing, because a cluster lost the worker."""
    return join(
        markup(
            '<path class="q" d="{}"><title>task {}: lost with the worker after {}, begun again'
            "</title></path>",
            _outline(frame, attempt.worker, start, max(end, start + 1)),
            attempt.task,
            duration(attempt.end_s - attempt.start_s),
        )
        for attempt in timeline.lost
        if attempt.worker <= frame.rows
        for start, end in [(frame.x(attempt.start_s), frame.x(attempt.end_s))]
    )


def warmup(timeline: Timeline, frame: Frame) -> Markup:
    """Draw the warm-up of each lane: calls before the clock."""
    return join(
        markup(
            '<path class="z" d="{}"><title>warm-up, not counted · {}</title></path>',
            _outline(frame, lane.worker, start, end),
            duration(lane.warmup_end_s - lane.warmup_start_s),
        )
        for lane in timeline.lanes
        if lane.worker <= frame.rows and lane.warmup_end_s
        for start, end in [(frame.x(lane.warmup_start_s), frame.x(lane.warmup_end_s))]
    )


def shutdown(timeline: Timeline, frame: Frame) -> Markup:
    """Draw what came after all results were in hand: until the pool was gone, or so far."""
    start_s = timeline.map_end_s
    if start_s is None or not modes.of(timeline.mode).parallel:
        return NOTHING
    ends = frame.x(start_s), frame.x(timeline.elapsed_s)
    workers = (lane.worker for lane in timeline.lanes if lane.worker <= frame.rows)
    path = "".join(_outline(frame, worker, *ends) for worker in workers)
    length = duration(max(0.0, timeline.elapsed_s - start_s))
    return markup('<path class="e" d="{}"><title>shut-down · {}</title></path>', path, length)


def _empty(timeline: Timeline, frame: Frame, lanes: Iterable[Lane]) -> Markup:
    """Draw the start-up of each lane, and all the rest of it as idle: tasks will cover that."""
    startup, idle, now = "", "", frame.x(timeline.elapsed_s)
    for lane in lanes:
        ready = frame.x(lane.ready_s)
        startup += _outline(frame, lane.worker, LEFT, ready)
        idle += _outline(frame, lane.worker, ready, max(ready, now))
    return markup(
        '<path class="l" d="{}"/>'
        '<path class="i" d="{}"><title>start-up, until the worker is ready</title></path>',
        idle,
        startup,
    )


def _outline(frame: Frame, worker: int, left: float, right: float) -> str:
    return outline(left, frame.y(worker), right - left, frame.bar)


def _identity(mode: str, lane: Lane) -> tuple[str, ...]:
    """Name what tells a lane from the others: its process, its thread, or both."""
    if lane.name:
        return (short(lane.name),)
    found = {"process": f"pid {lane.pid}", "thread": f"thread {lane.thread_id}"}
    return tuple(found[part] for part in modes.of(mode).identity)


def _label(timeline: Timeline, frame: Frame, worker: int, lane: Lane | None) -> Markup:
    identity = ("not ready yet",) if lane is None else _identity(timeline.mode, lane)
    y = frame.y(worker) + frame.bar / 2
    if frame.pitch < 18 + 8 * len(identity):
        y += frame.font * 0.36
        told = ", ".join(identity)
        return markup('<text x="0" y="{:.1f}">worker {}<title>{}</title></text>', y, worker, told)
    y -= 6 * len(identity) - 5
    lines = join(
        markup('<text class="f" x="0" y="{:.1f}" style="font-size:9px">{}</text>', below, line)
        for below, line in zip((y + 12, y + 21), identity, strict=False)
    )
    return markup('<text x="0" y="{:.1f}">worker {}</text>{}', y, worker, lines)
