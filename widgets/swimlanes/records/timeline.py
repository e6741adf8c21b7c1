"""A run as it can be seen from outside: lanes, tasks, the cores' load.

Times are seconds from the moment the pool was asked for (``0.0``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from swimlanes import sheet
from swimlanes.metrics import LaneTotals
from swimlanes.records.standing import batch_waits_ns
from swimlanes.records.tasks import TaskRecord, Tasks

LONGEST_S = 1e9
"""No time in a record is longer than this, seconds: thirty years."""
REPLACEMENT = "replacement"
"""With this begins the name of a lane that took the place of another in a pool."""


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
    asked_s : float
        When it was asked for, seconds; in a run all are asked for at once, at 0.
    gone_s : float or None
        When it was gone, seconds; None if it stayed to the end.
    """

    worker: int
    pid: int
    thread_id: int
    ready_s: float
    name: str = ""
    clock_error_s: float = 0.0
    warmup_start_s: float = 0.0
    warmup_end_s: float = 0.0
    asked_s: float = 0.0
    gone_s: float | None = None


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
    failed : tuple of int
        Numbers of the tasks that raised an exception.
    cpus : tuple of int
        Ids of the usable cores, in the order of their load; empty where nobody wrote them down.
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
    failed: tuple[int, ...] = ()
    cpus: tuple[int, ...] = ()

    @property
    def loaded_cpus(self) -> Sequence[int]:
        """Ids of the cores whose load is told; 0, 1 and so on where they are not known."""
        count = len(self.core_load[0].busy) if self.core_load else len(self.cpus)
        return self.cpus if len(self.cpus) == count else range(count)

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
        return replace(
            self,
            elapsed_s=self.elapsed_s - self.warmup_s,
            tasks=self.all_tasks.earlier(self.warmup_s),
            lost=tuple(_earlier(attempt, self.warmup_s) for attempt in self.lost),
            warmup_s=0.0,
        )

    @property
    def lanes_count(self) -> int:
        """How many lanes there are, or will be: one for each thread of each worker."""
        return max(self.workers * self.threads, len(self.lanes))

    @property
    def lanes_at_a_time(self) -> int:
        """How many lanes there were, or will be, at the same time at most."""
        if all(lane.gone_s is None for lane in self.lanes):
            return self.lanes_count
        steps = [(lane.asked_s, +1) for lane in self.lanes]
        steps += [(lane.gone_s, -1) for lane in self.lanes if lane.gone_s is not None]
        return max(accumulate(step for _, step in sorted(steps)))

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
        for lane in self.lanes:
            total = totals[lane.worker - 1]
            totals[lane.worker - 1] = total._replace(asked_s=lane.asked_s, gone_s=lane.gone_s)
        return self._with_batches(totals) if self.threads > 1 else totals

    def _with_batches(self, totals: list[LaneTotals]) -> list[LaneTotals]:
        """Return the totals with what lanes waited for the rest of their batches."""
        process_of = {lane.worker: lane.pid for lane in self.lanes}
        waits = batch_waits_ns(self.all_tasks.spans(), self.chunksize * self.threads, process_of)
        return [
            lane._replace(batches_s=waits.get(worker, 0) / 1e9)
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


def seen_at(timeline: Timeline, moment_s: float) -> Timeline:
    """Return what could be seen of a finished run at a moment; from its end on it is seen whole."""
    if timeline.wall_time_s is None or moment_s >= timeline.elapsed_s:
        return timeline
    startup_s, map_end_s = timeline.startup_s or 0.0, timeline.map_end_s or 0.0
    return replace(
        timeline,
        elapsed_s=max(0.0, moment_s),
        startup_s=timeline.startup_s if startup_s <= moment_s else None,
        map_s=timeline.map_s if map_end_s <= moment_s else None,
        wall_time_s=None,
        lanes=tuple(
            _lane_at(lane, moment_s) for lane in timeline.lanes if lane.ready_s <= moment_s
        ),
        tasks=_tasks_at(timeline, moment_s),
        core_load=tuple(load for load in timeline.core_load if load.until_s <= moment_s),
        warmup_s=min(timeline.warmup_s, max(0.0, moment_s - startup_s)),
    )


def _lane_at(lane: Lane, moment_s: float) -> Lane:
    """Return a lane as far as it has warmed up."""
    if lane.warmup_start_s > moment_s:
        return replace(lane, warmup_start_s=0.0, warmup_end_s=0.0)
    return replace(lane, warmup_end_s=min(lane.warmup_end_s, moment_s))


def _tasks_at(timeline: Timeline, moment_s: float) -> Tasks:
    """Return the tasks that had started, without what they write when they end."""
    import numpy as np  # slow to import

    tasks = timeline.all_tasks
    slots = np.array(tasks.slots, dtype=np.int64).reshape(-1, sheet.SLOT_WORDS)
    now_ns = tasks.zero_ns + round(moment_s * 1e9)
    slots[slots[:, sheet.START] > now_ns] = 0
    running = slots[:, sheet.END] > now_ns
    for word in (sheet.END, sheet.CPU, sheet.WAITING):
        slots[running, word] = 0
    slots[slots[:, sheet.ARRIVED] > now_ns, sheet.ARRIVED] = 0
    return Tasks(slots.tobytes(), tasks.zero_ns)


def plain(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any record with slots
    """Return a record of simple fields as a dict; much faster than ``dataclasses.asdict``."""
    return {name: getattr(record, name) for name in record.__slots__}
