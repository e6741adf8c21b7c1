"""What runs on a Dask worker: chunks of tasks, each recorded by that machine's clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from distributed import get_worker

from swimlanes import sheet, worker

_SLOT = slice(sheet.HEADER_WORDS, sheet.HEADER_WORDS + sheet.SLOT_WORDS)


class Job(NamedTuple):
    """What a worker has to know: where its events go, and what tasks call."""

    topic: str
    function: bytes
    packs: bool


class Event(NamedTuple):
    """What became of a task, by the worker's clock; a task that still runs has no end yet."""

    worker: str
    task: int
    start_ns: int
    end_ns: int = 0
    cpu_ns: int = 0
    waiting_ns: int = 0


class _EventRecorder:
    """Calls a function and tells the runner what it took."""

    def __init__(self, topic: str) -> None:
        self._dask = get_worker()
        self._topic = topic
        size = (sheet.HEADER_WORDS + sheet.SLOT_WORDS) * sheet.WORD
        self._words = memoryview(bytearray(size)).cast("q")
        self._writer = sheet.SlotWriter(self._words, worker=0)

    def record(self, task: int, function: Callable[[Any], Any], value: Any) -> Any:  # noqa: ANN401
        """Return ``function(value)``; tell of its start, and then of all that it took."""
        slot = self._words[_SLOT]
        for word in range(sheet.SLOT_WORDS):
            slot[word] = 0
        self._tell(task, time.monotonic_ns())
        try:
            return self._writer.record(0, function, value)
        finally:
            words = (sheet.START, sheet.END, sheet.CPU, sheet.WAITING)
            self._tell(task, *(slot[word] for word in words))

    def _tell(self, task: int, *times_ns: int) -> None:
        self._dask.log_event(self._topic, tuple(Event(str(self._dask.name), task, *times_ns)))


_job_of: dict[str, str] = {}
"""The topic for which this process is a worker, by the name of the Dask worker."""


def run_chunk(
    job: Job, run: Callable[[tuple[int, Any]], Any], items: Sequence[tuple[int, Any]]
) -> list[Any]:
    """Run tasks one after another on this Dask worker."""
    name = str(get_worker().name)
    if _job_of.get(name) != job.topic:
        worker.become_worker(worker.load(job.function), job.packs, _EventRecorder(job.topic))
        _job_of[name] = job.topic
    return [run(item) for item in items]


def look_around() -> tuple[int, int]:
    """Return the id of this process and its clock, ns."""
    return os.getpid(), time.monotonic_ns()
