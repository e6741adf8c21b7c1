"""What a task's time on its lane consisted of."""

from __future__ import annotations

from typing import NamedTuple

from swimlanes.records import TaskRecord


class Parts(NamedTuple):
    """Shares of a task's time, in the order in which they are drawn; their sum is 1.

    ``running`` is time of which nothing more is known yet: a task writes its CPU time and its
    waiting time down when it ends.
    """

    running: float
    useful: float
    waiting: float
    blocked: float


KINDS = ("r", "u", "w", "b")
"""The style of each part, in the same order."""


def parts(task: TaskRecord, end_s: float) -> Parts:
    """Return the shares of a task that ended, or is looked at, at `end_s` (seconds)."""
    length = end_s - task.start_s
    if length <= 0 or (task.end_s is None and task.cpu_s == 0):
        return Parts(1.0, 0.0, 0.0, 0.0)
    useful = min(task.cpu_s / length, 1.0)
    waiting = min(task.waiting_s / length, 1.0 - useful)
    return Parts(0.0, useful, waiting, 1.0 - useful - waiting)
