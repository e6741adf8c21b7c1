"""The runner: a child process that performs one run and ends.

Protocol: the request comes pickled on standard input, which then stays open as a lifeline: when
it closes, the caller is gone and the runner ends itself with all its workers. While the run goes
on, tasks write into the sheet. What came out, good or bad, is left in the file ``outcome``.

Only the standard library is imported here, so that any interpreter can run it.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import multiprocessing.connection
import os
import pickle
import reprlib
import select
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn

from swimlanes import core_load, modes, sheet

LIFELINE = 0  # standard input
LIFELINE_CHECK_S = 1.0


@dataclass(frozen=True)
class Request:
    """All that a runner needs to know.

    ``function`` is pickled apart, because the workers load it, whatever their start method;
    ``sys_path`` lets them find the participant's modules.
    """

    folder: str
    mode: str
    workers: int
    start_method: str | None
    chunksize: int
    function: bytes
    inputs: bytes
    tasks_count: int
    cpus: tuple[int, ...]
    sys_path: tuple[str, ...]

    @property
    def sheet(self) -> str:
        """Path of the record sheet."""
        return os.path.join(self.folder, "sheet")

    @property
    def outcome(self) -> str:
        """Path of the outcome."""
        return os.path.join(self.folder, "outcome")


@dataclass(frozen=True)
class Success:
    """The results, pickled one by one, and what the run took."""

    results: tuple[bytes, ...]
    results_digest: str
    cpu_time_s: float
    busy_s: float | None


@dataclass(eq=False)
class TaskFailure(Exception):
    """A task raised; told in strings only, so that it travels through any pool."""

    task: int
    input: str
    error: str
    frames: tuple[tuple[str, int, str], ...]

    def __reduce__(self) -> tuple[type[TaskFailure], tuple[object, ...]]:
        """Pickle by the fields; exceptions would pickle ``args``."""
        return TaskFailure, (self.task, self.input, self.error, self.frames)


@dataclass(frozen=True)
class WorkerDeath:
    """A worker ended in the middle of the run; a negative exit code is a signal."""

    pid: int
    exitcode: int | None


@dataclass(frozen=True)
class Breakdown:
    """Something else went wrong in the pool itself."""

    error: str
    traceback: str


Outcome = Success | TaskFailure | WorkerDeath | Breakdown


class _Worker(threading.local):
    """What a worker keeps between tasks. In a pool of threads each has its own."""

    writer: sheet.SheetWriter
    function: Callable[[Any], Any]


_worker = _Worker()


def prepare_worker(path: str, tasks_count: int, function: bytes) -> None:
    """Get a worker ready: load the function, report on the sheet.

    An initializer that raises makes ``Pool`` replace its workers for ever. So a function that
    cannot be loaded raises when the first task calls it.
    """
    try:
        _worker.function = pickle.loads(function)
    except Exception as error:
        _worker.function = _raiser(error)
    _worker.writer = sheet.SheetWriter(path, tasks_count)


def run_task(item: tuple[int, Any]) -> Any:  # noqa: ANN401 - a task returns anything
    """Run one task and record it."""
    task, value = item
    try:
        return _worker.writer.record(task, _worker.function, value)
    except Exception as error:
        raise _failure(task, value, error) from None


def perform(request: Request) -> Success:
    """Perform the run in this process and its workers."""
    words = sheet.map_words(request.sheet, request.tasks_count)
    inputs = pickle.loads(request.inputs)
    worker_args = (request.sheet, request.tasks_count, request.function)
    busy_s, cpu_s = core_load.busy_s(request.cpus), core_load.own_cpu_time_s()
    words[sheet.POOL_START] = time.monotonic_ns()
    with modes.make_pool(
        request.mode, request.workers, request.start_method, prepare_worker, worker_args
    ) as pool:
        guard = Guard(request)
        words[sheet.MAP_START] = time.monotonic_ns()
        try:
            results = pool.map(run_task, enumerate(inputs), request.chunksize)
        finally:
            guard.workers_may_go()
        words[sheet.MAP_END] = time.monotonic_ns()
    words[sheet.POOL_END] = time.monotonic_ns()
    cpu_s = core_load.own_cpu_time_s() - cpu_s
    if busy_s is not None:
        busy_s = (core_load.busy_s(request.cpus) or 0.0) - busy_s
    pickled = tuple(pickle.dumps(result) for result in results)
    return Success(pickled, _digest(pickled), cpu_s, busy_s)


class Guard:
    """Watches, asleep, what would make the run hang: a worker's death, the caller's death.

    ``Pool.map`` waits for ever for the task of a worker that was killed. The thread starts after
    the pool, because a process that has threads should not be forked.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._workers = {child.sentinel: child for child in multiprocessing.active_children()}
        self._caller = os.getppid()
        self._finished = threading.Event()
        threading.Thread(target=self._watch, name="guard", daemon=True).start()

    def workers_may_go(self) -> None:
        """From now on a worker that ends does so rightly."""
        self._finished.set()

    def _watch(self) -> None:
        watched = [LIFELINE, *self._workers]
        while not self._finished.is_set():
            ready = multiprocessing.connection.wait(watched, LIFELINE_CHECK_S)
            # A sibling of ours may hold the lifeline open: ask for the parent as well.
            if LIFELINE in ready or os.getppid() != self._caller:
                self._end_everything()
            if ready and not self._finished.is_set():
                self._report_death(next(w for s, w in self._workers.items() if s in ready))
        select.select([LIFELINE], [], [])
        self._end_everything()

    def _end_everything(self) -> NoReturn:
        """End this process and all that came from it.

        The workers are killed, the rest is asked to end: the standard library's resource tracker
        does not hear and so lives to remove the semaphores that spawned workers share.
        """
        shutil.rmtree(self._request.folder, ignore_errors=True)
        for worker in self._workers.values():
            worker.kill()
        os.killpg(0, signal.SIGTERM)
        os._exit(1)

    def _report_death(self, worker: BaseProcess) -> NoReturn:
        save_outcome(self._request, WorkerDeath(worker.pid or 0, _exitcode(worker)))
        os._exit(1)


