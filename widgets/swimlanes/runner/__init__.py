"""The runner: a child process that performs one run and ends.

Protocol: the run's folder is the only argument. The request comes pickled on standard input, which
then stays open as a lifeline: when it closes, the caller is gone and the runner ends itself with
all its workers. While the run goes on, tasks write into the sheet. What came out, good or bad,
goes pickled to the request's file descriptor ``outcome``.

Only the standard library is imported here, so that any interpreter can run it, and little of that,
because every run waits for it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import reprlib
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterable
from functools import partial
from multiprocessing.pool import MaybeEncodingError  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

from swimlanes import core_load, modes, sheet, travel
from swimlanes.runner.guard import Guard, end_with_caller
from swimlanes.runner.protocol import Breakdown, Outcome, Request, Success, WorkerDeath
from swimlanes.worker import (
    TaskFailure,
    Unsendable,
    in_one_line,
    prepare_worker,
    run_numbered_task,
    run_task,
    send,
)

if TYPE_CHECKING:
    from swimlanes.cluster import Cluster

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


class _Usage(NamedTuple):
    """What the machine has done up to a moment; None where the system does not tell."""

    own_s: float
    busy_s: float | None

    @classmethod
    def now(cls, cpus: tuple[int, ...]) -> _Usage:
        return cls(core_load.own_cpu_time_s(), core_load.busy_s(cpus))


def main() -> None:
    """Perform the run that standard input asks for."""
    request = _read_request(folder=sys.argv[1])
    # The caller may ignore it, which a child inherits; but it is how a run is asked to end.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    lifeline = _keep_lifeline()
    end_with_caller(request.folder, lifeline)
    _be_first_to_go()
    # What this interpreter brings itself comes last: another one has other packages.
    own = [entry for entry in sys.path if entry not in request.sys_path]
    sys.path[:] = [*request.sys_path, *own]
    outcome: Outcome
    try:
        outcome = _perform(request, lifeline)
    except (TaskFailure, Unsendable, modes.Trouble) as told:
        outcome = told
    except Exception as error:
        outcome = Breakdown(in_one_line(_first(error)), traceback.format_exc())
    try:
        _answer(request, outcome)
    except BrokenPipeError:  # the caller is gone
        shutil.rmtree(request.folder, ignore_errors=True)
    # Threads that a task may have left behind must not keep the process.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _read_request(folder: str) -> Request:
    try:
        request: Request = pickle.load(sys.stdin.buffer)
    except (EOFError, pickle.UnpicklingError):  # the caller was gone before it could say more
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)
    return request


def _first(error: BaseException) -> BaseException:
    """Return the error that all began with; a pool that cannot start stumbles over the pieces."""
    while error.__context__ is not None:
        error = error.__context__
    return error


def _keep_lifeline() -> int:
    """Return the lifeline under another number; a task that asks for input finds none."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return lifeline


def _be_first_to_go() -> None:
    """When memory runs out, have Linux end this run and not the notebook that asked for it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _perform(request: Request, lifeline: int) -> Success:
    """Perform the run in this process and its workers."""
    words = sheet.map_words(request.sheet, request.tasks_count)
    items = list(enumerate(_inputs(request)))
    with _cluster(request) as cluster:
        before = _Usage.now(request.cpus)
        words[sheet.POOL_START] = time.monotonic_ns()
        with cluster.pool() if cluster else _make_pool(request) as pool:
            # Whom Dask starts, Dask looks after.
            workers = [] if cluster else multiprocessing.active_children()
            guard = Guard(request.folder, lifeline, workers, partial(_answer, request))
            words[sheet.MAP_START] = time.monotonic_ns()
            try:
                results = _collect(pool, request, items, words)
            finally:
                guard.workers_may_go()
            words[sheet.MAP_END] = time.monotonic_ns()
        words[sheet.POOL_END] = time.monotonic_ns()
        after = _Usage.now(request.cpus)
        far = cluster.tell() if cluster else None
    return Success(
        results=_pickle_results(results, request.own_classes and request.in_one_process),
        interpreter=travel.interpreter(),
        cpu_time_s=after.own_s - before.own_s,
        busy_s=_difference(after.busy_s, before.busy_s),
        far=far,
    )


def _cluster(request: Request) -> contextlib.AbstractContextManager[Cluster | None]:
    """Return the cluster that does the run, in the mode that has one."""
    if request.mode != "cluster":
        return contextlib.nullcontext()
    from swimlanes.cluster import Cluster, Job, Paper  # takes long

    job = Job(os.path.basename(request.folder), request.function, request.packs)
    paper = Paper(request.sheet, request.tasks_count, request.chunksize)
    return Cluster(request.cluster, request.workers, job, paper, request.folder)


def _make_pool(request: Request) -> modes.Pool:
    return modes.make_pool(
        request.mode,
        request.workers,
        request.threads,
        request.start_method,
        prepare_worker,
        (request.sheet, request.tasks_count, request.function, request.packs),
    )


def _inputs(request: Request) -> list[Any]:
    """Return the inputs, ready to be sent to the workers."""
    inputs = pickle.loads(request.inputs)
    if request.in_one_process or not request.own_classes:
        return list(inputs)
    return [travel.pack(value, always=True) for value in inputs]


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
        raise Unsendable(None, str(error.value), str(error.exc)) from error


def _take(numbered: Iterable[tuple[int, Any]], words: memoryview) -> list[Any]:
    """Take results one by one and note when each was in hand; return them by task number."""
    results: list[Any] = [None] * sheet.tasks_on(words)
    for task, result in numbered:
        words[sheet.slot_at(task) + sheet.ARRIVED] = time.monotonic_ns()
        results[task] = result
    return results


def _pickle_results(results: list[Any], packs: bool) -> list[bytes]:
    """Pickle each result for itself, and let go of it, because there may be little memory."""
    pickled = []
    for task in range(len(results)):
        result, results[task] = results[task], None
        try:
            pickled.append(pickle.dumps(send(task, result, packs)))
        except Unsendable:
            raise
        except Exception as error:
            raise Unsendable(task, reprlib.repr(result), in_one_line(error)) from error
    return pickled


def _answer(request: Request, outcome: Outcome) -> None:
    with open(request.outcome, "wb", closefd=False) as file:
        pickle.dump(outcome, file)


def _difference(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before
