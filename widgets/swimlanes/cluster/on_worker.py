"""What runs on a Dask worker: chunks of tasks, each recorded by that machine's clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from distributed import WorkerPlugin, get_worker

from swimlanes import sheet, warmup, worker
from swimlanes.travel import Payload

_received_ns: dict[str, int] = {}
"""When a chunk that has not begun yet came to this process, by its key."""


class Job(NamedTuple):
    """What a worker has to know: where its events go, and what tasks call.

    ``initializes`` says that the function comes with an initializer.
    """

    topic: str
    function: Payload
    packs: bool
    initializes: bool


class Event(NamedTuple):
    """What became of a task, by the worker's clock; a task that still runs has no end yet."""

    worker: str
    task: int
    received_ns: int
    start_ns: int
    end_ns: int = 0
    cpu_ns: int = 0
    waiting_ns: int = 0


class Receipts(WorkerPlugin):
    """Notes on a worker when each chunk of a run came in; the topic begins the chunks' keys."""

    def __init__(self, topic: str) -> None:
        self.name = topic
        self._topic = topic

    def transition(self, key: object, start: str, finish: str, **_: object) -> None:
        """Note the moment if this is a chunk that just came."""
        if finish in ("waiting", "ready") and str(key).startswith(self._topic):
            _received_ns.setdefault(str(key), time.monotonic_ns())


class _EventRecorder:
    """Calls a function and tells the runner what it took."""

    def __init__(self, topic: str) -> None:
        self._dask = get_worker()
        self._topic = topic
        self._words = sheet.words_apart()
        self._writer = sheet.SlotWriter(self._words, worker=0)
        self.received_ns = 0

    def record(self, task: int, function: Callable[[Any], Any], value: Any) -> Any:  # noqa: ANN401
        """Return ``function(value)``; tell of its start, and then of all that it took."""
        slot = self._words[sheet.HEADER_WORDS :]
        slot[sheet.WAITING] = 0  # which is written only if there was some
        self._tell(task, time.monotonic_ns())
        try:
            return self._writer.record(0, function, value)
        finally:
            words = (sheet.START, sheet.END, sheet.CPU, sheet.WAITING)
            self._tell(task, *(slot[word] for word in words))

    def _tell(self, task: int, *times_ns: int) -> None:
        event = Event(self._dask.address, task, self.received_ns, *times_ns)
        self._dask.log_event(self._topic, tuple(event))


_recorders: dict[str, tuple[str, _EventRecorder]] = {}
"""The topic for which a Dask worker of this process records, by its address."""


def run_chunk(
    job: Job, run: Callable[[tuple[int, Any]], Any], items: Sequence[tuple[int, Any]]
) -> list[Any]:
    """Run tasks one after another on this Dask worker."""
    recorder = _recorder(job)
    recorder.received_ns = _received_ns.pop(str(get_worker().get_current_task()), 0)
    return [run(item) for item in items]


def _recorder(job: Job) -> _EventRecorder:
    address = get_worker().address
    topic, recorder = _recorders.get(address, ("", None))
    if recorder is None or topic != job.topic:
        recorder = _EventRecorder(job.topic)
        _recorders[address] = job.topic, recorder
        call = worker.initialized(worker.load(job.function))
        worker.become_worker(call, job.packs, recorder)
    return recorder


def get_ready(job: Job) -> None:
    """Load the function and call the initializer on this Dask worker."""
    _recorder(job)


def warm_up(job: Job, values: list[Any]) -> tuple[int, int]:
    """Call the function with each value on this Dask worker; return when, by its clock, ns."""
    _recorder(job)
    start_ns = time.monotonic_ns()
    warmup.call_all(values)
    return start_ns, time.monotonic_ns()


def look_around() -> tuple[int, int]:
    """Return the id of this process and its clock, ns."""
    return os.getpid(), time.monotonic_ns()


def cores() -> set[tuple[str, int]]:
    """Return the cores that this process may use, each with the machine that has it."""
    with open("/proc/sys/kernel/random/boot_id") as file:
        machine = file.read().strip()
    return {(machine, cpu) for cpu in os.sched_getaffinity(0)}