def save_outcome(request: Request, outcome: Outcome) -> None:
    """Leave the outcome for the caller, whole or not at all."""
    with open(request.outcome + ".part", "wb") as file:
        pickle.dump(outcome, file)
    os.replace(request.outcome + ".part", request.outcome)


def main() -> None:
    """Perform the run that standard input asks for."""
    request: Request = pickle.load(sys.stdin.buffer)
    sys.path[:] = request.sys_path
    outcome: Outcome
    try:
        outcome = perform(request)
    except TaskFailure as failure:
        outcome = failure
    except Exception as error:
        outcome = Breakdown(_last_line(error), traceback.format_exc())
    save_outcome(request, outcome)
    # Threads that a task may have left behind must not keep the process.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _raiser(error: Exception) -> Callable[[Any], Any]:
    def fail(_: object) -> NoReturn:
        raise error

    return fail


def _failure(task: int, value: object, error: Exception) -> TaskFailure:
    # The first two frames are ours: run_task and record.
    frames = traceback.extract_tb(error.__traceback__)[2:]
    return TaskFailure(
        task=task,
        input=reprlib.repr(value),
        error=_last_line(error),
        frames=tuple((frame.filename, frame.lineno or 0, frame.name) for frame in frames),
    )


def _last_line(error: Exception) -> str:
    return "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]


def _digest(pickled: tuple[bytes, ...]) -> str:
    """Return a digest that depends on the values alone, not on how they came here.

    A result that travelled from a process has lost what it shared with others, which its pickle
    would show. One that stayed here is sent on the same journey.
    """
    digest = hashlib.sha256()
    for result in pickled:
        digest.update(pickle.dumps(pickle.loads(result)))
    return digest.hexdigest()


def _exitcode(worker: BaseProcess) -> int | None:
    """Return the exit code, which becomes known a moment after the sentinel fires."""
    deadline = time.monotonic() + 0.2
    while worker.exitcode is None and time.monotonic() < deadline:
        time.sleep(0.005)
    return worker.exitcode
