"""Batches of a nested run: the threads of a process get new tasks when all have done theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

Span = tuple[int, int, int]
"""Worker, start and end of a task, ns; the end is 0 before the task has ended."""


class _Batch(NamedTuple):
    """When a batch began and ended, and when each lane had done its part of it, ns."""

    start: int
    end: int
    done: dict[int, int]


def waits_ns(
    spans: Iterable[Span], batch_size: int, process_of: Mapping[int, int]
) -> dict[int, int]:
    """Return how long each lane waited for the rest of a batch before it got its next task.

    After its last task a lane waits for no batch any more: there is nothing left to get.

    Parameters
    ----------
    spans : iterable of tuple
        Worker, start and end of every task, by task number, ns.
    batch_size : int
        Tasks that a process takes at a time.
    process_of : mapping of int to int
        The process of each worker.

    Returns
    -------
    dict of int to int
        Nanoseconds by worker.

    Examples
    --------
    >>> spans = [(1, 0, 10), (2, 0, 80), (1, 90, 100), (2, 90, 95)]
    >>> waits_ns(spans, batch_size=2, process_of={1: 4711, 2: 4711})
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
