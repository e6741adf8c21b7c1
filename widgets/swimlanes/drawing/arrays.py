"""The tasks of a timeline as arrays: a picture of very many tasks makes no record of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swimlanes import sheet
from swimlanes.records import Tasks, Timeline

Numbers = NDArray[np.float64]

STANDS_OUT = 1.25
"""A task is marked as the longest if it takes so many times as long as most."""


@dataclass(frozen=True, slots=True)
class TaskArrays:
    """All tasks, by number; a task that has not started is in lane 0 and has no length.

    Attributes
    ----------
    lane : ndarray
        Lane of each task, from 1, shape (n_tasks,).
    start, length : ndarray
        Start since the beginning of the run, and length so far, shape (n_tasks,), ns.
    cpu, waiting : ndarray
        CPU time and run-queue delay, shape (n_tasks,), ns; 0 until the task has ended.
    running : ndarray
        Whether the task has started and not ended, shape (n_tasks,).
    arrived : ndarray
        When its result was in hand, shape (n_tasks,), ns.
    has_arrived : ndarray
        Whether that is known, shape (n_tasks,).
    """

    lane: NDArray[np.int64]
    start: Numbers
    length: Numbers
    cpu: Numbers
    waiting: Numbers
    running: NDArray[np.bool_]
    arrived: NDArray[np.int64]
    has_arrived: NDArray[np.bool_]

    @property
    def started(self) -> int:
        """Number of tasks that have started."""
        return int(np.count_nonzero(self.lane))

    @property
    def longest(self) -> int | None:
        """Number of the longest task that has ended, if it stands out; else None."""
        ended = np.flatnonzero((self.lane > 0) & ~self.running)
        if not len(ended):
            return None
        number = int(ended[self.length[ended].argmax()])
        stands_out = self.length[number] > STANDS_OUT * np.median(self.length[ended])
        return number if stands_out else None

    @property
    def done(self) -> int:
        """Number of tasks that have ended."""
        return self.started - int(np.count_nonzero(self.running))


def task_arrays(timeline: Timeline) -> TaskArrays:
    """Return the tasks of a timeline as they are at its end, or so far."""
    tasks = timeline.tasks if isinstance(timeline.tasks, Tasks) else Tasks.of(timeline.tasks)
    words = np.asarray(tasks.slots).reshape(-1, sheet.SLOT_WORDS)
    moments = (words[:, word] - tasks.zero_ns for word in (sheet.START, sheet.END, sheet.ARRIVED))
    start, end, arrived = moments
    began, ended = start > -tasks.zero_ns, end > -tasks.zero_ns
    end[~ended] = round(timeline.elapsed_s * 1e9)
    return TaskArrays(
        lane=words[:, sheet.WORKER] * began,
        start=start.astype(float),
        length=np.maximum(end - start, 0) * began.astype(float),
        cpu=words[:, sheet.CPU].astype(float),
        waiting=words[:, sheet.WAITING].astype(float),
        running=began & ~ended,
        arrived=arrived,
        has_arrived=arrived > -tasks.zero_ns,
    )
