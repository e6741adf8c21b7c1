"""What the fills and marks of the lanes mean."""

from __future__ import annotations

from typing import NamedTuple

from swimlanes.drawing.frame import LEFT, RIGHT, box
from swimlanes.markup import Markup, join, markup
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


_WHILE_RUNNING = ("r", "running")
_STATES = (
    ("u", "useful"),
    ("w", "waiting for a core"),
    ("b", "blocked"),
    ("l", "idle"),
    ("i", "start-up"),
)
_WHEN_DONE = ("e", "shut-down")
LINE = 15


def legend(y: float, live: bool, chunks: bool, longest: bool, lost: bool, warmup: bool) -> Markup:
    """Draw the names of the states, and below them those of the marks that are there."""
    states = (_WHILE_RUNNING, *_STATES) if live else (*_STATES, _WHEN_DONE)
    x, pieces = LEFT, []
    for kind, label in states:
        pieces.append(box(kind, x, y - 9, 12, 10) + _name(x, y, label))
        x = _next(x, label)
    x, y = LEFT, y + LINE
    if warmup:
        pieces.append(box("z", x, y - 9, 12, 10) + _name(x, y, "warm-up"))
        x = _next(x, "warm-up")
    if chunks:
        pieces.append(markup('<path class="a" d="M{:g} {:.1f}v3h12v-3"/>', x, y - 6))
        pieces.append(_name(x, y, "a chunk"))
        x = _next(x, "a chunk")
    if longest:
        pieces.append(box("k", x, y - 9, 12, 10) + _name(x, y, "longest task"))
        x = _next(x, "longest task")
    if lost:
        pieces.append(box("q", x, y - 9, 12, 10) + _name(x, y, "lost with a worker"))
    if not live:
        pieces.append(_shares(y))
    return join(pieces)


def _shares(y: float) -> Markup:
    return markup(
        '<text class="s e" x="{:g}" y="{:.1f}"><title>A bar shows how much of its task was useful, '
        "waiting or blocked, in this order; in truth these took turns.</title>shares, not moments"
        "</text>",
        RIGHT,
        y,
    )


def _name(x: float, y: float, label: str) -> Markup:
    return markup('<text class="s" x="{:.0f}" y="{:.1f}">{}</text>', x + 17, y, label)


def _next(x: float, label: str) -> float:
    return x + 30 + len(label) * 5.3
