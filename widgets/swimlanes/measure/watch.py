"""What is noted beside the record sheet while a run goes on."""

from __future__ import annotations

import operator
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from swimlanes import core_load
from swimlanes.records import LoadSample

KEPT_BYTES = 65_536
# The system counts busy time in ticks of 10 ms: a shorter span says little.
LOAD_SPAN_NS = 200_000_000
# An even number, for spans are joined in pairs. Of 128 cores it takes some MB.
MOST_SPANS = 512
Threads = dict[int, tuple[int, float]]
"""By thread the core where it was seen last, and its CPU time, as `core_load` tells."""


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


@dataclass(frozen=True)
class _Span:
    """What the usable cores did from one moment to another: seconds of each one's time.

    ``own_s`` is None for the last span of a run that was over before its threads could be asked.
    """

    since_ns: int
    until_ns: int
    busy_s: tuple[float, ...]
    own_s: tuple[float, ...] | None

    @property
    def length_ns(self) -> int:
        return self.until_ns - self.since_ns

    def with_next(self, span: _Span) -> _Span:
        """Return this span and the one that follows it as one."""
        assert self.own_s is not None
        assert span.own_s is not None
        busy_s = tuple(map(operator.add, self.busy_s, span.busy_s))
        own_s = tuple(map(operator.add, self.own_s, span.own_s))
        return _Span(self.since_ns, span.until_ns, busy_s, own_s)

    def going_on(self, span: _Span) -> _Span:
        """Return a span whose threads could not be asked as if they had gone on as in this one."""
        share = span.length_ns / self.length_ns
        own_s = None if self.own_s is None else tuple(used * share for used in self.own_s)
        return replace(span, own_s=own_s)

    @cached_property
    def busy(self) -> tuple[float, ...]:
        """What is shown of it: too much to reckon out again for every look at a run."""
        return self._shares(self.busy_s)

    @cached_property
    def own(self) -> tuple[float, ...] | None:
        return None if self.own_s is None else self._shares(self.own_s)

    def _shares(self, used_s: tuple[float, ...]) -> tuple[float, ...]:
        """Return the used time as a share of all; two clocks may differ by a tick."""
        length_s = self.length_ns / 1e9
        return tuple(min(1.0, max(0.0, used / length_s)) for used in used_s)


class CoreLoadLog:
    """The load of the usable cores over a run, read every now and then.

    It never holds more than `MOST_SPANS` spans: a longer run has longer ones.
    """

    def __init__(self, cpus: Sequence[int]) -> None:
        self.cpus = tuple(cpus)
        self._kept: list[_Span] = []
        self._length_ns = LOAD_SPAN_NS
        self._read_at_ns = time.monotonic_ns()
        self._busy_s = self._read_busy_s()
        self._threads: Threads = {}

    def look(self, pids: Iterable[int] | None) -> None:
        """Read the load, if the last reading is not too fresh.

        The ids are those of the run's processes. What these have started belongs to the run, too,
        such as a worker that is not ready yet. They are None when the run is over. Then the last
        stretch, which alone would be too short, is told together with the span before it.
        """
        now = time.monotonic_ns()
        short = now - self._read_at_ns < LOAD_SPAN_NS
        if short and (pids is not None or not self._kept):
            return
        own_s = None
        if pids is not None:
            own_s = self._own_s(core_load.thread_usage(core_load.with_descendants(pids)))
        busy_s = self._read_busy_s()
        used_s = tuple(now - before for now, before in zip(busy_s, self._busy_s, strict=True))
        span = _Span(self._read_at_ns, now, used_s, own_s)
        self._keep(self._kept[-1].going_on(span) if short else span)
        self._read_at_ns, self._busy_s = now, busy_s

    def samples(self, start_ns: int, end_ns: int) -> tuple[LoadSample, ...]:
        """Return the load from the run's start to its end (0 for not yet), span by span."""
        if not start_ns:
            return ()
        samples: list[LoadSample] = []
        for span in self._kept:
            if span.until_ns > start_ns and not (end_ns and span.since_ns >= end_ns):
                own = span.own
                if own is None:  # as it was till then
                    own = samples[-1].own if samples else ()
                samples.append(LoadSample((span.until_ns - start_ns) / 1e9, span.busy, own))
        return tuple(samples)

    def _keep(self, span: _Span) -> None:
        """Add a span to the last one, as long as that is short, or else to the list."""
        if span.own_s is not None:
            if self._kept and self._joins(span):
                span = self._kept.pop().with_next(span)
            elif len(self._kept) == MOST_SPANS:
                self._halve()
        self._kept.append(span)

    def _joins(self, span: _Span) -> bool:
        """Return whether the last span or this one is too short to be told alone."""
        return self._kept[-1].length_ns < self._length_ns or span.length_ns < LOAD_SPAN_NS

    def _halve(self) -> None:
        """Join every two spans."""
        pairs = zip(self._kept[::2], self._kept[1::2], strict=True)
        self._kept = [span.with_next(following) for span, following in pairs]
        self._length_ns *= 2

    def _read_busy_s(self) -> tuple[float, ...]:
        busy_s = core_load.busy_per_cpu_s()
        return tuple(busy_s.get(cpu, 0.0) for cpu in self.cpus)

    def _own_s(self, threads: Threads) -> tuple[float, ...]:
        """Return what the run's threads have used since they were asked last."""
        used_s = dict.fromkeys(self.cpus, 0.0)
        for thread, (cpu, time_s) in threads.items():
            if cpu in used_s:
                used_s[cpu] += time_s - self._threads.get(thread, (cpu, 0.0))[1]
        self._threads = threads
        return tuple(used_s.values())
