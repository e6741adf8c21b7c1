"""What the fills and marks of the lanes mean."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import NamedTuple

from swimlanes.drawing.frame import LEFT, RIGHT
from swimlanes.drawing.svg import box, path_of, text_at
from swimlanes.markup import Markup, join
from swimlanes.records import TaskRecord


class Parts(NamedTuple):
    """Shares of a task's time, in the order in which they are drawn; their sum is 1.

    A task records sums and no moments, so a bar can only show shares, in a fixed order.
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
_MARKS = (("z", "warm-up"), ("a", "a chunk"), ("k", "longest task"), ("q", "lost with a worker"))
_SHARES = (
    "A bar shows how much of its task was useful, waiting or blocked, in this order; in truth "
    "these took turns."
)
LINE = 15
_CHARACTER = 5.3


def legend(y: float, live: bool, chunks: bool, longest: bool, lost: bool, warmup: bool) -> Markup:
    """Draw the names of the states, and below them those of the marks that are there."""
    states = (_WHILE_RUNNING, *_STATES) if live else (*_STATES, _WHEN_DONE)
    marks = itertools.compress(_MARKS, (warmup, chunks, longest, lost))
    below = y + LINE
    drawn = keys(states, y, LEFT, RIGHT)[0] + keys(marks, below, LEFT, RIGHT)[0]
    shares = text_at(RIGHT, below, "shares, not moments", "s e", title=_SHARES)
    return drawn if live else drawn + shares


def keys(
    entries: Iterable[tuple[str, str]], y: float, left: float, right: float
) -> tuple[Markup, float]:
    """Draw what each kind looks like beside its name, in lines; return also where they end."""
    pieces, x = [], left
    for kind, label in entries:
        if x > left and x + 17 + len(label) * _CHARACTER > right:
            x, y = left, y + LINE
        pieces.append(_swatch(kind, x, y))
        pieces.append(text_at(round(x + 17), y, label, "s"))
        x += 30 + len(label) * _CHARACTER
    return join(pieces), y + 4


def _swatch(kind: str, x: float, y: float) -> Markup:
    if kind == "a":
        return path_of(f"M{x:g} {y - 6:.1f}v3h12v-3", "a")
    return box(kind, x, y - 9, 12, 10)
