"""How long lanes stood without a task while inputs and results were pickled and sent.

From one task to the next on a lane of another process::

    end of a task | its results pickled, sent | ... | inputs pickled ... unpickled | next task

A chunk travels whole: its results go when its last task has ended, and have gone when the other
side begins to unpickle the first of them; its inputs are there when the last one is unpickled.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from swimlanes import sheet

Slot = Sequence[int]
"""The words of one task, see `swimlanes.sheet`."""

_PICKLING, _PICKLED, _UNPICKLING, _UNPICKLED = range(4)


class Standing(NamedTuple):
    """What one lane stood for, ns; and when its last result had gone, 0 if nothing was sent.

    What the lane waited for the rest of its last batch, before that could be sent, is left out.
    """

    inputs_ns: int = 0
    results_ns: int = 0
    sent_ns: int = 0


class Journeys:
    """The journeys of all tasks of a run.

    Parameters
    ----------
    slots : sequence
        The slot of each task, by number.
    batch : int
        Tasks that travel together.
    """

    def __init__(self, slots: Sequence[Slot], batch: int) -> None:
        self._slots = slots
        self._batch = batch
        self._sending = _Spans(self._sent_inputs())

    @property
    def last_result_ns(self) -> int:
        """When the last result was unpickled; 0 if none was."""
        return max((slot[sheet.RESULT_TRIP + _UNPICKLED] for slot in self._slots), default=0)

    def standing(self, tasks: Sequence[int], ready_ns: int) -> Standing:
        """Return what a lane stood for.

        Parameters
        ----------
        tasks : sequence of int
            Its tasks in the order in which they began.
        ready_ns : int
            When it could have begun.
        """
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
