"""The warm-up: calls of the function in every lane before the clock, when all lanes are there.

A pool of any kind gets one errand for each lane. A lane that has one waits until all have one, so
that no lane gets two. Then all begin.
"""

from __future__ import annotations

import os
import threading
import time
from time import monotonic_ns
from typing import Any, NamedTuple

from swimlanes import sheet, worker
from swimlanes.modes import Pool
from swimlanes.travel import unpack

ARRIVED = ".arrived"
"""Ending of the file beside the sheet to which each lane adds a byte when it has its errand."""
LOOK_S = 0.0005


class Warmed(NamedTuple):
    """When a lane warmed up; it is known by its process and thread, or else by its number."""

    pid: int
    thread_id: int
    start_ns: int
    end_ns: int
    lane: int = 0


class Errand(NamedTuple):
    """What every lane is to do: call the function with each value, when all lanes are there."""

    path: str
    tasks_count: int
    lanes: int
    values: list[Any]


def warm_up(pool: Pool, errand: Errand) -> list[Warmed]:
    """Have all lanes of a pool warm up; the moment when they begin goes onto the sheet."""
    return pool.map(do, [errand] * errand.lanes, 1)


def do(errand: Errand) -> Warmed:
    """Wait for the other lanes, then make the calls."""
    _wait_for_all(errand)
    words = sheet.map_words(errand.path, errand.tasks_count)
    start_ns = monotonic_ns()
    # Two lanes may both find 0 here. At the end the runner writes down the earliest start.
    words[sheet.WARMUP_START] = words[sheet.WARMUP_START] or start_ns
    call_all(errand.values)
    return Warmed(os.getpid(), threading.get_native_id(), start_ns, monotonic_ns())


def call_all(values: list[Any]) -> None:
    """Call this worker's function with each value.

    Raises
    ------
    TaskFailure
        If the function raised.
    """
    function = worker.own_function()
    for value in values:
        try:
            function(unpack(value))
        except worker.InitializerFailure:
            raise
        except BaseException as error:
            raise worker.failure(None, value, error, ours=1) from None


def _wait_for_all(errand: Errand) -> None:
    path = errand.path + ARRIVED
    with open(path, "ab", buffering=0) as file:
        file.write(b".")
    while os.stat(path).st_size < errand.lanes:
        time.sleep(LOOK_S)
