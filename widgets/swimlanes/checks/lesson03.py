"""Checks of the lesson *Number crunching and the GIL*."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from swimlanes.checks import witness
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
    if hold >= witness.LETS_RUN:
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
    return witness.longest_hold(function, np.ones(length))
