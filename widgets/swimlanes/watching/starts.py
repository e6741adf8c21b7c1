"""Starts of workers while something is watched: their queues are replaced by ones that take notes.

Two methods are replaced, for as long as the block lasts: ``Process.start`` and ``Thread.start``.
All pools and executors start their workers with them. A replaced method may outlive the block if a
program keeps it. Then it does the same as the original.
"""

from __future__ import annotations

import itertools
import os
import sys
import sysconfig
import threading
from collections.abc import Callable
from functools import lru_cache, partial, wraps
from multiprocessing import process, util
from types import MethodType
from typing import Any
from weakref import WeakKeyDictionary

import swimlanes
from swimlanes.watching.log import LaneWriter
from swimlanes.watching.queues import Given, Place, Taken, name_of

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
        self.replaced: dict[Any, Callable[..., None]] = {}
        # By the queue their workers share. Not kept for it: it has files, which its pool closes.
        self.pools: WeakKeyDictionary[object, Place] = WeakKeyDictionary()
        self.numbers = itertools.count(1)
        util.register_after_fork(self, _begin_bare_process)

    def named(self, kind: str) -> Place:
        """Return the place of a new pool, or of a bare process or thread, and tell of it."""
        # Not by its kind, which a participant may have named: it becomes the name of files.
        place = Place(self.folder, f"{os.getpid()}-{next(self.numbers)}").asked_now()
        place.tell("pool", kind=kind)
        return place

    def place_of(self, queue: object, kind: str) -> Place:
        """Return the place of the pool whose workers share a queue."""
        if queue not in self.pools:
            self.pools[queue] = self.named(kind)
        return self.pools[queue]


def watch_starts(folder: str) -> None:
    """Have workers that are started from now on write into a folder."""
    _watch.folder = folder
    if not _watch.replaced:
        _replace_start(process.BaseProcess, _start_process)
        _replace_start(threading.Thread, _start_thread)


def forget_starts() -> None:
    """Leave workers that are started from now on as they are."""
    for kind, start in _watch.replaced.items():
        if kind.start is start:  # else the program has put its own in place of it
            kind.start = start.__wrapped__
    _watch.replaced.clear()
    _watch.pools.clear()


def _replace_start(kind: Any, watched: Callable[[Any, Callable[..., None], bool], None]) -> None:  # noqa: ANN401
    original = kind.start

    @wraps(original)
    def start(self: Any) -> None:  # noqa: ANN401
        if _watch.replaced.get(kind) is start:
            watched(self, original, _is_own_caller())
        else:
            original(self)

    kind.start = _watch.replaced[kind] = start


def _start_process(self: Any, start: Callable[..., None], own: bool) -> None:  # noqa: ANN401
    found = _found_by_new_processes(tuple(sys.path))
    if found != swimlanes.__file__:  # it could not even begin, and its pool would wait for ever
        _watch.named("Process").tell("hidden", found=found)
        start(self)
        return
    place = _place_in_pool(self)
    if place is None and own:
        place = _watch.named("Process")
        self._swimlanes = _Bare(place)
    start(self)
    if place is not None:
        _note_end(self._popen, place)


@lru_cache(1)
def _found_by_new_processes(_: tuple[str, ...]) -> str | None:
    """Return the file that a process with the same path imports as this package, if any."""
    specs = (finder.find_spec("swimlanes", None) for finder in sys.meta_path)
    spec = next(filter(None, specs), None)
    return None if spec is None else spec.origin


def _note_end(popen: Any, place: Place) -> None:  # noqa: ANN401
    """Note when a process has ended: a process that was terminated cannot note it itself."""

    def poll(*args: Any, **kwargs: Any) -> int | None:  # noqa: ANN401
        code: int | None = type(popen).poll(popen, *args, **kwargs)
        if code is not None and vars(popen).pop("poll", None) is not None:
            place.tell("gone", of=popen.pid, code=code)
        return code

    popen.poll = poll


def _start_thread(self: Any, start: Callable[..., None], own: bool) -> None:  # noqa: ANN401
    if _place_in_pool(self) is None and own:
        # Around what tells of errors, so that no traceback has a line of ours.
        self._bootstrap_inner = partial(_Bare(_watch.named("Thread")).around, self._bootstrap_inner)
    start(self)


def _place_in_pool(worker: Any) -> Place | None:  # noqa: ANN401
    """Return the place of a pool's worker, whose queues are replaced; None for others."""
    kind = _LOOPS.get(name_of(getattr(worker, "_target", None)))
    if kind is None:
        return None
    args = list(worker._args)
    # One after the other: behind its queues a worker has an initializer, which may be anything.
    queues = (at for at, queue in enumerate(args) if _is_queue(queue))
    own = next(queues)
    gives = None if kind == "ThreadPoolExecutor" else next(queues)
    if isinstance(worker, threading.Thread):
        kind = "ThreadPool" if kind == "Pool" else type(args[0]()).__name__
    place = _watch.place_of(args[own], kind).asked_now(_started_by("_handle_workers"))
    taken = Taken(args[own], place)
    args[own] = taken
    if gives is not None:
        args[gives] = Given(args[gives], taken)
    worker._args = tuple(args)
    return place


def _started_by(name: str) -> bool:
    """Return whether this thread runs a function of that name, as the helpers of a `Pool` do."""
    target = getattr(threading.current_thread(), "_target", None)
    function = target.__func__ if isinstance(target, MethodType) else None
    return name_of(function) == ("multiprocessing.pool", name)


def _is_queue(value: object) -> bool:
    return hasattr(value, "get") and hasattr(value, "put")


_NOT_OWN = (
    *(sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")),
    os.path.dirname(os.path.dirname(__file__)),
    "<frozen",
)


def _is_own_caller() -> bool:
    """Return whether the caller was called by the participant's code, and not by a package's."""
    try:
        caller = sys._getframe(2)
    except ValueError:  # as a thread of its own, or at the end of Python
        return True
    return not caller.f_code.co_filename.startswith(_NOT_OWN)


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
            self._lane.step()
        util.Finalize(None, self._lane.close, exitpriority=1000)

    def around(self, inner: Callable[[], None]) -> None:
        """Note when a thread begins and ends."""
        # A thread that held a method of its own would outlive its last user.
        vars(inner.__self__).pop("_bootstrap_inner", None)  # type: ignore[attr-defined]
        lane = LaneWriter(*self._place)
        lane.step()
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
