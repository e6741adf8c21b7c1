"""How each mode maps tasks onto workers: the standard library's own pools, nothing of ours.

A pool is used as ``with make_pool(...) as pool: results = pool.map(function, inputs, chunksize)``
in every mode.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable
from multiprocessing.pool import ThreadPool
from types import TracebackType
from typing import Any, Protocol, Self

MODES = ("serial", "threads", "processes")


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

    def map(
        self, function: Callable[[Any], Any], inputs: Iterable[Any], chunksize: int
    ) -> list[Any]:
        """Return the results in the order of the inputs."""


class SerialPool:
    """The builtin ``map``, in the clothes of a pool: one worker, this very thread."""

    def __init__(self, initializer: Callable[..., None], initargs: tuple[Any, ...]) -> None:
        initializer(*initargs)

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to end."""

    def map(
        self, function: Callable[[Any], Any], inputs: Iterable[Any], chunksize: int
    ) -> list[Any]:
        """Return the results; `chunksize` makes no difference here."""
        return list(map(function, inputs))


def make_pool(
    mode: str,
    workers: int,
    start_method: str | None,
    initializer: Callable[..., None],
    initargs: tuple[Any, ...],
) -> Pool:
    """Start the workers of `mode`.

    Parameters
    ----------
    mode : str
        One of `MODES`.
    workers : int
        Number of workers, at least 1; serial has one, whatever is asked for.
    start_method : str or None
        ``fork``, ``forkserver`` or ``spawn``, for processes; None for the other modes.
    initializer, initargs : callable, tuple
        What each worker calls first.
    """
    if mode == "serial":
        return SerialPool(initializer, initargs)
    if mode == "threads":
        return ThreadPool(workers, initializer, initargs)
    return multiprocessing.get_context(start_method).Pool(workers, initializer, initargs)


def start_methods() -> list[str]:
    """Return the start methods that this platform has; the first is Python's default."""
    return multiprocessing.get_all_start_methods()
