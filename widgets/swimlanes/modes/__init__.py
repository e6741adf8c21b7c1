"""How each mode maps tasks onto workers: the standard library's own pools, and no other.

Each mode has a module of its own, which says everything about it: see `Mode`.
"""

from __future__ import annotations

import multiprocessing
from functools import lru_cache
from importlib import import_module

from swimlanes.modes.mode import Mode, Pool, Staff, Trouble

__all__ = [
    "MODES", "SCHEDULES", "WATCHED", "Mode", "Pool", "Staff", "Trouble", "free_threaded_python",
    "of", "start_methods", "starting_processes", "why_unavailable",
]  # fmt: skip

MODES = ("serial", "threads", "processes", "nested", "free-threaded", "interpreters", "cluster")
"""The names of the modes, in the order in which they are shown."""
WATCHED = "watched"
"""The mode in the record of a program that was watched; nobody can choose it."""
SCHEDULES = ("map", "imap", "imap_unordered")


@lru_cache
def of(name: str) -> Mode:
    """Return a mode by its name; a runner, of which many are started, imports no other."""
    mode: Mode = import_module(f"{__name__}.{name.replace('-', '_')}").MODE
    return mode


def why_unavailable(name: str) -> str:
    """Return a sentence that says why a mode does not work here, or nothing if it does.

    Examples
    --------
    >>> why_unavailable("processes")
    ''
    """
    return of(name).why_unavailable()


def free_threaded_python() -> str | None:
    """Return the path of a Python without the GIL: this one, the one named, or one on the PATH."""
    return of("free-threaded").python()


def starting_processes() -> list[str]:
    """Return the names of the modes that start processes, and so have a start method."""
    return [name for name in MODES if of(name).starts_processes]


def start_methods() -> list[str]:
    """Return the start methods that this platform has; the first is Python's default."""
    return multiprocessing.get_all_start_methods()
