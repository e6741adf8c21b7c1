"""The guard: a thread of the runner that sleeps until something would make the run hang."""

from __future__ import annotations

import contextlib
import fcntl
import multiprocessing.connection
import os
import pickle
import select
import signal
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from time import monotonic, sleep
from typing import NoReturn

from swimlanes import kin
from swimlanes.runner.protocol import WorkerDeath
from swimlanes.worker import FAILED, InitializerFailure

# How often to ask for the parent and for a failed initializer, which wake nobody, seconds.
LIFELINE_CHECK_S = 1.0
# How long workers may take to end after the last result; a pool would wait for ever.
PATIENCE_S = 1.0
# How long the pool may take to ask for an exit code first, and what the second one gets.
POOL_ASKS_S = 0.02
NOT_TOLD = 255


def end_with_caller(folder: str, lifeline: int) -> None:
    """End on SIGTERM and, until a guard is on duty, when the kernel tells that the caller is gone.

    Loading the function may take for ever, and a thread to watch cannot start before the workers.
    """

    def end(*_: object) -> NoReturn:
        end_everything(folder)

    signal.signal(signal.SIGIO, end)
    _end_when_asked(folder)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:  # gone already
        end()


def _end_when_asked(folder: str) -> None:
    """On SIGTERM, remove the folder before the end: the caller may have got the signal as well."""

    def end(*_: object) -> NoReturn:
        _end_by_sigterm()
        end_everything(folder)

    signal.signal(signal.SIGTERM, end)
    # A pool that cannot start ends its workers a moment after it has forked them. When the signal
    # comes, they must be children already: a child ends itself, and not everything, as the runner.
    os.register_at_fork(
        before=_hold_sigterm, after_in_parent=_let_sigterm, after_in_child=_end_by_sigterm
    )


_hold_sigterm = partial(signal.pthread_sigmask, signal.SIG_BLOCK, {signal.SIGTERM})
_let_sigterm = partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, {signal.SIGTERM})


def _end_by_sigterm() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _let_sigterm()


_ending = threading.RLock()
"""Held by the thread that ends this process: killed workers are no news then."""


def end_everything(folder: str) -> NoReturn:
    """End this process and all that came from it; remove the run's folder.

    Processes in the process group are asked to end. The standard library's resource tracker ignores
    that, so it lives on and removes the semaphores that spawned workers share. The other processes
    are killed, wherever they went.
    """
    with _ending:
        kin.kill_all(folder)
        kin.remove(folder)
        os.killpg(0, signal.SIGTERM)
        os._exit(1)


class Guard:
    """Watches, asleep, what would make the run hang: a worker's death, the caller's death.

    ``Pool.map`` waits for ever for the task of a worker that was killed. The thread starts after
    the pool, because a process that has threads should not be forked.

    The `lifeline`, a file descriptor, is at its end when the caller is gone. A worker's death, or
    an initializer that has raised, is reported; the process ends afterwards.
    """

    def __init__(
        self,
        folder: str,
        lifeline: int,
        workers: list[BaseProcess],
        report: Callable[[WorkerDeath | InitializerFailure], None],
    ) -> None:
        self._folder = folder
        self._failed = os.path.join(folder, "sheet" + FAILED)
        self._lifeline = lifeline
        self._report = report
        self._workers = {worker.sentinel: worker for worker in workers}
        self._caller = os.getppid()
        self._finished = threading.Event()
        threading.Thread(target=self._watch, name="guard", daemon=True).start()
        # Not before the thread watches the lifeline: until then this signal tells of its end.
        signal.signal(signal.SIGIO, signal.SIG_IGN)

    def workers_may_go(self) -> None:
        """From now on a worker that ends does so rightly."""
        self._finished.set()

    def _watch(self) -> None:
        watched = [self._lifeline, *self._workers]
        while not self._finished.is_set():
            ready = multiprocessing.connection.wait(watched, LIFELINE_CHECK_S)
            # A sibling of ours may hold the lifeline open: ask for the parent as well.
            if self._lifeline in ready or os.getppid() != self._caller:
                end_everything(self._folder)
            if ready and not self._finished.is_set():
                worker = next(w for sentinel, w in self._workers.items() if sentinel in ready)
                self._end_with(WorkerDeath(worker.pid or 0, _exitcode(worker)))
            if not self._finished.is_set():
                self._look_for_failure()
        caller_gone, _, _ = select.select([self._lifeline], [], [], PATIENCE_S)
        if not caller_gone:
            for worker in self._workers.values():
                worker.kill()
            select.select([self._lifeline], [], [])
        end_everything(self._folder)

    def _look_for_failure(self) -> None:
        """End the run when an initializer has raised, whatever other workers are doing."""
        with contextlib.suppress(FileNotFoundError), open(self._failed, "rb") as file:
            self._end_with(pickle.load(file))

    def _end_with(self, outcome: WorkerDeath | InitializerFailure) -> NoReturn:
        with _ending:
            with contextlib.suppress(BrokenPipeError):  # the caller is gone
                self._report(outcome)
            end_everything(self._folder)


def _exitcode(worker: BaseProcess) -> int | None:
    """Return the exit code, which becomes known a moment after the sentinel fires, if at all.

    The pool asks for it, too. Of two that ask a fork server at once, one is told and the other
    gets 255. So the pool, which is awake already, comes first, and 255 says nothing.
    """
    sleep(POOL_ASKS_S)
    deadline = monotonic() + 0.2
    while worker.exitcode is None and monotonic() < deadline:
        sleep(0.005)
    return None if worker.exitcode == NOT_TOLD else worker.exitcode
