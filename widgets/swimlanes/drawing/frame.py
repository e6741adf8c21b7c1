"""The lanes without their tasks: where things are, names, start-up, warm-up, idle, shut-down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from swimlanes import modes
from swimlanes.drawing.svg import duration, outline, path_of, text_at
from swimlanes.markup import NOTHING, Markup, join, short
from swimlanes.records import Lane, Timeline

WIDTH = 456
LEFT, RIGHT = 78.0, 452.0
ABOVE = 28.0
"""What lies between the heading and the lanes, px: room for a moment that has a name."""
_PITCH = 12
"""Pitch of the lines beside a lane, px."""
_BETWEEN = 4
"""Between three lines beside a lane and those beside the next, px."""
_LETTERS = 13
"""So many fit there."""
_LIVE_SPANS_S = (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things are: seconds to x, workers to y, all in px.

    The lanes begin at the `top`. Below them there may be a row for the results, in the order of
    their arrival, and the outlines of another run. Chunks may be left out.
    """

    top: float
    span_s: float
    rows: int
    pitch: float
    bar: float
    results: float = 0.0
    ghost: float = 0.0
    chunks: bool = True

    def x(self, seconds: float) -> float:
        """Return the horizontal position of a moment."""
        return LEFT + min(seconds / self.span_s, 1.0) * (RIGHT - LEFT)

    def y(self, worker: int) -> float:
        """Return the upper edge of a worker's lane."""
        return self.top + (worker - 1) * self.pitch

    def box(self, worker: int, left: float, right: float) -> str:
        """Return a stretch of a worker's lane as a piece of a path."""
        return outline(left, self.y(worker), right - left, self.bar)

    @property
    def font(self) -> float:
        """Size of labels and numbers, px: that of other text unless the lanes are too low."""
        return min(11.0, self.bar)

    @property
    def foot(self) -> float:
        """Lower edge of the last lane."""
        return self.top + self.rows * self.pitch

    @property
    def bottom(self) -> float:
        """Lower edge of everything that happened, above the axis of time."""
        return self.foot + self.results + self.ghost


def span_s(timeline: Timeline) -> float:
    """Return the length of the axis: in steps while the run goes on, so that bars grow."""
    if timeline.wall_time_s is not None:
        return max(timeline.elapsed_s, 1e-6)
    scale = 1.0
    while timeline.elapsed_s > _LIVE_SPANS_S[-1] * scale:
        scale *= 10
    return next(s * scale for s in _LIVE_SPANS_S if timeline.elapsed_s <= s * scale)


def rows(timeline: Timeline, frame: Frame) -> Markup:
    """Draw a row for each worker, also for those that are still to come."""
    by_number = {lane.worker: lane for lane in timeline.lanes if lane.worker <= frame.rows}
    numbers = range(1, frame.rows + 1)
    labels = join(_label(timeline, frame, n, by_number.get(n)) for n in numbers)
    to_come = "".join(frame.box(n, LEFT, RIGHT) for n in numbers if n not in by_number)
    coming = path_of(to_come, "d") if to_come else NOTHING
    return labels + coming + _empty(timeline, frame, by_number.values())


def lost(timeline: Timeline, frame: Frame) -> Iterator[Markup]:
    """Draw the attempts that came to nothing, because a cluster lost the worker."""
    for attempt in timeline.lost:
        if attempt.worker <= frame.rows:
            start, end = frame.x(attempt.start_s), frame.x(attempt.end_s)
            length = duration(attempt.end_s - attempt.start_s)
            title = f"task {attempt.task}: lost with the worker after {length}, begun again"
            yield path_of(frame.box(attempt.worker, start, max(end, start + 1)), "q", title=title)


def warmup(timeline: Timeline, frame: Frame) -> Iterator[Markup]:
    """Draw the warm-up of each lane: calls before the clock."""
    for lane in timeline.lanes:
        if lane.worker <= frame.rows and lane.warmup_end_s:
            ends = frame.x(lane.warmup_start_s), frame.x(lane.warmup_end_s)
            title = f"warm-up, not counted · {duration(lane.warmup_end_s - lane.warmup_start_s)}"
            yield path_of(frame.box(lane.worker, *ends), "z", title=title)


def shutdown(timeline: Timeline, frame: Frame) -> Markup:
    """Draw what came after all results were in hand: until the pool was gone, or so far."""
    start_s = timeline.map_end_s
    kind = modes.of(timeline.mode)
    if start_s is None or not (kind.parallel and kind.planned):
        return NOTHING
    start = frame.x(start_s)
    path = "".join(
        frame.box(lane.worker, start, max(start, _gone(lane, timeline, frame)))
        for lane in timeline.lanes
        if lane.worker <= frame.rows
    )
    length = duration(max(0.0, timeline.elapsed_s - start_s))
    return path_of(path, "e", title=f"shut-down · {length}")


def _empty(timeline: Timeline, frame: Frame, lanes: Iterable[Lane]) -> Markup:
    """Draw the start-up of each lane, and all the rest of it as idle: tasks will cover that."""
    startup, idle = "", ""
    for lane in lanes:
        asked, ready = frame.x(lane.asked_s), frame.x(lane.ready_s)
        startup += frame.box(lane.worker, asked, ready)
        idle += frame.box(lane.worker, ready, max(ready, _gone(lane, timeline, frame)))
    return path_of(idle, "l") + path_of(startup, "i", title="start-up, until the worker is ready")


def _gone(lane: Lane, timeline: Timeline, frame: Frame) -> float:
    """Return the horizontal position at which a lane ends, or has come so far."""
    return frame.x(timeline.elapsed_s if lane.gone_s is None else lane.gone_s)


def _identity(mode: str, lane: Lane) -> tuple[str, ...]:
    """Name what tells a lane from the others: its process, its thread, or both."""
    found = {"process": f"pid {lane.pid}", "thread": f"thread {lane.thread_id}"}
    if lane.name:
        own = not modes.of(mode).planned and "Executor" not in lane.name  # that takes two lines
        return (short(lane.name), found["process"]) if own else (short(lane.name),)
    return tuple(found[part] for part in modes.of(mode).identity)


def _lines(identity: tuple[str, ...]) -> tuple[str, ...]:
    """Break the name of an executor, which is wider than the room left of the lanes."""
    if len(identity) > 1 or identity[0].find("Executor") <= 0:
        return identity
    kind, executor, number = identity[0].partition("Executor")
    return kind, executor + number


def _label(timeline: Timeline, frame: Frame, worker: int, lane: Lane | None) -> Markup:
    identity = ("not ready yet",) if lane is None else _identity(timeline.mode, lane)
    name, y = f"worker {worker}", frame.y(worker) + frame.bar / 2
    lines = _lines(identity)
    if frame.pitch < _PITCH * (1 + len(lines)) + _BETWEEN * (len(lines) > 1):
        return text_at(0, y + frame.font * 0.36, name, title=", ".join(identity))
    y -= _PITCH / 2 * len(lines) - 4
    below = ((y + _PITCH * n, line) for n, line in enumerate(lines, start=1))
    return text_at(0, y, name) + join(_faint(at, line) for at, line in below)


def _faint(y: float, line: str) -> Markup:
    shown = short(line, most=_LETTERS)
    return text_at(0, y, shown, "f", title="" if shown == line else line)
