"""Checks of the lesson *Speedup*."""

from __future__ import annotations

import math

from swimlanes import metrics
from swimlanes.checks.answers import Wanted, classify, close, number, numbers, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check

# Serial and parallel wall time: they differ, so that no wrong formula gets all of them right.
TIMES = [(8.0, 2.0), (3.0, 3.0), (1.0, 4.0)]
TASKS, MOST_WORKERS = 12, 5
_NEAR = 0.01
_AMOUNT = "does the amount of work stay the same ('strong') or grow ('weak')?"
SCALING_KINDS = {
    "same 1000 images, more cores": Wanted("strong", _AMOUNT),
    "twice the cores, twice the images": Wanted("weak", _AMOUNT),
    "one simulation, finished sooner": Wanted("strong", _AMOUNT),
    "a finer grid for every core we add": Wanted("weak", _AMOUNT),
}


@self_check
def speedup(function: object) -> Verdict:
    """Check a function ``speedup(serial_s, parallel_s)``."""
    values = numbers(function, TIMES)
    if close(values, [parallel / serial for serial, parallel in TIMES], _NEAR):
        return not_yet(
            "This is upside down: 8 s serial and 2 s on the pool give 0.25. "
            "Faster must give more than 1, so which time belongs on top?"
        )
    if not close(values, [metrics.speedup(*times) for times in TIMES], _NEAR):
        return not_yet(
            f"From 8 s to 2 s is four times as fast, and your function says {values[0]:g}. "
            "Divide the serial time by the parallel one; nothing else is needed."
        )
    return right("8 s to 2 s gives 4, no gain gives 1, and slower gives less than 1.")


@self_check
def most_possible(answer: object) -> Verdict:
    """Check the largest speedups that 12 equal tasks, sent one by one, allow on 1 to 5 workers."""
    if not isinstance(answer, list | tuple) or len(answer) != MOST_WORKERS:
        return not_yet(f"Give a list of {MOST_WORKERS} numbers; this is {shown(answer)}.")
    values = [number(value) for value in answer]
    if None in values:
        gap = values.index(None)
        return not_yet(f"For {gap + 1} workers there is no number yet, but {shown(answer[gap])}.")
    wrong = [
        n
        for n, value in enumerate(map(float, answer), start=1)
        if not math.isclose(value, metrics.ceiling(TASKS, n, chunksize=1), abs_tol=_NEAR)
    ]
    if wrong:
        return not_yet(
            f"{MOST_WORKERS - len(wrong)} of {MOST_WORKERS} are right. With {wrong[0]} workers, "
            f"how many rounds do {TASKS} tasks need? The answer is {TASKS} divided by the rounds."
        )
    return right("The fifth worker gains nothing: 12 tasks need three rounds with 4 and with 5.")


@self_check
def scaling_kinds(answers: object) -> Verdict:
    """Check which situations are strong scaling and which are weak."""
    praise = "Strong: the same work, sooner. Weak: more work, in the same time."
    return classify(answers, SCALING_KINDS, praise)
