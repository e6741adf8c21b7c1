"""Processes with threads of their own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from multiprocessing.pool import ThreadPool
from typing import Any

from swimlanes.modes.mode import (
    FROM_THREADS,
    Function,
    Initializer,
    Pool,
    Staff,
    Wanted,
    Way,
    chunks,
    indented,
    lines,
)
from swimlanes.modes.processes import Processes


class Nested(Processes):
    """A ``Pool`` whose processes have a ``ThreadPool`` each."""

    name = "nested"
    colour, dash, marker = "orange", "6 2 1 2", "triangle up"
    identity = ("process", "thread")
    compared = False  # a mixture of two that are
    has_threads = True
    shares_gil = True

    def make_pool(self, staff: Staff) -> Pool:
        """Start the processes, which start their threads."""
        context = multiprocessing.get_context(staff.start_method)
        initargs = (staff.threads, staff.in_each_process, staff.initializer, *staff.initargs)
        return NestedPool(context.Pool(staff.workers, start_threads, initargs), staff.threads)

    def plain(self, wanted: Wanted) -> Way:
        """Return a ``Pool`` that hands out batches."""
        size = wanted.chunksize * wanted.threads
        steps = ["global threads", wanted.first_call, f"threads = ThreadPool({wanted.threads})"]
        return Way(
            imports=[wanted.pool_import, FROM_THREADS],
            pool=f"{wanted.pool}({wanted.workers}, initializer=start_threads)",
            results=f"[result for batch in {wanted.call('run_batch', 'batches', 1)} "
            "for result in batch]",
            definitions=f"""
def start_threads():
{indented(lines(steps))}


def run_batch(batch):
    return threads.map({wanted.function}, batch, chunksize={wanted.chunksize})
""",
            preparation=f"\nbatches = [inputs[i : i + {size}] "
            f"for i in range(0, len(inputs), {size})]",
        )


_Method = Callable[[Function, Iterable[Any], int], Iterable[Any]]
"""A method of a pool that hands out inputs."""


class NestedPool(Pool):
    """A ``Pool`` of processes, each with a ``ThreadPool`` of its own.

    A process takes so many tasks at a time that each of its threads gets a chunk.
    """

    def __init__(self, processes: Pool, threads: int) -> None:
        self._processes = processes
        self._threads = threads

    def __exit__(self, *reason: Any) -> None:  # noqa: ANN401 - passed on as it comes
        """End the processes, and their threads with them."""
        self._processes.__exit__(*reason)

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs."""
        return [*chain(*self._in_batches(self._processes.map, function, inputs, chunksize))]

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterator[Any]:
        """Yield the results in the order of the inputs, a process's batch at a time."""
        batches = self._in_batches(self._processes.imap, function, inputs, chunksize)
        return chain.from_iterable(batches)

    def imap_unordered(
        self, function: Function, inputs: Iterable[Any], chunksize: int
    ) -> Iterator[Any]:
        """Yield the results as the processes' batches are ready."""
        batches = self._in_batches(self._processes.imap_unordered, function, inputs, chunksize)
        return chain.from_iterable(batches)

    def _in_batches(
        self, method: _Method, function: Function, inputs: Iterable[Any], chunksize: int
    ) -> Iterable[Any]:
        """Have the processes map batches by one of their methods; return each batch's results."""
        batches = chunks(inputs, chunksize * self._threads)
        return method(partial(_map_batch, function, chunksize), batches, 1)


_threads: ThreadPool
"""The threads of this process, where it is a process of a `NestedPool`."""


def start_threads(
    count: int, before: Callable[[], None] | None, initializer: Initializer, *initargs: object
) -> None:
    """Give this process its threads; the initializer of a nested pool's processes."""
    global _threads
    if before is not None:
        before()
    _threads = ThreadPool(count, initializer, initargs)


def _map_batch(function: Function, chunksize: int, batch: list[Any]) -> list[Any]:
    return _threads.map(function, batch, chunksize)


MODE = Nested()
