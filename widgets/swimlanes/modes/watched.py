"""Workers of somebody's own program: several kinds of pools in one picture."""

from __future__ import annotations

from swimlanes.modes.mode import Mode


class Watched(Mode):
    """What was watched; nobody can choose it."""

    name = "watched"
    worker = "worker"
    counted = "workers"
    colour, dash, marker = "slate", "2 2", "circle"
    compared = False
    planned = False
    task = "call"
    identity = ("process", "thread")


MODE = Watched()
