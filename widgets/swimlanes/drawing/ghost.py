"""The run before, as outlines along the axis of the present one: one sees what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from swimlanes.drawing.frame import LEFT, RIGHT, span_s
from swimlanes.drawing.svg import LETTER, duration, outline, path_of, text_at
from swimlanes.drawing.words import how_long
from swimlanes.markup import Markup, short
from swimlanes.records import Run, TaskRecord, Timeline

_MOST_TIMES = 20
"""A run that took so many times as long would leave the present one no room on the axis."""
_MOST_OUTLINES = 64
"""Of more tasks than this each worker has one outline, from its first to its last."""
_MOST_ROWS = 32
_LABEL, _FOOT = 15.0, 5.0
_LONGEST_NAME = 16


class Ghost(NamedTuple):
    """A run, and where it is drawn: the axis in seconds, and the pitch of its rows in px."""

    run: Run
    span_s: float
    pitch: float

    @property
    def rows(self) -> int:
        """Number of rows."""
        return min(self.run.timeline.lanes_count, _MOST_ROWS)

    @property
    def height(self) -> float:
        """What it takes, px."""
        return _LABEL + self.rows * self.pitch + _FOOT

    @property
    def sentence(self) -> str:
        """What it is, for those who cannot see it."""
        return f" Below it, as outlines, the run before: {self._told}."

    @property
    def _told(self) -> str:
        took = how_long(self.run)
        return f"{short(self.run.workload, _LONGEST_NAME)}, {took[0].lower()}{took[1:]}"

    def drawn(self, top: float) -> Iterator[Markup]:
        """Draw it from there on."""
        said = f"the run before: {self._told}"
        yield path_of(outline(LEFT, top + 2, len(said) * LETTER, 12), "p")  # over the results' line
        yield text_at(LEFT, top + 11, said, "s")
        yield text_at(0, top + 11, "before", "f")
        path = "".join(self._outline(task, top + _LABEL) for task in self._stretches())
        title = f"the run before: {duration(self.run.wall_time_s)}"
        yield path_of(path, "a", title=title)

    def _stretches(self) -> Iterator[TaskRecord]:
        """Yield the tasks, or for each worker all of its tasks as one."""
        tasks = [task for task in self.run.tasks if task.worker <= self.rows]
        if len(tasks) <= _MOST_OUTLINES:
            yield from tasks
            return
        for worker in range(1, self.rows + 1):
            own = [task for task in tasks if task.worker == worker]
            if own:
                ends = min(task.start_s for task in own), max(task.end_s or 0.0 for task in own)
                yield TaskRecord(own[0].task, worker, *ends, 0.0, 0.0)

    def _outline(self, task: TaskRecord, top: float) -> str:
        left, right = (self._x(moment) for moment in (task.start_s, task.end_s or task.start_s))
        y = top + (task.worker - 1) * self.pitch
        return outline(left, y, max(1.0, right - left - 1), self.pitch - 2)

    def _x(self, seconds: float) -> float:
        return LEFT + min(seconds / self.span_s, 1.0) * (RIGHT - LEFT)


def ghost_of(before: Run | None, timeline: Timeline) -> Ghost | None:
    """Return how a run is drawn below the present one; None without one, or if it is too long."""
    if before is None:
        return None
    earlier_s = before.timeline.elapsed_s
    if timeline.wall_time_s is not None and earlier_s > _MOST_TIMES * timeline.elapsed_s:
        return None
    pitch = max(3.5, min(9.0, 72 / min(before.timeline.lanes_count, _MOST_ROWS)))
    return Ghost(before, max(span_s(timeline), earlier_s), pitch)


def shared_span_s(timeline: Timeline, before: Run | None) -> float:
    """Return the length of the axis that a run shares with the one before, s."""
    ghost = ghost_of(before, timeline)
    return span_s(timeline) if ghost is None else ghost.span_s
