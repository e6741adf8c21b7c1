"""The tasks of a run: words of the sheet, and a record of each that is looked at.

Times are seconds from the moment the pool was asked for (``0.0``).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from swimlanes import sheet
from swimlanes.metrics import LaneTotals
from swimlanes.records.standing import Journeys, Span

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task on one worker.

    Attributes
    ----------
    task : int
        Position of the task's input, from 0.
    worker : int
        Number of the lane it ran on, from 1.
    start_s : float
        Start, seconds from the beginning of the run.
    end_s : float or None
        End, seconds; None while the task is running.
    cpu_s : float
        CPU time that the task's thread used, seconds.
    waiting_s : float
        Time the thread was ready to run but had no core (run-queue delay), seconds.
    arrived_s : float or None
        When the result was in hand, seconds; None where all results come at once (``map``).
    transfer_s : float
        How long the worker had waited before for messages from another machine, seconds.
    trip_s : tuple of float
        When pickling the input began and ended, and unpickling it; then the same four moments of
        the result; seconds. Empty where nothing was pickled.
    """

    task: int
    worker: int
    start_s: float
    end_s: float | None
    cpu_s: float
    waiting_s: float
    arrived_s: float | None = None
    transfer_s: float = 0.0
    trip_s: tuple[float, ...] = ()


