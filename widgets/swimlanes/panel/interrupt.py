"""The kernel's ■ stops what a panel does, as it stops a cell.

A run belongs to no cell, and between two cells ipykernel ignores the signal that ■ sends. So the
kernel's own loop is asked to listen for it then. During a cell ■ is the cell's alone.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import suppress
from types import FrameType
from typing import Protocol
from weakref import WeakSet


class Stoppable(Protocol):
    """What can be stopped from any thread."""

    def stop(self) -> None:
        """Stop what goes on, if anything does."""


_listening: WeakSet[Stoppable] = WeakSet()


def listen(panel: Stoppable) -> None:
    """Stop a panel when ■ is pressed; without effect where no kernel's loop runs."""
    _listening.add(panel)
    with suppress(RuntimeError):  # no loop: a program or a test, where Ctrl+C ends everything
        # Later, because ipykernel puts back its own handler at the end of this very cell.
        asyncio.get_running_loop().call_soon(_take_over)


def _take_over() -> None:
    ours = threading.current_thread() is threading.main_thread()
    if ours and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, _stop_all)


def _stop_all(_number: int, _frame: FrameType | None) -> None:
    # On a thread, because the one that is interrupted may hold what stopping waits for.
    for panel in list(_listening):
        threading.Thread(target=panel.stop, name="swimlanes-interrupt").start()
