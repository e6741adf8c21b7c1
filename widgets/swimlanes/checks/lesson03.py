"""Checks of the lesson *Number crunching and the GIL*."""

from __future__ import annotations

import dis
import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from swimlanes.checks.answers import Wanted, classify, numbers
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import Function, call, code_of
from swimlanes.checks.verdict import Verdict, not_yet, right
from swimlanes.wording import listing

HELPS = {
    "hashing": Wanted(True, "64 KiB are much data at once, and no Python objects."),
    "parsing": Wanted(
        False, "`json.loads` is written in C, but all that it makes are Python objects."
    ),
    "matrix product": Wanted(True, "the numbers in NumPy's arrays are no Python objects."),
    "big file": Wanted(True, "while the operating system reads, Python has nothing to do."),
    "random numbers": Wanted(False, "a Python loop holds the GIL, whatever it computes."),
}
SIGNALS = ([1.0, 2.0, 4.0], [3.0, 5.0])
SHORT, LONG = 200_000, 4_000_000
"""Lengths of the signals: a Python loop gets the short one, NumPy would be too quick with it."""
_QUICK_S = 0.003
LETS_RUN = 0.8
"""A function lets others run if it never computes for more than this share without them."""

_NEVER_S = 3600.0
_PAUSE_S = 0.0002
_ENOUGH_S = 0.4
"""CPU time after which it is clear that the witness was refused, and not late, seconds."""


_ONE_VECTOR = (
    r"(dot|matmul|vecdot|inner)\(\) .*argument",
    "The product of two vectors needs two of them: `np.dot(signal, signal)`.",
)
_VECTORS = ("matmul", "vecdot")
"""NumPy's functions that do what ``@`` does between two vectors."""
_LOOPS = ("sum", "map", "filter", "zip", "enumerate")


@self_check(
    "A second thread is a gain where the first one gives the GIL back. Python code never gives it "
    "back for long. Which of the five spend their time outside of Python code?",
    "Code written in C gives the GIL back where it needs no Python objects: for a file, for the "
    "bytes of a block, for the numbers of an array. It keeps the GIL where it makes Python "
    "objects.",
)
def second_thread_helps(answers: object) -> Verdict:
    """Check for which of five functions a second thread is a gain."""
    praise = "Code that works on Python objects keeps the GIL, also in C. Now see it measured."
    return classify(answers, HELPS, praise)


@self_check(
    "NumPy squares a whole array at once: `signal**2`. It also has a function that adds up a whole "
    "array.",
    "Return `np.sum(signal**2)`. Both steps are NumPy's, and there is no loop in Python.",
)
def gives_gil_back(function: object) -> Verdict:
    """Check a function that sums squares: its result, and whether others can run meanwhile."""
    import numpy as np  # slow to import, and needed nowhere else

    cases = [(np.array(signal),) for signal in SIGNALS]
    answers = numbers(function, cases, "signal", (_ONE_VECTOR,))
    for signal, found in zip(SIGNALS, answers, strict=True):
        if not math.isclose(found, wanted := sum(value * value for value in signal)):
            listed = listing([f"{value:g}" for value in signal], "and")
            return not_yet(
                f"The squares of {listed} add up to {wanted:g}, and your function returned "
                f"{found:g}."
            )
    (hold,) = call(function, [()], _watched, takes="signal")
    if hold < LETS_RUN:
        return right("While it computed, the second thread of this check got its turns.")
    return _held(function, hold)


def _held(function: object, hold: float) -> Verdict:
    """Return what is said to a right result during which the GIL was held, by what holds it."""
    called, is_loop, multiplies = _used(function)
    said = f"The result is right, but for {hold:.0%} of its computing no other thread could run."
    loops = sorted(called & set(_LOOPS))
    if multiplies and not loops and not is_loop and _product_holds_gil():
        import numpy as np

        return right(
            "The result is right, and NumPy does all the work. There is one thing to know: the "
            f"NumPy {np.__version__} that runs here keeps the GIL while it multiplies two vectors "
            "with `@`, so the second thread got no turn. `np.dot(signal, signal)` gives the GIL "
            "back."
        )
    if loops:
        return not_yet(
            f"{said} Python's own `{loops[0]}` takes the numbers one by one, as a loop does. NumPy "
            "has a function that goes through the whole array."
        )
    if is_loop and not multiplies:
        return not_yet(f"{said} The loop in your function is Python code. Leave it to NumPy.")
    return not_yet(
        f"{said} This check cannot tell which of your calls keeps the GIL. NumPy's functions for "
        "whole arrays, like `np.sum`, give it back."
    )


def _used(function: object) -> tuple[set[str], bool, bool]:
    """Return the functions that code calls by their names, and whether it loops, and uses ``@``."""
    code = code_of(function)
    steps = list(_steps(code)) if code else []
    own = getattr(function, "__globals__", {})  # where `sum` may be NumPy's
    called = {str(step.argval) for step in steps if step.opname == "LOAD_GLOBAL"} - own.keys()
    attributes = {step.argval for step in steps if step.opname in ("LOAD_ATTR", "LOAD_METHOD")}
    multiplies = any(step.opname == "BINARY_OP" and step.argrepr == "@" for step in steps)
    named = attributes | {getattr(function, "__name__", "")}
    is_loop = any(step.opname == "FOR_ITER" for step in steps)
    return called, is_loop, multiplies or bool(named & set(_VECTORS))


def _steps(code: Any) -> Iterator[dis.Instruction]:  # noqa: ANN401 - a code object
    """Yield the steps of code and of the functions in it."""
    yield from dis.get_instructions(code)
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield from _steps(constant)


def _product_holds_gil() -> bool:
    """Return whether this NumPy keeps the GIL while it multiplies two vectors with ``@``."""
    (hold,) = call(_product, [()], _watched, takes="signal")
    return bool(hold >= LETS_RUN)


def _product(signal: Any) -> Any:  # noqa: ANN401 - an array
    return signal @ signal


def _watched(function: Function) -> float:
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
