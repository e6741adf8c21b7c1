"""What each lane of a watched pool writes down: a file in shared memory, call after call.

A lane is a worker's process, or its thread. It has a file of its own, so nobody locks, and it can
be read at any time. The file is an array of 64-bit integers::

    header | call | call | ...

It grows as calls come. Very many calls would fill the memory, so from some number on calls that
follow each other are written down together, in longer and longer stretches. All times are
nanoseconds of ``time.monotonic_ns``, which every process of a machine shares.

Standard library only: this runs in other people's workers, on any interpreter.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import threading
from time import monotonic_ns, thread_time_ns

from swimlanes.sheet import CPU_READING_LASTS_NS, WORD, RunQueueDelay

HEADER_WORDS = 16
READY, ENDED, CALLS, RUN_START = range(4)
BYTES_IN, BYTES_OUT, LOAD_NS, DUMP_NS, ASKED, SUCCEEDS, CHUNKS = range(4, 11)
CALL_WORDS = 8
START, LENGTH, CPU, WAITING, COUNT = range(5)

FIRST_ROOM = 1 << 10
"""Calls that the file has room for at first."""
EACH_UP_TO = 1 << 11
"""Up to here every call has a place of its own."""
STRETCH_NS = 1_000_000
"""How long a stretch of calls is that share a place, at first."""
LONGER_EVERY = 1 << 10
"""After so many stretches they become twice as long: the file never fills."""


class LaneWriter:
    """One lane's hand on its file; belongs to the thread that made it.

    Parameters
    ----------
    folder : str
        Where the lanes of a watch are.
    pool : str
        Which pool the lane belongs to.
    asked_ns : int
        When the worker was asked for.
    succeeds : bool
        Whether it takes the place of a worker that has ended.
    """

    def __init__(self, folder: str, pool: str, asked_ns: int, succeeds: bool = False) -> None:
        name = f"{pool}.{os.getpid()}.{threading.get_native_id()}"
        self._path = os.path.join(folder, name)
        self._unseen = False
        self._room = 0
        self.words = memoryview(bytearray()).cast("q")
        self._next = HEADER_WORDS - CALL_WORDS
        self._stretch_ns, self._until = 0, EACH_UP_TO
        self._delay = RunQueueDelay()
        self._read_at_ns = self._cpu_ns = 0
        self._grow()
        self.words[ASKED], self.words[SUCCEEDS] = asked_ns, succeeds
        self.words[READY] = monotonic_ns()

    def step(self) -> None:
        """Note that a call begins now, and that the one before ends, if one goes on."""
        words = self.words
        now = monotonic_ns()
        if words[RUN_START]:
            self._end(now, thread_time_ns())
        elif now - self._read_at_ns > CPU_READING_LASTS_NS:
            self._cpu_ns = thread_time_ns()
        self._waited_ns = self._delay.read_ns(now)
        words[RUN_START] = now

    def end(self) -> None:
        """Note that the call ends now; nothing if none goes on."""
        if self.words[RUN_START]:
            self._end(monotonic_ns(), thread_time_ns())
            self.words[RUN_START] = 0

    def _end(self, now: int, cpu_ns: int) -> None:
        words = self.words
        start = words[RUN_START]
        length = now - start
        # The clocks are not read at the same instant: never more than there was.
        cpu = min(cpu_ns - self._cpu_ns, length)
        self._read_at_ns, self._cpu_ns = now, cpu_ns
        waiting = max(0, min(self._delay.read_ns(now) - self._waited_ns, length - cpu))
        words[CALLS] += 1
        at = self._next
        if now - words[at + START] < self._stretch_ns:
            words[at + LENGTH] += length
            words[at + CPU] += cpu
            words[at + WAITING] += waiting
            words[at + COUNT] += 1
        else:
            self._note(start, length, cpu, waiting)

    def _note(self, start: int, length: int, cpu: int, waiting: int) -> None:
        """Give the call a place of its own, or the first place of a stretch."""
        self._next = at = self._next + CALL_WORDS
        number = (at - HEADER_WORDS) // CALL_WORDS
        if number == self._room:
            self._grow()
        if number >= self._until:
            self._stretch_ns = 2 * self._stretch_ns or STRETCH_NS
            self._until += LONGER_EVERY
        words = self.words
        words[at + START], words[at + LENGTH] = start, length
        words[at + CPU], words[at + WAITING] = cpu, waiting
        words[at + COUNT] = 1  # last: a place that has a count is complete

    def close(self) -> None:
        """Note that the lane has ended."""
        self.end()
        self.words[ENDED] = monotonic_ns()
        self._delay.close()

    def _grow(self) -> None:
        self._room = 2 * self._room or FIRST_ROOM
        size = (HEADER_WORDS + self._room * CALL_WORDS) * WORD
        room = self._seen_room(size)
        if room is None:
            room = mmap.mmap(-1, size)
            room[: self.words.nbytes] = self.words.tobytes()
        self.words = memoryview(room).cast("q")

    def _seen_room(self, size: int) -> mmap.mmap | None:
        """Return room in the file; None if there is none: without notes the work goes on."""
        if self._unseen:
            return None
        try:
            # Not kept open: a program may start many threads.
            file = os.open(f"{self._path}.lane", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
            try:
                os.posix_fallocate(file, 0, size)
                return mmap.mmap(file, size)
            finally:
                os.close(file)
        except OSError:  # also if the watch is over
            self._unseen = True
            with contextlib.suppress(OSError):
                os.symlink("lane", f"{self._path}.full")  # needs no room, and no file to be opened
            return None
