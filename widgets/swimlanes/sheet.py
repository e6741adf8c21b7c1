"""The record sheet: a file in shared memory in which tasks note when and where they ran.

The sheet is one array of 64-bit integers::

    header | slot of task 0 | slot of task 1 | ... | row of worker 1 | row of worker 2 | ...

Each task writes into its own slot, so nobody locks and nothing is sent. Workers append their
rows in ``O_APPEND`` mode: the kernel chooses the place, and the place is the worker's number.
The process that made the sheet reads it at any time, even while it is being written.

All times are nanoseconds of ``time.monotonic_ns``, which every process of a machine shares.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
from collections.abc import Callable, Iterator

# By their own names: a task may put something else into the module.
from time import monotonic_ns, process_time_ns, thread_time_ns
from typing import NamedTuple, TypeVar

Value = TypeVar("Value")
Result = TypeVar("Result")

WORD = struct.Struct("q").size
POOL_START, MAP_START, MAP_END, POOL_END = range(4)
WARMUP_START = 4  # before MAP_START, if there is a warm-up
HEADER_WORDS = 8  # a cache line: no mark shares one with a slot
# A slot fills two cache lines of 64 bytes, so two workers never write to the same line.
SLOT_WORDS = 16
WORKER, START, END, CPU, WAITING, ARRIVED, TRANSFER = range(7)
# Where values are pickled, four moments for the input and four for the result: pickling it began
# and ended, unpickling it began and ended.
INPUT_TRIP, RESULT_TRIP = 7, 11
TRIP_WORDS = 4
SLOT_BYTES = SLOT_WORDS * WORD
ROW = struct.Struct("5q")

# A reading of the run-queue delay costs as much as the rest of a record. One that is not older
# than this is used again, which bounds both the cost and the error.
DELAY_READING_LASTS_NS = 1_000_000
# Asking for the CPU time is a system call. Tasks that follow each other at once share a reading.
CPU_READING_LASTS_NS = 10_000


class WorkerRow(NamedTuple):
    """What one worker wrote when it was ready, and its number.

    The CPU time is what its process and its thread had used until then; 0 if on another machine.
    """

    worker: int
    pid: int
    thread_id: int
    ready_ns: int
    process_cpu_ns: int
    thread_cpu_ns: int


class RunningTask(NamedTuple):
    """A task that has started and not ended."""

    task: int
    worker: int
    start_ns: int


class Attempt(NamedTuple):
    """A task that began on a worker which was lost; it began again on another one."""

    task: int
    worker: int
    start_ns: int
    end_ns: int


class FarLane(NamedTuple):
    """A worker that may be on another machine: its name, and how wrong its clock may be, ns."""

    name: str
    clock_error_ns: int


class ClusterTold(NamedTuple):
    """What is known of a run on a cluster, beside the sheet: its lanes, and what came to nothing.

    The cores are those of all workers of the cluster together; 0 if they are this machine's.
    """

    lanes: tuple[FarLane, ...]
    lost: tuple[Attempt, ...]
    cores: int


class Sheet:
    """The sheet as its maker sees it, a new file, best in a file system that lives in memory.

    If there is no room for it, making it raises `OSError`; so later writes cannot fail for that.
    """

    def __init__(self, path: str | os.PathLike[str], tasks_count: int) -> None:
        self._rows_at = _rows_at(tasks_count)
        self._file = open(path, "x+b", buffering=0)  # noqa: SIM115 - closed in close()
        try:
            os.posix_fallocate(self._file.fileno(), 0, self._rows_at)
        except OSError:
            self._file.close()
            raise
        self._memory = mmap.mmap(self._file.fileno(), self._rows_at)

    def mark_ns(self, mark: int) -> int:
        """Return when `mark` (``POOL_START`` ... ``POOL_END``) was set, ns; 0 if not yet."""
        (value,) = struct.unpack_from("q", self._memory, mark * WORD)
        return int(value)

    def slots(self) -> bytes:
        """Return a copy of all slots as they are now, by task number; zeros where nothing is yet.

        Fifteen words of a slot are in use: ``WORKER``, ``START``, ``END``, ``CPU``, ``WAITING``;
        ``ARRIVED``, when the runner had the result in hand, if it takes them one by one;
        ``TRANSFER``, how long the worker waited before for messages from another machine; and
        from ``INPUT_TRIP`` and ``RESULT_TRIP`` on four each, see `swimlanes.travel`.
        """
        return self._memory[HEADER_WORDS * WORD : self._rows_at]

    def running(self) -> Iterator[RunningTask]:
        """Yield the tasks that have started and not ended, by number."""
        words = memoryview(self.slots()).cast("q")
        starts, ends = words[START::SLOT_WORDS].tolist(), words[END::SLOT_WORDS].tolist()
        for task, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if start and not end:
                yield RunningTask(task, words[task * SLOT_WORDS + WORKER], start)

    def workers(self) -> Iterator[WorkerRow]:
        """Yield the rows of the workers that have reported ready, by number."""
        return _read_rows(self._file.fileno(), self._rows_at)

    def close(self) -> None:
        """Let go of the memory and the file; the file itself stays."""
        self._memory.close()
        self._file.close()


class SlotWriter:
    """One worker's hand on the words of header and slots; belongs to the thread that made it."""

    def __init__(self, words: memoryview, worker: int) -> None:
        self.words = words
        self._delay = RunQueueDelay()
        self._cpu_ns = self._cpu_read_at_ns = 0
        self.worker = worker

    def record(self, task: int, function: Callable[[Value], Result], value: Value) -> Result:
        """Return ``function(value)``, noting in the slot of `task` what it took.

        The end is written last: a slot that has one is complete. What a function raises has no
        end yet, because it is still to be told, and that may call code of its own.
        """
        words, slot = self.words, HEADER_WORDS + task * SLOT_WORDS
        words[slot + WORKER] = self.worker
        start = monotonic_ns()
        waited = self._delay.read_ns(start)
        words[slot + START] = start
        fresh = start - self._cpu_read_at_ns < CPU_READING_LASTS_NS
        cpu = self._cpu_ns if fresh else thread_time_ns()
        try:
            result = function(value)
        finally:
            self._cpu_ns = thread_time_ns()
            self._cpu_read_at_ns = end = monotonic_ns()
            # The clocks are not read at the same instant: never more than there was.
            cpu = min(self._cpu_ns - cpu, end - start)
            waited = self._delay.read_ns(end) - waited
            words[slot + CPU] = cpu
            if waited:
                words[slot + WAITING] = max(0, min(waited, end - start - cpu))
        words[slot + END] = end
        return result


