"""How each mode maps tasks onto workers: the standard library's own pools, and no other.

A pool is used in the same way in every mode::

    with make_pool(...) as pool:
        results = pool.map(function, inputs, chunksize)
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from functools import lru_cache, partial
from itertools import chain, islice
from multiprocessing.pool import ThreadPool
from types import TracebackType
from typing import Any, Protocol, Self

MODES = ("serial", "threads", "processes", "nested", "free-threaded", "interpreters")
SCHEDULES = ("map", "imap", "imap_unordered")
FORKING = ("processes", "nested")
"""The modes that start processes, and so have a start method."""

FREE_THREADED_SETTING = "SWIMLANES_FREE_THREADED_PYTHON"
_FREE_THREADED_NAMES = ("python3.14t", "python3.13t")
_ASK_FOR_FREE_THREADING = (
    "import sys, sysconfig; sys.exit(not sysconfig.get_config_var('Py_GIL_DISABLED'))"
)

Function = Callable[[Any], Any]
Initializer = Callable[..., None]


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


def _start_threads(count: int, initializer: Initializer, *initargs: object) -> None:
    global _threads
    _threads = ThreadPool(count, initializer, initargs)


def _map_on_threads(function: Function, chunksize: int) -> Function:
    return partial(_map_batch, function, chunksize)


def _map_batch(function: Function, chunksize: int, batch: list[Any]) -> list[Any]:
    return _threads.map(function, batch, chunksize)


class ExecutorPool:
    """An executor of ``concurrent.futures`` that takes chunks as a pool does."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        self._executor.shutdown(cancel_futures=True)

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs."""
        return list(self.imap(function, inputs, chunksize))

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterator[Any]:
        """Yield the results in the order of the inputs."""
        parts = self._executor.map(partial(_map_chunk, function), chunks(inputs, chunksize))
        return chain.from_iterable(parts)

    def imap_unordered(
        self, function: Function, inputs: Iterable[Any], chunksize: int
    ) -> Iterator[Any]:
        """Yield the results as their chunks are ready."""
        futures = [
            self._executor.submit(_map_chunk, function, chunk)
            for chunk in chunks(inputs, chunksize)
        ]
        return chain.from_iterable(future.result() for future in as_completed(futures))


def _map_chunk(function: Function, chunk: Sequence[Any]) -> list[Any]:
    return list(map(function, chunk))


def make_pool(
    mode: str,
    workers: int,
    threads: int,
    start_method: str | None,
    initializer: Initializer,
    initargs: tuple[Any, ...],
) -> Pool:
    """Start the workers of `mode`.

    Parameters
    ----------
    mode : str
        One of `MODES`.
    workers : int
        Number of workers, at least 1; serial has one, whatever is asked for.
    threads : int
        Threads of each worker, for nested.
    start_method : str or None
        ``fork``, ``forkserver`` or ``spawn``, for modes that start processes; else None.
    initializer, initargs : callable, tuple
        What each worker, or each of its threads, calls first.
    """
    if mode == "serial":
        return SerialPool(initializer, initargs)
    if mode in ("threads", "free-threaded"):
        return ThreadPool(workers, initializer, initargs)
    if mode == "interpreters":
        # New in Python 3.14, and unknown to a type checker that reads for older ones.
        executor: Callable[..., Executor] = getattr(concurrent.futures, "InterpreterPoolExecutor")  # noqa: B009
        return ExecutorPool(executor(workers, initializer=initializer, initargs=initargs))
    context = multiprocessing.get_context(start_method)
    if mode == "processes":
        return context.Pool(workers, initializer, initargs)
    threads_args = (threads, initializer, *initargs)
    return NestedPool(context.Pool(workers, _start_threads, threads_args), threads)


def start_methods() -> list[str]:
    """Return the start methods that this platform has; the first is Python's default."""
    return multiprocessing.get_all_start_methods()


def why_unavailable(mode: str) -> str:
    """Return a sentence that says why `mode` does not work here, or nothing if it does.

    Examples
    --------
    >>> why_unavailable("processes")
    ''
    """
    if mode == "free-threaded" and free_threaded_python() is None:
        named = os.environ.get(FREE_THREADED_SETTING)
        if named:
            return (
                f"{FREE_THREADED_SETTING} names {named!r}, which is not a Python without the GIL."
            )
        return (
            "There is no Python without the GIL here: put python3.14t or python3.13t on the PATH, "
            f"or name one in {FREE_THREADED_SETTING}."
        )
    if mode == "interpreters" and sys.version_info < (3, 14):
        version = ".".join(map(str, sys.version_info[:2]))
        return f"Subinterpreters need Python 3.14 or later; this is Python {version}."
    return ""


def free_threaded_python() -> str | None:
    """Return the path of a Python without the GIL: this one, the one named, or one on the PATH."""
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return sys.executable
    named = os.environ.get(FREE_THREADED_SETTING)
    candidates = map(shutil.which, [named] if named else _FREE_THREADED_NAMES)
    return next((path for path in candidates if path and _is_free_threaded(path)), None)


@lru_cache
def _is_free_threaded(path: str) -> bool:
    command = [path, "-I", "-c", _ASK_FOR_FREE_THREADING]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


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
