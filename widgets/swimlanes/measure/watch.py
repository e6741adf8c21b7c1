"""What is noted beside the record sheet while a run goes on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

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


class _Reading(NamedTuple):
    """What was read at a moment; without threads when the run was over."""

    at_ns: int
    busy_s: dict[int, float]
    threads: dict[int, tuple[int, float]] | None


class CoreLoadLog:
    """The load of the usable cores over a run, read every now and then.

    Parameters
    ----------
    cpus : sequence of int
        Ids of the usable cores.
    """

    def __init__(self, cpus: Sequence[int]) -> None:
        self._cpus = cpus
        self._readings: list[_Reading] = []
        self.look(())

    def look(self, pids: Iterable[int] | None) -> None:
        """Read the load, if the last reading is not too fresh.

        Parameters
        ----------
        pids : iterable of int or None
            The run's processes; None when it is over.
        """
        now = time.monotonic_ns()
        if self._readings and now - self._readings[-1].at_ns < LOAD_SPAN_NS:
            return
        threads = None if pids is None else core_load.thread_usage(pids)
        self._readings.append(_Reading(now, core_load.busy_per_cpu_s(), threads))

    def samples(self, start_ns: int, end_ns: int) -> tuple[LoadSample, ...]:
        """Return the load from the run's start to its end (0 for not yet), span by span."""
        if not start_ns:
            return ()
        samples: list[LoadSample] = []
        for before, now in pairwise(self._readings):
            if now.at_ns > start_ns and not (end_ns and before.at_ns >= end_ns):
                busy, own = self._busy(before, now), self._own(before, now)
                if own is None:  # over before its threads could be asked: as it was till then
                    own = samples[-1].own if samples else ()
                samples.append(LoadSample((now.at_ns - start_ns) / 1e9, busy, own))
        return tuple(samples)

    def _busy(self, before: _Reading, now: _Reading) -> tuple[float, ...]:
        used_s = {cpu: now.busy_s.get(cpu, 0.0) - before.busy_s.get(cpu, 0.0) for cpu in self._cpus}
        return self._shares(used_s, before, now)

    def _own(self, before: _Reading, now: _Reading) -> tuple[float, ...] | None:
        if now.threads is None:
            return None
        used_s = dict.fromkeys(self._cpus, 0.0)
        for thread, (cpu, time_s) in now.threads.items():
            if cpu in used_s:
                used_s[cpu] += time_s - (before.threads or {}).get(thread, (cpu, 0.0))[1]
        return self._shares(used_s, before, now)

    def _shares(
        self, used_s: dict[int, float], before: _Reading, now: _Reading
    ) -> tuple[float, ...]:
        span_s = (now.at_ns - before.at_ns) / 1e9
        return tuple(min(1.0, max(0.0, used_s[cpu] / span_s)) for cpu in self._cpus)
