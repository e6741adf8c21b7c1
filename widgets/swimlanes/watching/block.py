"""A watched block: workers write down what they do, and somebody looks at it now and then."""

from __future__ import annotations

import _thread
import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from swimlanes.core_load import process_cpu_s, stat_of, thread_cpu_s
from swimlanes.errors import RequestError
from swimlanes.measure.place import IN_MEMORY
from swimlanes.measure.watch import CoreLoadLog
from swimlanes.records import Run
from swimlanes.watching import advice, seen, starts
from swimlanes.watching.record import Clocks, run_of
from swimlanes.watching.seen import Fault, Seen, SeenLane

LOOK_EVERY_S = 0.1
SHARE = 0.02
"""Share of the time that looking may take."""
_PREFIX = "swimlanes-watch-"
_one_at_a_time = threading.Lock()


class Watch:
    """Sees the pools, executors, processes and threads that are started within ``with Watch():``.

    Parameters
    ----------
    name : str
        What is watched.
    on_look : callable, optional
        Called with this object now and then, on a thread of its own, and once at the end.

    Attributes
    ----------
    seen : Seen
        What was seen at the last look; all of it after the end.
    over : bool
        Whether the block has ended.
    """

    def __init__(self, name: str, on_look: Callable[[Watch], None] | None = None) -> None:
        self._name = name
        self._on_look = on_look
        self._ending, self._looked = threading.Event(), threading.Event()
        self.seen = Seen(0, 0, (), (), ())
        self.over = self._broke_off = False

    @cached_property
    def run(self) -> Run:
        """The record of what was seen, for figures, for the panel and to be saved.

        Raises
        ------
        RequestError
            If the block goes on, or nothing was seen in it.
        """
        if not self.over:
            raise RequestError("There is no run yet: it is there when the block has ended.")
        return run_of(self.seen, self._before.cores, self._used, self._name)

    @property
    def has_run(self) -> bool:
        """Whether there is a record: calls were seen, all of them, and not too many."""
        with contextlib.suppress(RequestError):
            return bool(self.run)
        return False

    @property
    def faults(self) -> list[str]:
        """What went wrong so far, and what to do."""
        return advice.faults(self.seen)

    @property
    def sentences(self) -> list[str]:
        """The sentences about what was seen, the most important first."""
        try:
            if self._broke_off and not self.seen.lanes:
                return self.faults  # the error tells enough
            return advice.describe(self.seen, self.run if self.seen.tells else None)
        except RequestError as error:  # there are more than a record has
            return [*self.faults, str(error)]

    def __repr__(self) -> str:
        """Return the sentences, so that a notebook shows them."""
        return "\n".join(self.sentences) if self.over else f"{self._name}, watched"

    def __enter__(self) -> Self:
        """Begin to watch.

        Raises
        ------
        RequestError
            If something is watched already.
        """
        if not _one_at_a_time.acquire(blocking=False):
            raise RequestError(
                "Something is being watched already, and one block is watched at a time. Put this "
                "work into that block, or wait for its end."
            )
        try:
            self._begin()
        except BaseException:  # such as an interrupt: the next watch must be possible
            _one_at_a_time.release()
            raise
        return self

    def _begin(self) -> None:
        self.over = False
        vars(self).pop("run", None)  # that of an earlier block
        self._pid = os.getpid()
        _remove_orphans()
        place = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
        self._gone_ns: dict[int, int] = {}
        self._inner_s: dict[int, float] = {}
        self._died: dict[int, Fault] = {}
        self._before = Clocks.now()
        self._load = CoreLoadLog(self._before.cores.cpus)
        self._start_ns = time.monotonic_ns()
        self._ending.clear()
        self._looked.clear()
        # None of `threading`: a program may join all that are, or wait until it has no other.
        _thread.start_new_thread(self._look_on, ())
        starts.watch_starts(str(self._folder))

    def __exit__(
        self, error: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Look for the last time, and leave nothing behind."""
        starts.forget_starts()
        self._broke_off = error is not None
        if os.getpid() != self._pid:  # a child that the program has forked; its parent goes on
            _one_at_a_time.release()
            return
        end_ns = time.monotonic_ns()
        try:
            self._ending.set()
            self._looked.wait()
            self._used = Clocks.now().since(self._before)
            self._look(end_ns, over=True)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
            self.over = True
            _one_at_a_time.release()
        if self._on_look is not None:
            self._on_look(self)

    def _look_on(self) -> None:
        pause_s = LOOK_EVERY_S
        try:
            while not self._ending.wait(pause_s):
                began_s = time.thread_time()
                self._look(time.monotonic_ns())
                if self._on_look is not None:
                    self._on_look(self)
                pause_s = max(LOOK_EVERY_S, (time.thread_time() - began_s) / SHARE)
        finally:
            self._looked.set()

    def _look(self, now_ns: int, over: bool = False) -> None:
        try:
            self._look_at_all(now_ns, over)
        except OSError as error:  # such as a program that removes what it finds: its work goes on
            self.seen = replace(self.seen, unread=error.strerror or str(error))

    def _look_at_all(self, now_ns: int, over: bool) -> None:
        pids = seen.lane_pids(self._folder) - self._gone_ns.keys()
        self._gone_ns |= {pid: now_ns for pid in pids if not _lives(pid)}
        self._inner_s |= _inner_s(self.seen.lanes)
        self._load.look(None if over else {os.getpid(), *pids})
        load = self._load.samples(self._start_ns, now_ns if over else 0)
        found = seen.read(self._folder, self._start_ns, now_ns, self._gone_ns)
        self._died |= {} if over else {fault.told["pid"]: fault for fault in seen.died(found)}
        self.seen = replace(
            found,
            faults=(*self._died.values(), *found.faults),
            core_load=load,
            inner_s=max(0.0, sum(self._inner_s.values())),
        )


def _inner_s(lanes: Iterable[SeenLane]) -> dict[int, float]:
    """Return what each worker's process has used beside its lanes so far, as BLAS threads do.

    This process is left out: it has threads for much else. So is one that is gone.
    """
    used: dict[int, float] = {}
    for lane in lanes:
        if lane.pid != os.getpid() and (process_s := process_cpu_s(lane.pid)):
            used.setdefault(lane.pid, process_s)
            used[lane.pid] -= thread_cpu_s(lane.pid, lane.thread_id)
    return used


def _lives(pid: int) -> bool:
    """Return whether a process is there; one that has ended and was not asked for is not."""
    _, fields = stat_of(f"/proc/{pid}")
    return bool(fields) and fields[0] != "Z"


def _remove_orphans() -> None:
    """Remove the folders of watches whose process was killed."""
    for folder in _folders():
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not _lives(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _folders() -> Iterator[Path]:
    for place in {IN_MEMORY, tempfile.gettempdir()}:
        yield from Path(place).glob(f"{_PREFIX}*")
