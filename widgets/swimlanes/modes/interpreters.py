"""Subinterpreters: threads of one process, each with a GIL of its own."""

from __future__ import annotations

import sys

from swimlanes.modes.mode import Mode, Pool, Staff, Wanted, Way

NEEDED = (3, 14)


class Interpreters(Mode):
    """``concurrent.futures.InterpreterPoolExecutor``."""

    name = "interpreters"
    worker = "interpreter"
    counted = "interpreters"
    colour, dash, marker = "vermillion", "2 2", "cross"
    identity = ("thread",)

    def why_unavailable(self) -> str:
        """Return which Python they need."""
        if sys.version_info >= NEEDED:
            return ""
        version = ".".join(map(str, sys.version_info[:2]))
        return f"Subinterpreters need Python 3.14 or later; this is Python {version}."

    def make_pool(self, staff: Staff) -> Pool:
        """Start the interpreters."""
        from swimlanes.modes.executors import interpreter_pool  # takes long

        return interpreter_pool(staff.workers, staff.initializer, staff.initargs)

    def plain(self, wanted: Wanted) -> Way:
        """Return an executor, which knows no chunks."""
        return Way(
            ["from concurrent.futures import InterpreterPoolExecutor"],
            wanted.made("InterpreterPoolExecutor"),
            f"list(pool.map({wanted.function}, inputs))",
        )


MODE = Interpreters()
