"""Checks of the lesson *Number crunching and the GIL*."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from swimlanes.checks.answers import Wanted, call, classify, number, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check

HELPS = {
    "hashing": Wanted(True, "64 KiB at once are much data, and no Python objects."),
    "parsing": Wanted(
        False, "`json.loads` is written in C, but all that it makes are Python objects."
    ),
    "matrix product": Wanted(True, "the numbers in NumPy's arrays are no Python objects."),
    "big file": Wanted(True, "while the operating system reads, Python has nothing to do."),
    "random numbers": Wanted(False, "a Python loop holds the GIL, whatever it computes."),
}
SIGNAL = [1.0, 2.0, 4.0]
SHORT, LONG = 200_000, 4_000_000
"""Lengths of the signals: a Python loop gets the short one, NumPy would be too quick with it."""
_QUICK_S = 0.003
LETS_RUN = 0.8
"""A function lets others run if it never computes for more than this share without them."""

_NEVER_S = 3600.0
_PAUSE_S = 0.0002
_ENOUGH_S = 0.4
"""CPU time after which it is clear that the witness was refused, and not late, seconds."""


@self_check
def second_thread_helps(answers: object) -> Verdict:
    """Check for which of five functions a second thread is a gain."""
    praise = "What works on Python objects keeps the GIL, also in C. Now see it measured."
    return classify(answers, HELPS, praise)


@self_check
def gives_gil_back(function: object) -> Verdict:
    """Check a function that sums squares: its result, and whether others can run meanwhile."""
    import numpy as np  # slow to import, and needed nowhere else

    (answer,) = call(function, [(np.array(SIGNAL),)])
    wanted = sum(value * value for value in SIGNAL)
    found = number(answer)
    if found is None:
        return not_yet(
            f"Your function should return a number, and it returned {shown(answer)}. "
            "Does it end with `return`?"
        )
    if not math.isclose(found, wanted):
        return not_yet(
            f"The squares of 1, 2 and 4 add up to {wanted:g}, and your function says {found:g}."
        )
    (hold,) = call(function, [()], _watched)
    if hold >= LETS_RUN:
        return not_yet(
            f"The result is right, but for {hold:.0%} of its computing no other thread could run. "
            "Leave the whole loop to NumPy, also the adding: Python's own `sum` is a loop, too."
        )
    return right("While NumPy computed, the check's second thread got its turns.")


def _watched(function: Callable[[Any], Any]) -> float:
    """Return for which share of its computing the function lets no other thread run."""
    import numpy as np

    start_s = time.thread_time()
    function(np.ones(SHORT))
    length = LONG if time.thread_time() - start_s < _QUICK_S else SHORT
    return longest_hold(function, np.ones(length))


def longest_hold(function: Callable[[Any], Any], argument: Any) -> float:  # noqa: ANN401
    """Return the longest share of a call's CPU time, 0 to 1, in which no other thread got a turn.

    Nothing here depends on how fast or how busy the machine is. The interpreter is told not to take
    the GIL from a thread that does not give it back. So a second thread, the witness, gets a turn
    only when the function lets it. The function is called again and again, with an argument large
    enough for some milliseconds, and the best of all calls counts: on a busy machine the witness
    may come too late for its turn, but it never gets one that the function refuses.
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
