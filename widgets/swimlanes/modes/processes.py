"""Processes, each with a GIL of its own."""

from __future__ import annotations

import multiprocessing

from swimlanes.modes.mode import Mode, Pool, Staff, Wanted, Way


class Processes(Mode):
    """``multiprocessing.Pool``."""

    name = "processes"
    worker = "process"
    counted = "processes"
    colour, dash, marker = "blue", "none", "circle"
    starts_processes = True

    def make_pool(self, staff: Staff) -> Pool:
        """Start the processes."""
        context = multiprocessing.get_context(staff.start_method)
        return context.Pool(staff.workers, staff.initializer, staff.initargs)

    def plain(self, wanted: Wanted) -> Way:
        """Return a ``Pool``."""
        return Way([wanted.pool_import], wanted.made(wanted.pool), wanted.usual_call)


MODE = Processes()