class SheetWriter(SlotWriter):
    """One worker's hand on the sheet. Making it reports the worker ready."""

    def __init__(self, path: str, tasks_count: int) -> None:
        super().__init__(map_words(path, tasks_count), worker=0)
        row = (
            os.getpid(),
            threading.get_native_id(),
            monotonic_ns(),
            process_time_ns(),
            thread_time_ns(),
        )
        self.worker = append_row(path, tasks_count, row)


class RunQueueDelay:
    """How long this thread has been ready to run without getting a core (Linux, else 0).

    The scheduler counts one sum: the wait for other threads and programs, and throttling by a quota
    as well. `swimlanes.metrics.Account` shares it out.
    """

    def __init__(self) -> None:
        self._value_ns = 0
        self._read_at_ns = 0
        try:
            self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._file = -1

    def read_ns(self, now_ns: int) -> int:
        """Return the delay since the thread began, ns."""
        if self._file >= 0 and now_ns - self._read_at_ns > DELAY_READING_LASTS_NS:
            self._value_ns = int(os.pread(self._file, 64, 0).split()[1])
            self._read_at_ns = now_ns
        return self._value_ns

    def close(self) -> None:
        """Read it no more: a thread that is over has no delay."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def map_words(path: str, tasks_count: int) -> memoryview:
    """Return the header and the slots of the sheet at `path` as writable 64-bit integers."""
    with open(path, "r+b", buffering=0) as file:
        return memoryview(mmap.mmap(file.fileno(), _rows_at(tasks_count))).cast("q")


def words_apart() -> memoryview:
    """Return a header and one slot that are on no sheet."""
    return memoryview(bytearray((HEADER_WORDS + SLOT_WORDS) * WORD)).cast("q")


def tasks_on(words: memoryview) -> int:
    """Return for how many tasks a sheet has slots; `words` are those of `map_words`."""
    return (len(words) - HEADER_WORDS) // SLOT_WORDS


def slot_at(task: int) -> int:
    """Return where the slot of a task begins, in words."""
    return HEADER_WORDS + task * SLOT_WORDS


def append_row(path: str, tasks_count: int, row: tuple[int, int, int, int, int]) -> int:
    """Report a worker ready; return its number. The row is a `WorkerRow` without that."""
    with open(path, "ab", buffering=0) as file:
        file.write(ROW.pack(*row))
        return (file.tell() - _rows_at(tasks_count)) // ROW.size


def workers_on(path: str, tasks_count: int) -> list[WorkerRow]:
    """Return the rows of the sheet at `path`, by number."""
    with open(path, "rb", buffering=0) as file:
        return list(_read_rows(file.fileno(), _rows_at(tasks_count)))


def _read_rows(file: int, rows_at: int) -> Iterator[WorkerRow]:
    size = os.fstat(file).st_size - rows_at
    rows = os.pread(file, size - size % ROW.size, rows_at)
    for number, row in enumerate(ROW.iter_unpack(rows), start=1):
        yield WorkerRow(number, *row)


def _rows_at(tasks_count: int) -> int:
    return (HEADER_WORDS + tasks_count * SLOT_WORDS) * WORD
