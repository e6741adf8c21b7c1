"""Pools that are used alike in every mode.

::

    with of(mode).make_pool(staff) as pool:
        results = pool.map(function, inputs, chunksize)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Any, Protocol, Self

Function = Callable[[Any], Any]
Initializer = Callable[..., None]


class Trouble(Exception):
    """The workers cannot do the run; the sentence says why, and what to do."""


class UnreadableResult(Exception):
    """A result has come, and cannot be unpickled; the cause says why."""


class Pool(Protocol):
    """What is used of ``multiprocessing.pool.Pool``; a pool of our own begins with this."""

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

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


class SerialPool(Pool):
    """The builtin ``map``, in the clothes of a pool: one worker, this very thread."""

    def __init__(self, initializer: Initializer, initargs: tuple[Any, ...]) -> None:
        initializer(*initargs)

    def __exit__(self, *_: object) -> None:
        """There is nothing to end."""

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results; `chunksize` makes no difference here."""
        return list(map(function, inputs))

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterator[Any]:
        """Yield the results; `chunksize` makes no difference here."""
        return map(function, inputs)

    imap_unordered = imap


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
