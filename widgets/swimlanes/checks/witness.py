"""Whether a function lets other threads run while it computes.

Nothing here depends on how fast or how busy the machine is. The interpreter is told not to take the
GIL from a thread that does not give it back. So a second thread, the witness, gets a turn only when
the function lets it. What counts is how long the function computes between two turns, by the clock
of its own CPU time.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

LETS_RUN = 0.8
"""A function lets others run if it never computes for more than this share without them."""

_NEVER_S = 3600.0
_PAUSE_S = 0.0002
_ENOUGH_S = 0.4
"""CPU time after which it is clear that the witness was refused, and not late, seconds."""


def longest_hold(function: Callable[[Any], Any], argument: Any) -> float:  # noqa: ANN401
    """Return the longest stretch of a call's CPU time in which no other thread got a turn.

    Parameters
    ----------
    function : callable
        What is called with `argument`, again and again.
    argument : object
        Large enough that a call takes some milliseconds.

    Returns
    -------
    float
        Share of the call's CPU time, 0 to 1: the best of all calls, because on a busy machine the
        witness may come too late for its turn, but it never gets one that the function refuses.
    """
    clock = time.pthread_getcpuclockid(threading.get_ident())
    best, begin_s = 1.0, time.thread_time()
    with _nobody_else_asks(), _witness(clock) as turns:
        while best >= LETS_RUN and time.thread_time() - begin_s < _ENOUGH_S:
            turns.clear()
            start_s = time.clock_gettime(clock)
            function(argument)
            best = min(best, _longest_share(start_s, list(turns), time.clock_gettime(clock)))
    return best


def _longest_share(start_s: float, turns: list[float], end_s: float) -> float:
    moments = [start_s, *turns, end_s]
    return max(b - a for a, b in pairwise(moments)) / max(end_s - start_s, 1e-9)


@contextmanager
def _nobody_else_asks() -> Iterator[None]:
    """Leave the GIL to the thread that holds it until it gives it back by itself."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(_NEVER_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual_s)


@contextmanager
def _witness(clock: int) -> Iterator[list[float]]:
    """Read a clock over and over in a second thread, whenever it gets a turn."""
    turns: list[float] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_PAUSE_S):
            turns.append(time.clock_gettime(clock))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield turns
    finally:
        done.set()
        thread.join()
