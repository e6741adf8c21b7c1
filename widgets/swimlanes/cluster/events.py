"""Writes what Dask's workers tell into the record sheet, by this machine's clock.

From that it also finds how long workers had nothing to do because a message was under way. This is
the cost of the network: it comes from moments that were noted, not from a model.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from swimlanes import sheet
from swimlanes.cluster.clocks import Clock
from swimlanes.cluster.on_worker import Event
from swimlanes.cluster.stamps import Stamp


class Trip(NamedTuple):
    """A chunk on its way to a worker and back; moments in ns, on one clock."""

    worker: int
    chunk: int
    sent_ns: int
    received_ns: int
    start_ns: int
    end_ns: int
    heard_ns: int


class EventWriter:
    """Takes what is told as it comes, in Dask's own thread, and writes it into the sheet's words.

    Attributes
    ----------
    lost : list of Attempt
        Tasks whose worker was gone before their chunk was done; another one began them again.
    strangers : dict
        What workers told that nobody had introduced, by address.
    """

    def __init__(self, words: memoryview, chunksize: int, scheduler: Clock) -> None:
        self._words = words
        self._chunksize = chunksize
        self._scheduler = scheduler
        self._lanes: dict[str, tuple[int, Clock]] = {}
        self._graph_ns = 0
        self._received_ns: dict[int, int] = {}
        self._stamps: dict[int, Stamp] = {}
        self._ended: set[int] = set()
        self._changed = threading.Condition()
        self.lost: list[sheet.Attempt] = []
        self.strangers: defaultdict[str, list[Event]] = defaultdict(list)

    def introduce(self, address: str, number: int, clock: Clock) -> None:
        """Take a worker's lane and clock, and write down what it has told so far."""
        with self._changed:
            self._lanes[address] = number, clock
            for event in self.strangers.pop(address, []):
                self._write(event)

    def take(self, stamped: tuple[float, tuple[object, ...]]) -> None:
        """Write down what a worker or the scheduler tells."""
        told = stamped[1]
        with self._changed:
            if told[0] in ("graph", "done", "lost"):
                self._note(Stamp(*told))  # type: ignore[arg-type]
            else:
                self._write(Event(*told))  # type: ignore[arg-type]
            self._changed.notify_all()

    def wait_for_all(self, within_s: float) -> bool:
        """Wait until all has been told, which may be later than the results are there."""
        tasks = sheet.tasks_on(self._words)
        chunks = -(-tasks // self._chunksize)

        def complete() -> bool:
            known = len(self._ended) + sum(
                bool(event.end_ns) for events in self.strangers.values() for event in events
            )
            return known >= tasks and len(self._stamps) >= chunks

        with self._changed:
            return self._changed.wait_for(complete, within_s)

    def sum_up(self) -> None:
        """Write down how long workers waited for messages that were under way."""
        map_start_ns = self._words[sheet.MAP_START]
        waits = under_way_ns(self._trips(), map_start_ns, self._graph_ns or map_start_ns)
        for chunk, waited_ns in waits.items():
            self._words[sheet.slot_at(chunk * self._chunksize) + sheet.TRANSFER] = waited_ns

    def _trips(self) -> Iterable[Trip]:
        for chunk, stamp in self._stamps.items():
            tasks = self._tasks(chunk)
            if tasks[0] in self._ended and tasks[-1] in self._ended:
                first, last = sheet.slot_at(tasks[0]), sheet.slot_at(tasks[-1])
                start_ns = self._words[first + sheet.START]
                yield Trip(
                    worker=self._words[first + sheet.WORKER],
                    chunk=chunk,
                    sent_ns=self._scheduler.here_ns(stamp.sent_ns),
                    received_ns=self._received_ns.get(tasks[0], start_ns),
                    start_ns=start_ns,
                    end_ns=self._words[last + sheet.END],
                    heard_ns=self._scheduler.here_ns(stamp.heard_ns),
                )

    def _note(self, stamp: Stamp) -> None:
        if stamp.kind == "graph":
            self._graph_ns = self._scheduler.here_ns(stamp.heard_ns)
        elif stamp.kind == "done":
            self._stamps[chunk_of(stamp.key)] = stamp
        else:
            self._note_lost(chunk_of(stamp.key), self._scheduler.here_ns(stamp.heard_ns))

    def _write(self, event: Event) -> None:
        if event.worker not in self._lanes:
            self.strangers[event.worker].append(event)
            return
        number, clock = self._lanes[event.worker]
        slot = sheet.slot_at(event.task)
        if event.received_ns:
            self._received_ns[event.task] = clock.here_ns(event.received_ns)
        self._words[slot + sheet.WORKER] = number
        self._words[slot + sheet.START] = clock.here_ns(event.start_ns)
        if event.end_ns:
            self._words[slot + sheet.CPU] = event.cpu_ns
            self._words[slot + sheet.WAITING] = event.waiting_ns
            self._words[slot + sheet.END] = clock.here_ns(event.end_ns)
            self._ended.add(event.task)

    def _note_lost(self, chunk: int, lost_ns: int) -> None:
        """Clear the slots of a chunk that will begin again; also what was done of it is lost."""
        for task in self._tasks(chunk):
            slot = sheet.slot_at(task)
            worker, start_ns, end_ns = self._words[slot : slot + sheet.END + 1]
            if start_ns:
                self.lost.append(sheet.Attempt(task, worker, start_ns, end_ns or lost_ns))
                self._words[slot + sheet.END] = self._words[slot + sheet.START] = 0
                self._ended.discard(task)

    def _tasks(self, chunk: int) -> range:
        last = min((chunk + 1) * self._chunksize, sheet.tasks_on(self._words))
        return range(chunk * self._chunksize, last)


def key_of(topic: str, chunk: int) -> str:
    """Return the key under which Dask knows a chunk.

    Examples
    --------
    >>> key_of("swimlanes-x", 3), chunk_of("swimlanes-x-3")
    ('swimlanes-x-3', 3)
    """
    return f"{topic}-{chunk}"


def chunk_of(key: str) -> int:
    """Return a chunk's number, from its key."""
    return int(key.rpartition("-")[2])


def under_way_ns(trips: Iterable[Trip], map_start_ns: int, graph_ns: int) -> dict[int, int]:
    """Return for each chunk how long its worker waited before it for messages under way, ns.

    Between two chunks a worker tells the scheduler of the first, the scheduler thinks and sends the
    second, and the worker unpacks it and begins::

        end of a chunk --> heard ... sent --> received ... start of the next
            under way      scheduling  under way   scheduling

    If the next chunk lies there already, nothing was waited for. The chunks were asked for at
    `map_start_ns`, and the scheduler had them at `graph_ns`.

    Examples
    --------
    >>> first = Trip(1, 0, sent_ns=30, received_ns=50, start_ns=55, end_ns=100, heard_ns=120)
    >>> second = Trip(1, 1, sent_ns=125, received_ns=145, start_ns=150, end_ns=200, heard_ns=220)
    >>> under_way_ns([first, second], map_start_ns=0, graph_ns=20)
    {0: 40, 1: 40}
    """
    lanes: defaultdict[int, list[Trip]] = defaultdict(list)
    for trip in trips:
        lanes[trip.worker].append(trip)
    return {
        chunk: waited_ns
        for lane in lanes.values()
        for chunk, waited_ns in _of_lane(lane, map_start_ns, graph_ns)
    }


def _of_lane(lane: list[Trip], free_ns: int, graph_ns: int) -> Iterator[tuple[int, int]]:
    heard_ns = graph_ns
    for trip in sorted(lane, key=lambda trip: trip.start_ns):
        until_ns = min(max(trip.received_ns, free_ns), trip.start_ns)
        thinking_ns = max(0, min(until_ns, trip.sent_ns) - max(free_ns, heard_ns))
        yield trip.chunk, max(0, until_ns - free_ns - thinking_ns)
        free_ns, heard_ns = trip.end_ns, trip.heard_ns
