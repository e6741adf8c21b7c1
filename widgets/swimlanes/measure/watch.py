"""What is noted beside the record sheet while a run goes on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

from swimlanes import core_load
from swimlanes.records import LoadSample

KEPT_BYTES = 65_536
# The system counts busy time in ticks of 10 ms: a shorter span says little.
LOAD_SPAN_NS = 200_000_000


class Printed:
    """What tasks print: the end of it, for a task may print a lot."""

    def __init__(self) -> None:
        self._parts: deque[bytes] = deque()
        self._kept = 0
        self._dropped = 0

    def add(self, data: bytes) -> None:
        """Take in some more."""
        self._parts.append(data)
        self._kept += len(data)
        while self._kept - len(self._parts[0]) >= KEPT_BYTES:
            gone = len(self._parts.popleft())
            self._kept -= gone
            self._dropped += gone

    @property
    def text(self) -> str:
        """What is kept, with a word about what is not."""
        data = b"".join(self._parts)[-KEPT_BYTES:]
        gone = self._dropped + self._kept - len(data)
        head = f"[the first {gone} bytes are left out]\n" if gone else ""
        return head + data.decode(errors="replace")


class CoreLoadLog:
    """The load of the usable cores over a run, read every now and then.

    Parameters
    ----------
    cpus : sequence of int
        Ids of the usable cores.
    """

    def __init__(self, cpus: Sequence[int]) -> None:
        self._cpus = cpus
        self._readings: list[tuple[int, dict[int, float]]] = []
        self.look()

    def look(self) -> None:
        """Read the load, if the last reading is not too fresh."""
        now = time.monotonic_ns()
        if self._readings and now - self._readings[-1][0] < LOAD_SPAN_NS:
            return
        self._readings.append((now, core_load.busy_per_cpu_s()))

    def samples(self, start_ns: int, end_ns: int) -> tuple[LoadSample, ...]:
        """Return the load from the run's start to its end (0 for not yet), span by span."""
        if not start_ns:
            return ()
        return tuple(
            LoadSample((now - start_ns) / 1e9, self._busy(before, now, was, is_))
            for (before, was), (now, is_) in zip(self._readings, self._readings[1:], strict=False)
            if now > start_ns and not (end_ns and before >= end_ns)
        )

    def _busy(
        self, before: int, now: int, was: dict[int, float], is_: dict[int, float]
    ) -> tuple[float, ...]:
        span_s = (now - before) / 1e9
        shares = ((is_.get(cpu, 0.0) - was.get(cpu, 0.0)) / span_s for cpu in self._cpus)
        return tuple(min(1.0, max(0.0, share)) for share in shares)
