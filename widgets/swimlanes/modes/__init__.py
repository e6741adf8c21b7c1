"""How each mode maps tasks onto workers: the standard library's own pools, and no other."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from typing import Any

from swimlanes.modes.availability import (
    CLUSTER_SETTING,
    FREE_THREADED_SETTING,
    free_threaded_python,
    why_unavailable,
)
from swimlanes.modes.pools import Initializer, NestedPool, Pool, SerialPool, Trouble, start_threads

__all__ = [
    "CLUSTER_SETTING",
    "FORKING",
    "FREE_THREADED_SETTING",
    "MODES",
    "SCHEDULES",
    "Pool",
    "Trouble",
    "free_threaded_python",
    "make_pool",
    "start_methods",
    "why_unavailable",
]

MODES = ("serial", "threads", "processes", "nested", "free-threaded", "interpreters", "cluster")
SCHEDULES = ("map", "imap", "imap_unordered")
FORKING = ("processes", "nested")
"""The modes that start processes, and so have a start method."""


def make_pool(
    mode: str,
    workers: int,
    threads: int,
    start_method: str | None,
    initializer: Initializer,
    initargs: tuple[Any, ...],
    in_each_process: Callable[[], None] | None = None,
) -> Pool:
    """Start the workers of `mode`.

    Parameters
    ----------
    mode : str
        One of `MODES`.
    workers : int
        Number of workers, at least 1; serial has one, whatever is asked for.
    threads : int
        Threads of each worker, for nested.
    start_method : str or None
        ``fork``, ``forkserver`` or ``spawn``, for modes that start processes; else None.
    initializer, initargs : callable, tuple
        What each worker, or each of its threads, calls first.
    in_each_process : callable, optional
        What a process of nested calls before it starts its threads.
    """
    if mode == "serial":
        return SerialPool(initializer, initargs)
    if mode in ("threads", "free-threaded"):
        return ThreadPool(workers, initializer, initargs)
    if mode == "interpreters":
        from swimlanes.modes.executors import interpreter_pool

        return interpreter_pool(workers, initializer, initargs)
    context = multiprocessing.get_context(start_method)
    if mode == "processes":
        return context.Pool(workers, initializer, initargs)
    threads_args = (threads, in_each_process, initializer, *initargs)
    return NestedPool(context.Pool(workers, start_threads, threads_args), threads)


def start_methods() -> list[str]:
    """Return the start methods that this platform has; the first is Python's default."""
    return multiprocessing.get_all_start_methods()
