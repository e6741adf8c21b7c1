"""How long lanes stood without a task: for inputs and results on their way, for a batch's rest.

From one task to the next on a lane of another process::

    end of a task | its results pickled, sent | ... | inputs pickled ... unpickled | next task

A chunk travels whole: its results go when its last task has ended, and have gone when the other
side begins to unpickle the first of them; its inputs are there when the last one is unpickled.

A process of a nested run takes a batch: its threads get new tasks when all have done theirs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise
from typing import NamedTuple

from swimlanes import sheet

Slot = Sequence[int]
"""The words of one task, see `swimlanes.sheet`."""
Span = tuple[int, int, int]
"""Worker, start and end of a task, ns; the end is 0 before the task has ended."""

_PICKLING, _PICKLED, _UNPICKLING, _UNPICKLED = range(4)


class Standing(NamedTuple):
    """What one lane stood for, ns; and when its last result had gone, 0 if nothing was sent.

    What the lane waited for the rest of its last batch, before that could be sent, is left out.
    """

    inputs_ns: int = 0
    results_ns: int = 0
    sent_ns: int = 0


class Journeys:
    """The journeys of all tasks of a run, from their slots by number; `batch` travel together."""

    def __init__(self, slots: Sequence[Slot], batch: int) -> None:
        self._slots = slots
        self._batch = batch
        self._sending = _Spans(self._sent_inputs())

    @property
    def last_result_ns(self) -> int:
        """When the last result was unpickled; 0 if none was."""
        return max((slot[sheet.RESULT_TRIP + _UNPICKLED] for slot in self._slots), default=0)

    def standing(self, tasks: Sequence[int], ready_ns: int) -> Standing:
        """Return what a lane stood for that was ready then, and began these tasks in this order."""
        if not tasks or not self._slots[tasks[0]][sheet.INPUT_TRIP + _UNPICKLING]:
            return Standing()
        inputs_ns, results_ns = self._inputs_ns(ready_ns, tasks[0]), 0
        for before, after in pairwise(tasks):
            if before // self._batch != after // self._batch:
                ended_ns = self._ended_ns(before)
                gone_ns = min(self._gone_ns(before), self._slots[after][sheet.START])
                results_ns += max(0, gone_ns - ended_ns)
                inputs_ns += self._inputs_ns(max(ended_ns, gone_ns), after)
        return Standing(inputs_ns, results_ns, self._sent_ns(tasks[-1]))

    def _sent_ns(self, last: int) -> int:
        """Return when the result of a lane's last task had gone, without waiting for its batch."""
        rest_ns = self._ended_ns(last) - self._slots[last][sheet.END]
        return max(0, self._gone_ns(last) - rest_ns)

    def _ended_ns(self, task: int) -> int:
        """Return when all tasks that travel with a task had ended."""
        first = task - task % self._batch
        return max(slot[sheet.END] for slot in self._slots[first : first + self._batch])

    def _gone_ns(self, task: int) -> int:
        """Return when the results that travel with a task's had gone."""
        return self._first_of(task)[sheet.RESULT_TRIP + _UNPICKLING]

    def _inputs_ns(self, free_ns: int, task: int) -> int:
        """Return how long a lane that was free stood for the inputs that came with a task's."""
        start_ns = self._slots[task][sheet.START]
        unpickling_ns = self._first_of(task)[sheet.INPUT_TRIP + _UNPICKLING]
        unpickling_ns = min(max(unpickling_ns, free_ns), start_ns)
        return self._sending.within(free_ns, unpickling_ns) + start_ns - unpickling_ns

    def _first_of(self, task: int) -> Slot:
        return self._slots[task - task % self._batch]

    def _sent_inputs(self) -> list[tuple[int, int]]:
        """Return when the inputs of each batch were pickled."""
        firsts = range(0, len(self._slots), self._batch)
        lasts = (min(first + self._batch, len(self._slots)) - 1 for first in firsts)
        spans = (
            (
                self._slots[first][sheet.INPUT_TRIP + _PICKLING],
                self._slots[last][sheet.INPUT_TRIP + _PICKLED],
            )
            for first, last in zip(firsts, lasts, strict=True)
        )
        return sorted(span for span in spans if 0 < span[0] <= span[1])


class _Spans:
    """Spans of time that follow each other, and how much of them lies between two moments."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans
        self._starts = [start for start, _ in spans]
        self._before = [0, *accumulate(end - start for start, end in spans)]

    def within(self, start: int, end: int) -> int:
        """Return how much of the spans lies between two moments."""
        return max(0, self._until(end) - self._until(start))

    def _until(self, moment: int) -> int:
        number = bisect_right(self._starts, moment)
        if not number:
            return 0
        start, end = self._spans[number - 1]
        return self._before[number - 1] + min(moment, end) - start


class _Batch(NamedTuple):
    """When a batch began and ended, and when each lane had done its part of it, ns."""

    start: int
    end: int
    done: dict[int, int]


def batch_waits_ns(
    spans: Iterable[Span], batch_size: int, process_of: Mapping[int, int]
) -> dict[int, int]:
    """Return how long each lane waited for the rest of a batch before it got its next task.

    The spans of the tasks come by task number, of which a process takes `batch_size` at a time.
    After its last task a lane waits for no batch any more: there is nothing left to get.

    Examples
    --------
    >>> spans = [(1, 0, 10), (2, 0, 80), (1, 90, 100), (2, 90, 95)]
    >>> batch_waits_ns(spans, batch_size=2, process_of={1: 4711, 2: 4711})
    {1: 70, 2: 0}
    """
    of_process: dict[int, list[_Batch]] = {process: [] for process in process_of.values()}
    for batch in _batches(spans, batch_size):
        of_process[process_of[next(iter(batch.done))]].append(batch)
    return {worker: _wait_ns(worker, of_process[process]) for worker, process in process_of.items()}


def _batches(spans: Iterable[Span], size: int) -> Iterator[_Batch]:
    numbered = iter(spans)
    while batch := list(islice(numbered, size)):
        ended = sorted((end, start, worker) for worker, start, end in batch if end)
        if ended:
            done = {worker: end for end, _, worker in ended}
            yield _Batch(min(start for _, start, _ in ended), ended[-1][0], done)


def _wait_ns(worker: int, batches: list[_Batch]) -> int:
    own = [number for number, batch in enumerate(batches) if worker in batch.done]
    before_last = batches[: own[-1]] if own else []
    return sum(batch.end - batch.done.get(worker, batch.start) for batch in before_last)
