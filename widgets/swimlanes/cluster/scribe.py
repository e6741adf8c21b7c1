"""Writes what Dask's workers tell into the record sheet, by this machine's clock."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import NamedTuple

from swimlanes import sheet
from swimlanes.cluster.clocks import Clock
from swimlanes.cluster.far import Event


class Lost(NamedTuple):
    """A task whose worker was gone before its end; another one began it again."""

    task: int
    worker: int
    start_ns: int


class Scribe:
    """Takes events as they come, in Dask's own thread.

    Parameters
    ----------
    words : memoryview
        The sheet, see `swimlanes.sheet.map_words`.
    lanes : mapping
        Number and clock of each worker, by its name.
    """

    def __init__(self, words: memoryview, lanes: Mapping[str, tuple[int, Clock]]) -> None:
        self._words = words
        self._lanes = lanes
        self._ended: set[int] = set()
        self._changed = threading.Condition()
        self.lost: list[Lost] = []

    def take(self, stamped: tuple[float, tuple[object, ...]]) -> None:
        """Write an event down."""
        event = Event(*stamped[1])  # type: ignore[arg-type]
        number, clock = self._lanes[event.worker]
        slot = sheet.HEADER_WORDS + event.task * sheet.SLOT_WORDS
        if not event.end_ns:
            self._note_lost(event.task, slot)
        self._words[slot + sheet.WORKER] = number
        self._words[slot + sheet.START] = clock.here_ns(event.start_ns)
        if event.end_ns:
            self._words[slot + sheet.CPU] = event.cpu_ns
            self._words[slot + sheet.WAITING] = event.waiting_ns
            self._words[slot + sheet.END] = clock.here_ns(event.end_ns)
            with self._changed:
                self._ended.add(event.task)
                self._changed.notify_all()

    def wait_for(self, tasks: int, within_s: float) -> bool:
        """Wait until the ends of so many tasks were told: events may come later than results."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._ended) >= tasks, within_s)

    def _note_lost(self, task: int, slot: int) -> None:
        start_ns = self._words[slot + sheet.START]
        if start_ns:
            self._words[slot + sheet.END] = 0
            self.lost.append(Lost(task, self._words[slot + sheet.WORKER], start_ns))