class Tasks(Sequence[TaskRecord]):
    """The tasks that have started, by number; a record is made when it is looked at.

    A hundred thousand tasks take 12.8 MB this way.

    Parameters
    ----------
    slots : bytes
        The slots of all tasks, as `Sheet.slots` returns them; kept as words of 64 bits, 16 for
        each task. Those of tasks that have not started are zero.
    zero_ns : int
        The moment from which times are counted, ns on the sheet's clock.
    """

    __slots__ = ("_known_numbers", "slots", "zero_ns")

    def __init__(self, slots: bytes, zero_ns: int) -> None:
        self.slots = memoryview(slots).cast("q")
        self.zero_ns = zero_ns
        self._known_numbers: Sequence[int] | None = None

    @classmethod
    def of(cls, records: Iterable[TaskRecord]) -> Tasks:
        """Return the tasks of these records; times are kept to the nanosecond."""
        records = list(records)
        count = max((record.task for record in records), default=-1) + 1
        words = array("q", bytes(count * sheet.SLOT_BYTES))
        for record in records:
            at = record.task * sheet.SLOT_WORDS
            # The sheet's zero stands for "not yet", so the clock starts at a second.
            words[at + sheet.WORKER] = record.worker
            words[at + sheet.START] = _ns(record.start_s) + _NS
            words[at + sheet.END] = 0 if record.end_s is None else _ns(record.end_s) + _NS
            words[at + sheet.CPU] = _ns(record.cpu_s)
            words[at + sheet.WAITING] = _ns(record.waiting_s)
            arrived = record.arrived_s
            words[at + sheet.ARRIVED] = 0 if arrived is None else _ns(arrived) + _NS
            words[at + sheet.TRANSFER] = _ns(record.transfer_s)
            for place, moment_s in enumerate(record.trip_s):
                words[at + sheet.INPUT_TRIP + place] = _ns(moment_s) + _NS
        return cls(words.tobytes(), _NS)

    def lane_totals(self, ready_s: dict[int, float | None], batch: int) -> list[LaneTotals]:
        """Add up the finished tasks lane by lane; `batch` of them travel together.

        `ready_s` says when each worker was ready, by its number; None if it never was.
        """
        sums: dict[int, list[int]] = {}
        words = (sheet.WORKER, sheet.START, sheet.END, sheet.CPU, sheet.WAITING, sheet.TRANSFER)
        columns = map(self.column, words)
        for worker, start, end, cpu, waiting, transfer in zip(*columns, strict=True):
            if not end:
                continue
            lane = sums.setdefault(worker, [start, end, 0, 0, 0, 0])
            lane[0] = min(start, lane[0])
            lane[1] = max(end, lane[1])
            lane[2] += end - start
            lane[3] += cpu
            lane[4] += waiting
            lane[5] += transfer
        totals = [self._totals(sums.get(worker), ready) for worker, ready in ready_s.items()]
        return self._with_journeys(totals, batch) if self._travelled else totals

    def earlier(self, seconds: float) -> Tasks:
        """Return the same tasks, all so much earlier."""
        return Tasks(self.slots.tobytes(), self.zero_ns + _ns(seconds))

    @property
    def last_result_s(self) -> float:
        """When the last result was unpickled, seconds; 0 if none was."""
        last = max(self.column(sheet.RESULT_TRIP + sheet.TRIP_WORDS - 1), default=0)
        return self._seconds(last) if last else 0.0

    @property
    def _travelled(self) -> bool:
        """Whether inputs and results were pickled on their way."""
        return any(self.column(sheet.INPUT_TRIP))

    def _with_journeys(self, totals: list[LaneTotals], batch: int) -> list[LaneTotals]:
        """Return the totals with what lanes stood for while something was pickled and sent."""
        words, size = self.slots, sheet.SLOT_WORDS
        journeys = Journeys([words[at : at + size] for at in range(0, len(words), size)], batch)
        workers, starts = self.column(sheet.WORKER), self.column(sheet.START)
        in_order: dict[int, list[int]] = {worker: [] for worker, _ in enumerate(totals, 1)}
        for number in sorted(self._numbers, key=starts.__getitem__):
            in_order[workers[number]].append(number)
        return [
            self._with_standing(lane, journeys, tasks)
            for lane, tasks in zip(totals, in_order.values(), strict=True)
        ]

    def _with_standing(self, lane: LaneTotals, journeys: Journeys, tasks: list[int]) -> LaneTotals:
        standing = journeys.standing(tasks, self.zero_ns + _ns(lane.ready_s or 0.0))
        return lane._replace(
            inputs_s=standing.inputs_ns / _NS,
            results_s=standing.results_ns / _NS,
            sent_s=self._seconds(standing.sent_ns) if standing.sent_ns else None,
        )

    def spans(self) -> Iterator[Span]:
        """Yield worker, start and end of every task, ns; zeros where nothing is yet."""
        columns = map(self.column, (sheet.WORKER, sheet.START, sheet.END))
        return zip(*columns, strict=True)

    def _totals(self, lane: list[int] | None, ready_s: float | None) -> LaneTotals:
        if lane is None:
            return LaneTotals(ready_s, None, None, 0.0, 0.0, 0.0)
        first, last, *rest = lane
        sums_s = (value / _NS for value in rest)
        return LaneTotals(ready_s, self._seconds(first), self._seconds(last), *sums_s)

    @property
    def _numbers(self) -> Sequence[int]:
        """The numbers of the tasks that have started; found out when first asked for."""
        if self._known_numbers is None:
            starts = self.column(sheet.START)
            self._known_numbers = range(len(starts))
            if not all(starts):
                started = (number for number, start in enumerate(starts) if start)
                self._known_numbers = array("I", started)
        return self._known_numbers

    def column(self, word: int) -> list[int]:
        """Return one word of every slot, see `swimlanes.sheet`."""
        return self.slots[word :: sheet.SLOT_WORDS].tolist()

    def _seconds(self, at_ns: int) -> float:
        return (at_ns - self.zero_ns) / _NS

    def _record(self, number: int) -> TaskRecord:
        at = number * sheet.SLOT_WORDS
        words = self.slots[at : at + sheet.TRANSFER + 1]
        worker, start, end, cpu, waiting, arrived, transfer = words
        trip = self.slots[at + sheet.INPUT_TRIP : at + sheet.INPUT_TRIP + 2 * sheet.TRIP_WORDS]
        return TaskRecord(
            task=number,
            worker=worker,
            start_s=self._seconds(start),
            end_s=self._seconds(end) if end else None,
            cpu_s=cpu / _NS,
            waiting_s=waiting / _NS,
            arrived_s=self._seconds(arrived) if arrived else None,
            transfer_s=transfer / _NS,
            trip_s=tuple(map(self._seconds, trip)) if any(trip) else (),
        )

    def __len__(self) -> int:
        """Return how many tasks have started."""
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> TaskRecord: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[TaskRecord, ...]: ...
    def __getitem__(self, index: int | slice) -> TaskRecord | tuple[TaskRecord, ...]:
        """Return a record, or a tuple of them."""
        if isinstance(index, slice):
            return tuple(map(self._record, self._numbers[index]))
        return self._record(self._numbers[index])

    def __iter__(self) -> Iterator[TaskRecord]:
        """Yield the records by task number."""
        return map(self._record, self._numbers)

    def __eq__(self, other: object) -> bool:
        """Compare the records, however they are kept."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        """Return a hash that is equal for equal records."""
        return hash(tuple(self))

    def __reduce__(self) -> tuple[type[Tasks], tuple[bytes, int]]:
        """Pickle by the slots; a memory view would not."""
        return Tasks, (self.slots.tobytes(), self.zero_ns)

    def __repr__(self) -> str:
        """Say how many there are."""
        return f"<Tasks: {len(self)} started>"


def _ns(seconds: float) -> int:
    return round(seconds * _NS)
