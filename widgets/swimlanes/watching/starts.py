"""Whoever starts a worker while something is watched: its queues are replaced by ones that note.

Two methods are replaced, for as long as the block lasts: ``Process.start`` and ``Thread.start``.
All pools and executors start their workers by them.
"""

from __future__ import annotations

import itertools
import os
import sys
import sysconfig
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import process, util
from typing import Any

from swimlanes.watching.log import LaneWriter
from swimlanes.watching.queues import Given, Place, Taken

_LOOPS = {
    ("multiprocessing.pool", "worker"): "Pool",
    ("concurrent.futures.process", "_process_worker"): "ProcessPoolExecutor",
    ("concurrent.futures.thread", "_worker"): "ThreadPoolExecutor",
    ("joblib.externals.loky.process_executor", "_process_worker"): "loky",
}
"""What a worker runs, by module and name, and what its pool is called."""


class _Watch:
    """What is replaced in this process, and the pools that it has."""

    def __init__(self) -> None:
        self.folder = ""
        self.originals: dict[type, Callable[..., Any]] = {}
        self.pools: dict[int, tuple[object, Place]] = {}
        self.numbers = itertools.count(1)
        util.register_after_fork(self, _begin_bare_process)

    def named(self, kind: str) -> Place:
        """Return the place of a new pool, or of a bare process or thread, and tell of it."""
        place = Place(self.folder, f"{kind}-{os.getpid()}-{next(self.numbers)}").asked_now()
        place.tell("pool", kind=kind)
        return place

    def place_of(self, queue: object, kind: str) -> Place:
        """Return the place of the pool whose workers share a queue."""
        if id(queue) not in self.pools:
            self.pools[id(queue)] = queue, self.named(kind)  # kept: nothing else gets its id
        return self.pools[id(queue)][1]


def watch_starts(folder: str) -> None:
    """Have workers that are started from now on write into a folder."""
    _watch.folder = folder
    if not _watch.originals:
        for kind, start in (
            (process.BaseProcess, _start_process),
            (threading.Thread, _start_thread),
        ):
            _watch.originals[kind] = kind.start
            setattr(kind, "start", start)  # noqa: B010 - a method, which may not be assigned


def forget_starts() -> None:
    """Leave workers that are started from now on as they are."""
    for kind, start in _watch.originals.items():
        kind.start = start  # type: ignore[attr-defined]
    _watch.originals.clear()
    _watch.pools.clear()


def _start_process(self: Any) -> None:  # noqa: ANN401
    place = _place_in_pool(self)
    if place is None and _is_own(sys._getframe(1)):
        place = _watch.named("Process")
        self._swimlanes = _Bare(place)
    _watch.originals[process.BaseProcess](self)
    if place is not None:
        _note_end(self._popen, place)


def _note_end(popen: Any, place: Place) -> None:  # noqa: ANN401
    """Have it written down when a process has ended: who is terminated cannot do so itself."""

    def poll(*args: Any, **kwargs: Any) -> int | None:  # noqa: ANN401
        code: int | None = type(popen).poll(popen, *args, **kwargs)
        if code is not None and vars(popen).pop("poll", None) is not None:
            place.tell("gone", of=popen.pid)
        return code

    popen.poll = poll


def _start_thread(self: Any) -> None:  # noqa: ANN401
    if _place_in_pool(self) is None and _is_own(sys._getframe(1)):
        # Around what tells of errors, so that no traceback has a line of ours.
        self._bootstrap_inner = partial(_Bare(_watch.named("Thread")).around, self._bootstrap_inner)
    _watch.originals[threading.Thread](self)


def _place_in_pool(worker: Any) -> Place | None:  # noqa: ANN401
    """Return the place of a pool's worker, whose queues are replaced; None for others."""
    target = getattr(worker, "_target", None)
    kind = _LOOPS.get((getattr(target, "__module__", ""), getattr(target, "__name__", "")))
    if kind is None:
        return None
    args = list(worker._args)
    own, *others = (at for at, queue in enumerate(args) if _is_queue(queue))
    if isinstance(worker, threading.Thread):
        kind = "ThreadPool" if kind == "Pool" else type(args[0]()).__name__
    place = _watch.place_of(args[own], kind).asked_now(_started_by("_handle_workers"))
    taken = Taken(args[own], place)
    args[own] = taken
    if others:
        args[others[0]] = Given(args[others[0]], taken)
    worker._args = tuple(args)
    return place


def _started_by(name: str) -> bool:
    """Return whether this thread runs a function of that name, as the helpers of a `Pool` do."""
    target = getattr(threading.current_thread(), "_target", None)
    return getattr(target, "__name__", "") == name


def _is_queue(value: object) -> bool:
    return hasattr(value, "get") and hasattr(value, "put")


_NOT_OWN = (
    *(sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")),
    os.path.dirname(os.path.dirname(__file__)),
    "<frozen",
)


def _is_own(frame: Any) -> bool:  # noqa: ANN401
    """Return whether a frame runs the participant's code, and no package's."""
    return not frame.f_code.co_filename.startswith(_NOT_OWN)


class _Bare:
    """A process or a thread that is in no pool: what it does is one call."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._lane: LaneWriter | None = None

    def __reduce__(self) -> tuple[Callable[..., _Bare], tuple[Place]]:
        """Travel to a spawned process."""
        return _arrive, (self._place,)

    def begin(self) -> None:
        """Note that it begins, in the process itself; the end is noted when that ends."""
        if self._lane is None:
            self._lane = LaneWriter(*self._place)
            self._lane.step(0, 0)
        util.Finalize(None, self._lane.close, exitpriority=1000)

    def around(self, inner: Callable[[], None]) -> None:
        """Note when a thread begins and ends."""
        lane = LaneWriter(*self._place)
        lane.step(0, 0)
        try:
            inner()
        finally:
            lane.close()


def _arrive(place: Place) -> _Bare:
    """Begin in a spawned process, which does nothing after its fork; a fork server's does."""
    watch_starts(place.folder)
    bare = _Bare(place)
    bare.begin()
    return bare


def _begin_bare_process(_: _Watch) -> None:
    """Begin in a forked process, where what was to be done at its end has just been dropped."""
    bare = process.current_process().__dict__.get("_swimlanes")
    if bare is not None:
        bare.begin()


_watch = _Watch()
