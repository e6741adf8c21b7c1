"""Threads of one process, which share its GIL."""

from __future__ import annotations

from multiprocessing.pool import ThreadPool

from swimlanes.modes.mode import FROM_THREADS, Mode, Pool, Staff, Wanted, Way


class Threads(Mode):
    """``multiprocessing.pool.ThreadPool``."""

    name = "threads"
    worker = "thread"
    counted = "threads"
    colour, dash, marker = "purple", "8 2", "square"
    identity = ("thread",)
    in_one_process = True
    shares_gil = True

    def make_pool(self, staff: Staff) -> Pool:
        """Start the threads."""
        return ThreadPool(staff.workers, staff.initializer, staff.initargs)

    def plain(self, wanted: Wanted) -> Way:
        """Return a ``ThreadPool``."""
        return Way([FROM_THREADS], wanted.made("ThreadPool"), wanted.usual_call)


MODE = Threads()
