"""Which tasks travelled together: a bracket below the bars of each chunk."""

from __future__ import annotations

from collections.abc import Iterable

from swimlanes import modes
from swimlanes.drawing.frame import Frame
from swimlanes.markup import NOTHING, Markup, markup
from swimlanes.records import TaskRecord, Timeline


def has_brackets(timeline: Timeline, frame: Frame) -> bool:
    """Return whether chunks hold more than a task and the lanes leave room to show that."""
    room = frame.pitch - frame.bar >= 4
    return timeline.chunksize > 1 and modes.of(timeline.mode).parallel and room


def brackets(timeline: Timeline, frame: Frame, tasks: Iterable[TaskRecord]) -> Markup:
    """Draw a bracket for each chunk that has started."""
    if not has_brackets(timeline, frame):
        return NOTHING
    spans: dict[tuple[int, int], tuple[float, float]] = {}
    for task in tasks:
        chunk = task.task // timeline.chunksize, task.worker
        end_s = timeline.elapsed_s if task.end_s is None else task.end_s
        start_s, last_s = spans.get(chunk, (task.start_s, end_s))
        spans[chunk] = min(start_s, task.start_s), max(last_s, end_s)
    path = "".join(
        _bracket(frame, worker, start_s, end_s) for (_, worker), (start_s, end_s) in spans.items()
    )
    return markup('<path class="a" d="{}"/>', path)


def _bracket(frame: Frame, worker: int, start_s: float, end_s: float) -> str:
    left, right = frame.x(start_s) + 1, frame.x(end_s) - 2
    return f"M{left:.1f} {frame.y(worker) + frame.bar + 1:.4g}v2.5H{max(left, right):.1f}v-2.5"
