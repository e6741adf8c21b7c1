"""Executors of ``concurrent.futures`` as pools; a module apart, because it takes long to import."""

from __future__ import annotations

import concurrent.futures
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from functools import partial
from itertools import chain
from multiprocessing.pool import MaybeEncodingError  # type: ignore[attr-defined]
from typing import Any

from swimlanes.modes.mode import Function, Initializer, Pool, UnreadableResult, chunks


def interpreter_pool(
    workers: int, initializer: Initializer, initargs: tuple[Any, ...]
) -> ExecutorPool:
    """Return a pool whose workers are subinterpreters, each with a GIL of its own."""
    # New in Python 3.14, and unknown to a type checker that reads for older ones.
    executor: Callable[..., Executor] = getattr(concurrent.futures, "InterpreterPoolExecutor")  # noqa: B009
    initargs = (sys.path, initializer, *initargs)
    return ExecutorPool(executor(workers, initializer=_look_there, initargs=initargs))


def _look_there(path: list[str], initializer: Initializer, *initargs: object) -> None:
    """Give a subinterpreter, which starts as a new Python does, our search path; then call."""
    sys.path[:] = path
    initializer(*initargs)


class ExecutorPool(Pool):
    """An executor of ``concurrent.futures`` that takes chunks as a pool does.

    A result that cannot be pickled raises what it raises in a ``Pool``.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        self._executor.shutdown(cancel_futures=True)

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs."""
        return list(self.imap(function, inputs, chunksize))

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterator[Any]:
        """Yield the results in the order of the inputs."""
        parts = self._executor.map(partial(_map_chunk, function), chunks(inputs, chunksize))
        return chain.from_iterable(map(_results_of, parts))

    def imap_unordered(
        self, function: Function, inputs: Iterable[Any], chunksize: int
    ) -> Iterator[Any]:
        """Yield the results as their chunks are ready."""
        futures = [
            self._executor.submit(_map_chunk, function, chunk)
            for chunk in chunks(inputs, chunksize)
        ]
        return chain.from_iterable(_results_of(future.result()) for future in as_completed(futures))


def _results_of(part: bytes) -> list[Any]:
    try:
        results: list[Any] = pickle.loads(part)
    except (Exception, SystemExit) as error:
        raise UnreadableResult from error
    return results


def _map_chunk(function: Function, chunk: Sequence[Any]) -> bytes:
    """Return the results pickled, which is how they travel between interpreters anyway."""
    results = list(map(function, chunk))
    try:
        return pickle.dumps(results)
    except Exception as error:
        raise MaybeEncodingError(error, results) from None
