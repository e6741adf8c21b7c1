"""A run as it can be seen from outside: lanes, tasks, the cores' load.

Times are seconds from the moment the pool was asked for (``0.0``).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

from swimlanes import sheet
from swimlanes.metrics import LaneTotals
from swimlanes.records.standing import Journeys, Span, batch_waits_ns

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


@dataclass(frozen=True, slots=True)
class Lane:
    """One worker.

    Attributes
    ----------
    worker : int
        Its number, from 1.
    pid, thread_id : int
        Its process and thread; 0 if that is on another machine.
    ready_s : float
        When it was ready, seconds.
    name : str
        What its cluster calls it; empty without a cluster.
    clock_error_s : float
        How far its times may be wrong at most, because its clock is another machine's, seconds.
    warmup_start_s, warmup_end_s : float
        When it warmed up, seconds; both 0 if it did not.
    """

    worker: int
    pid: int
    thread_id: int
    ready_s: float
    name: str = ""
    clock_error_s: float = 0.0
    warmup_start_s: float = 0.0
    warmup_end_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LostAttempt:
    """A task that began on a worker which was lost, and so began again elsewhere.

    Attributes
    ----------
    task, worker : int
        Which task it was, and in which lane.
    start_s, end_s : float
        From its start until the loss was noticed, seconds.
    """

    task: int
    worker: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class LoadSample:
    """How busy the usable cores were, all processes together, up to a moment.

    Attributes
    ----------
    until_s : float
        End of the span, seconds; it begins where the sample before ends.
    busy : tuple of float
        Share of the span that each usable core was busy, 0 to 1, in the order of their ids.
    own : tuple of float
        Share of the span that this run's own threads used each core, 0 to 1; empty where that is
        not known. A thread that moved counts for the core on which it was seen last.
    """

    until_s: float
    busy: tuple[float, ...]
    own: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A run as it can be seen from outside, finished or still going on.

    Attributes
    ----------
    mode : str
        One of `swimlanes.modes.MODES`.
    workers, tasks_count, chunksize : int
        What was asked for; ``chunksize`` is the one that is used.
    elapsed_s : float
        How far the picture reaches, seconds: the run's end, or now.
    startup_s, map_s, wall_time_s : float or None
        Pool construction; the ``map`` call; everything until the pool is gone, but for the
        warm-up. None as long as that part has not ended.
    lanes : tuple of Lane
        Workers that reported ready, in that order.
    tasks : sequence of TaskRecord
        Tasks that have started, by task number.
    threads : int
        Threads of each worker; more than 1 only if nested.
    core_load : tuple of LoadSample
        Load of the usable cores, five times a second.
    lost : tuple of LostAttempt
        Attempts that came to nothing, because a cluster lost the worker.
    warmup_s : float
        How long all lanes together took to warm up, between start-up and ``map``, seconds.
    """

    mode: str
    workers: int
    tasks_count: int
    chunksize: int
    elapsed_s: float
    startup_s: float | None = None
    map_s: float | None = None
    wall_time_s: float | None = None
    lanes: tuple[Lane, ...] = ()
    tasks: Sequence[TaskRecord] = ()
    threads: int = 1
    core_load: tuple[LoadSample, ...] = ()
    lost: tuple[LostAttempt, ...] = ()
    warmup_s: float = 0.0

    @property
    def map_start_s(self) -> float | None:
        """When ``map`` was called, seconds; None if it has not been."""
        return None if self.startup_s is None else self.startup_s + self.warmup_s

    @property
    def map_end_s(self) -> float | None:
        """When all results were in hand, seconds; None if they are not yet."""
        if self.map_start_s is None or self.map_s is None:
            return None
        return self.map_start_s + self.map_s

    def without_warmup(self) -> Timeline:
        """Return the timeline of a finished run as if the moment had stood still meanwhile."""
        if not self.warmup_s:
            return self
        tasks = self.all_tasks
        return replace(
            self,
            elapsed_s=self.elapsed_s - self.warmup_s,
            tasks=Tasks(bytes(tasks.slots), tasks.zero_ns + _ns(self.warmup_s)),
            lost=tuple(_earlier(attempt, self.warmup_s) for attempt in self.lost),
            warmup_s=0.0,
        )

    @property
    def lanes_count(self) -> int:
        """How many lanes there are, or will be: one for each thread of each worker."""
        return max(self.workers * self.threads, len(self.lanes))

    @property
    def all_tasks(self) -> Tasks:
        """The tasks, as a `Tasks` whatever they were given as."""
        return self.tasks if isinstance(self.tasks, Tasks) else Tasks.of(self.tasks)

    def lane_totals(self) -> list[LaneTotals]:
        """Add up the finished tasks lane by lane, also for lanes that never reported ready."""
        ready: dict[int, float | None] = dict.fromkeys(range(1, self.lanes_count + 1))
        ready |= {lane.worker: lane.ready_s for lane in self.lanes}
        totals = self.all_tasks.lane_totals(ready, self.chunksize * self.threads)
        for attempt in self.lost:
            totals[attempt.worker - 1] = _with_lost(totals[attempt.worker - 1], attempt)
        return self._with_batches(totals) if self.threads > 1 else totals

    def _with_batches(self, totals: list[LaneTotals]) -> list[LaneTotals]:
        """Return the totals with what lanes waited for the rest of their batches."""
        process_of = {lane.worker: lane.pid for lane in self.lanes}
        waits = batch_waits_ns(self.all_tasks.spans(), self.chunksize * self.threads, process_of)
        return [
            lane._replace(batches_s=waits.get(worker, 0) / _NS)
            for worker, lane in enumerate(totals, 1)
        ]


def _earlier(attempt: LostAttempt, seconds: float) -> LostAttempt:
    start_s, end_s = attempt.start_s - seconds, attempt.end_s - seconds
    return replace(attempt, start_s=start_s, end_s=end_s)


def _with_lost(lane: LaneTotals, attempt: LostAttempt) -> LaneTotals:
    """Return a lane's totals with an attempt that came to nothing."""
    length_s = attempt.end_s - attempt.start_s
    first_s, last_s = lane.first_start_s, lane.last_end_s
    return lane._replace(
        first_start_s=attempt.start_s if first_s is None else min(first_s, attempt.start_s),
        last_end_s=attempt.end_s if last_s is None else max(last_s, attempt.end_s),
        in_tasks_s=lane.in_tasks_s + length_s,
        lost_s=lane.lost_s + length_s,
    )


def _ns(seconds: float) -> int:
    return round(seconds * _NS)


def plain(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any record with slots
    """Return a record of simple fields as a dict; much faster than ``dataclasses.asdict``."""
    return {name: getattr(record, name) for name in record.__slots__}
