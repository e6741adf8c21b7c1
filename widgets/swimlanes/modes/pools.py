"""Pools that are used alike in every mode.

::

    with make_pool(...) as pool:
        results = pool.map(function, inputs, chunksize)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from multiprocessing.pool import ThreadPool
from types import TracebackType
from typing import Any, Protocol, Self

Function = Callable[[Any], Any]
Initializer = Callable[..., None]


class Trouble(Exception):
    """The workers cannot do the run; the sentence says why, and what to do."""


class UnreadableResult(Exception):
    """A result has come, and cannot be unpickled; the cause says why."""


class Pool(Protocol):
    """What is used of ``multiprocessing.pool.Pool``."""

    def __enter__(self) -> Self:
        """Return the pool."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the workers."""

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs, when all are there."""

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterable[Any]:
        """Yield the results in the order of the inputs, each when its turn has come."""

    def imap_unordered(
        self, function: Function, inputs: Iterable[Any], chunksize: int
    ) -> Iterable[Any]:
        """Yield the results in the order in which they are ready."""


class SerialPool:
    """The builtin ``map``, in the clothes of a pool: one worker, this very thread."""

    def __init__(self, initializer: Initializer, initargs: tuple[Any, ...]) -> None:
        initializer(*initargs)

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to end."""

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results; `chunksize` makes no difference here."""
        return list(map(function, inputs))

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterator[Any]:
        """Yield the results; `chunksize` makes no difference here."""
        return map(function, inputs)

    imap_unordered = imap


class NestedPool:
    """A ``Pool`` of processes, each with a ``ThreadPool`` of its own.

    A process takes so many tasks at a time that each of its threads gets a chunk.
    """

    def __init__(self, processes: Pool, threads: int) -> None:
        self._processes = processes
        self._threads = threads

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *reason: Any) -> None:  # noqa: ANN401 - passed on as it comes
        """End the processes, and their threads with them."""
        self._processes.__exit__(*reason)

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs."""
        batches = self._batches(inputs, chunksize)
        return [*chain(*self._processes.map(_map_on_threads(function, chunksize), batches, 1))]

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterator[Any]:
        """Yield the results in the order of the inputs, a process's batch at a time."""
        batches = self._batches(inputs, chunksize)
        results = self._processes.imap(_map_on_threads(function, chunksize), batches, 1)
        return chain.from_iterable(results)

    def imap_unordered(
        self, function: Function, inputs: Iterable[Any], chunksize: int
    ) -> Iterator[Any]:
        """Yield the results as the processes' batches are ready."""
        batches = self._batches(inputs, chunksize)
        results = self._processes.imap_unordered(_map_on_threads(function, chunksize), batches, 1)
        return chain.from_iterable(results)

    def _batches(self, inputs: Iterable[Any], chunksize: int) -> Iterator[list[Any]]:
        return chunks(inputs, chunksize * self._threads)


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


def _map_on_threads(function: Function, chunksize: int) -> Function:
    return partial(_map_batch, function, chunksize)


def _map_batch(function: Function, chunksize: int, batch: list[Any]) -> list[Any]:
    return _threads.map(function, batch, chunksize)


def chunks(inputs: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield the inputs in lists of `size`; the last one may be shorter.

    Examples
    --------
    >>> list(chunks("abc", 2))
    [['a', 'b'], ['c']]
    """
    iterator = iter(inputs)
    while chunk := list(islice(iterator, size)):
        yield chunk
