"""What it costs to record a task, measured where tasks run."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from time import perf_counter

from swimlanes import marks, sheet, worker

_TRIES, _CALLS = 5, 50


def record_cost_s(marked: bool) -> float:
    """Return how long a task that does nothing takes when it is recorded, seconds.

    Parameters
    ----------
    marked : bool
        Whether inputs and results travel with marks.

    Notes
    -----
    The least of a few tries: whatever else happens on the machine only adds to it.
    """
    size = (sheet.HEADER_WORDS + sheet.SLOT_WORDS) * sheet.WORD
    words = memoryview(bytearray(size)).cast("q")
    marks.write_to(words)
    worker.become_worker(_nothing, False, sheet.SlotWriter(words, worker=1))
    cost_s = _least_s(lambda: worker.run_task((0, None)))
    if marked:
        marks_s = _least_s(lambda: _travel(marks.mark_input(0, None)))
        cost_s += 2 * max(0.0, marks_s - _least_s(lambda: _travel((None, None, None))))
    return cost_s


def _least_s(call: Callable[[], object]) -> float:
    """Return how long a call takes, seconds: the least of a few tries."""
    tries = []
    for _ in range(_TRIES):
        start = perf_counter()
        for _ in range(_CALLS):
            call()
        tries.append((perf_counter() - start) / _CALLS)
    return min(tries)


def _travel(value: object) -> object:
    return pickle.loads(pickle.dumps(value))


def _nothing(_: object) -> None:
    pass
