"""What the fills and marks of the lanes mean."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import NamedTuple

from swimlanes.drawing.frame import RIGHT
from swimlanes.drawing.svg import LETTER, LINE, box, path_of, text_at
from swimlanes.markup import NOTHING, Markup, join
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
AROUND = ("l", "i", "e")
"""The styles of what is around the tasks."""
_SHARES = "A bar shows how much of its time went to each state, not when."
_TURNS = "The states came in turns. Only how long each took in all was measured."
LINES = 3
"""Lines that a legend takes, as a rule."""
_APART = 30
"""What a swatch takes, and the gap to the next, px."""


class Marks(NamedTuple):
    """Which marks are there beside the states: warm-up, chunks, a longest task, and so on."""

    warmup: bool
    chunks: bool
    longest: bool
    failed: bool
    lost: bool


def legend(y: float, live: bool, marks: Marks, noun: str) -> tuple[Markup, float]:
    """Draw the names of the states and of the marks that are there; return also where it ends.

    A task is called by its `noun`.
    """
    names = (
        ("z", "warm-up"),
        ("a", "a chunk"),
        ("k", f"longest {noun}"),
        ("X", f"a {noun} that failed"),
        ("q", "lost with a worker"),
    )
    states = (_WHILE_RUNNING, *_STATES) if live else (*_STATES, _WHEN_DONE)
    drawn, bottom = keys((*states, *itertools.compress(names, marks)), y, 0, RIGHT)
    bottom = max(bottom, y + (LINES - 2) * LINE)
    shares = NOTHING if live else text_at(0, bottom + LINE, _SHARES, "s", title=_TURNS)
    return drawn + shares, bottom + LINE


def keys(
    entries: Iterable[tuple[str, str]], y: float, left: float, right: float
) -> tuple[Markup, float]:
    """Draw what each kind looks like beside its name; return also where the last line stands."""
    pieces, x = [], left
    for kind, label in entries:
        if x > left and x + 17 + len(label) * LETTER > right:
            x, y = left, y + LINE
        pieces.append(_swatch(kind, x, y))
        pieces.append(text_at(round(x + 17), y, label, "s"))
        x += _APART + len(label) * LETTER
    return join(pieces), y


def _swatch(kind: str, x: float, y: float) -> Markup:
    if kind == "a":
        return path_of(f"M{x:g} {y - 6:.1f}v3h12v-3", "a")
    if kind == "X":
        return failure(x + 6, y - 4)
    return box(kind, x, y - 9, 12, 10)


def failure(x: float, y: float) -> Markup:
    """Draw the mark of a task that failed, around its middle: a cross on a plate."""
    plate = path_of(f"M{x - 5.5:.1f} {y - 5.5:.1f}h11v11h-11z", "p")
    return plate + path_of(f"M{x - 3.5:.1f} {y - 3.5:.1f}l7 7m0 -7l-7 7", "X")
