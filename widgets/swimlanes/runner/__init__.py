"""The runner: a child process that performs one run and ends.

Protocol: the request comes pickled on standard input, which then stays open as a lifeline: when
it closes, the caller is gone and the runner ends itself with all its workers. While the run goes
on, tasks write into the sheet. What came out, good or bad, goes pickled to the request's file
descriptor ``outcome``.

Only the standard library is imported here, so that any interpreter can run it.
"""

from __future__ import annotations

import os
import pickle
import reprlib
import sys
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.pool import MaybeEncodingError  # type: ignore[attr-defined]
from typing import Any

from swimlanes import cgroup, core_load, modes, sheet, travel
from swimlanes.runner.guard import Guard
from swimlanes.runner.protocol import (
    Breakdown,
    Outcome,
    Request,
    Success,
    Unsendable,
    WorkerDeath,
)
from swimlanes.worker import (
    TaskFailure,
    last_line,
    prepare_worker,
    run_numbered_task,
    run_task,
)

__all__ = [
    "Breakdown",
    "Outcome",
    "Request",
    "Success",
    "TaskFailure",
    "Unsendable",
    "WorkerDeath",
    "main",
]


@dataclass(frozen=True)
class _Usage:
    """What the machine has done up to a moment; None where the system does not tell."""

    own_s: float
    busy_s: float | None
    throttle_clocks_s: tuple[float, ...]

    @classmethod
    def now(cls, cpus: tuple[int, ...]) -> _Usage:
        return cls(core_load.own_cpu_time_s(), core_load.busy_s(cpus), cgroup.throttle_clocks_s())


class _CannotTravel(Exception):
    """Carries an `Unsendable` up to `main`."""

    def __init__(self, told: Unsendable) -> None:
        super().__init__(told)
        self.told = told


def main() -> None:
    """Perform the run that standard input asks for."""
    request: Request = pickle.load(sys.stdin.buffer)
    # What this interpreter brings itself comes last: another one has other packages.
    own = [entry for entry in sys.path if entry not in request.sys_path]
    sys.path[:] = [*request.sys_path, *own]
    outcome: Outcome
    try:
        outcome = _perform(request)
    except TaskFailure as failure:
        outcome = failure
    except _CannotTravel as error:
        outcome = error.told
    except Exception as error:
        outcome = Breakdown(last_line(error), traceback.format_exc())
    _send(request, outcome)
    # Threads that a task may have left behind must not keep the process.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _perform(request: Request) -> Success:
    """Perform the run in this process and its workers."""
    words = sheet.map_words(request.sheet, request.tasks_count)
    items = list(enumerate(_inputs(request)))
    worker_args = (request.sheet, request.tasks_count, request.function)
    before = _Usage.now(request.cpus)
    words[sheet.POOL_START] = time.monotonic_ns()
    with modes.make_pool(
        request.mode,
        request.workers,
        request.threads,
        request.start_method,
        prepare_worker,
        worker_args,
    ) as pool:
        guard = Guard(request.folder, lambda death: _send(request, death))
        words[sheet.MAP_START] = time.monotonic_ns()
        try:
            results = _collect(pool, request, items, words)
        finally:
            guard.workers_may_go()
        words[sheet.MAP_END] = time.monotonic_ns()
    words[sheet.POOL_END] = time.monotonic_ns()
    after = _Usage.now(request.cpus)
    throttled_s = cgroup.throttled_s(before.throttle_clocks_s)
    pickled = _pickle_results(results)
    return Success(
        results=pickled,
        results_digest=travel.digest(pickled),
        interpreter=travel.interpreter(),
        cpu_time_s=after.own_s - before.own_s,
        busy_s=_difference(after.busy_s, before.busy_s),
        throttled_s=throttled_s,
    )


def _inputs(request: Request) -> list[Any]:
    """Return the inputs, ready to be sent to the workers."""
    inputs = pickle.loads(request.inputs)
    if request.mode in ("serial", "threads", "free-threaded"):
        return list(inputs)
    packed = list(map(travel.pack, inputs))
    for task, value in enumerate(packed):
        # The pool would tell that an input cannot be pickled, but not which.
        try:
            pickle.dumps(value)
        except Exception as error:
            told = Unsendable("input", task, reprlib.repr(inputs[task]), last_line(error))
            raise _CannotTravel(told) from error
    return packed


def _collect(
    pool: modes.Pool, request: Request, items: list[tuple[int, Any]], words: memoryview
) -> list[Any]:
    """Have the pool run the tasks; return the results in the order of the inputs."""
    try:
        if request.schedule == "map":
            return pool.map(run_task, items, request.chunksize)
        if request.schedule == "imap":
            return _take(enumerate(pool.imap(run_task, items, request.chunksize)), words)
        return _take(pool.imap_unordered(run_numbered_task, items, request.chunksize), words)
    except MaybeEncodingError as error:
        told = Unsendable("result", None, str(error.value), str(error.exc))
        raise _CannotTravel(told) from error


def _take(numbered: Iterable[tuple[int, Any]], words: memoryview) -> list[Any]:
    """Take results one by one and note when each was in hand; return them by task number."""
    results: list[Any] = [None] * ((len(words) - sheet.HEADER_WORDS) // sheet.SLOT_WORDS)
    for task, result in numbered:
        words[sheet.HEADER_WORDS + task * sheet.SLOT_WORDS + sheet.ARRIVED] = time.monotonic_ns()
        results[task] = result
    return results


def _pickle_results(results: list[Any]) -> tuple[bytes, ...]:
    pickled = []
    for task, result in enumerate(results):
        try:
            pickled.append(pickle.dumps(result))
        except Exception as error:
            told = Unsendable("result", task, reprlib.repr(result), last_line(error))
            raise _CannotTravel(told) from error
    return tuple(pickled)


def _send(request: Request, outcome: Outcome) -> None:
    with open(request.outcome, "wb", closefd=False) as file:
        pickle.dump(outcome, file)


def _difference(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before
