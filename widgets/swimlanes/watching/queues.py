"""A watched worker's queues: they note when a call begins and ends, where its loop takes and gives.

Every pool has the same shape: its workers take items from a queue, call what is in them, and give
back what came of it. So nothing is put around the participant's function: no traceback, pickle or
name of it looks different. A call begins when its item has been taken, and ends when its result is
given. Where an item holds a batch, the batch notes each call as the pool's own loop asks for its
input.

Standard library only: this runs in other people's workers, on any interpreter. What only an error
needs is imported when there is one: every spawned worker would wait for it.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from multiprocessing.queues import SimpleQueue
from multiprocessing.reduction import ForkingPickler
from time import monotonic_ns
from types import FunctionType
from typing import Any, NamedTuple, NoReturn

from swimlanes.watching.log import (
    BYTES_IN,
    BYTES_OUT,
    CHUNKS,
    DUMP_NS,
    LOAD_NS,
    RUN_START,
    LaneWriter,
)

MOST_FAULTS = 20
"""More failed calls of a lane than this are not told one by one."""
_BATCHES = {("multiprocessing.pool", "mapstar"), ("multiprocessing.pool", "starmapstar")}
_CHUNKS = {
    ("concurrent.futures.process", "_process_chunk"),
    ("joblib.externals.loky.process_executor", "_process_chunk"),
}
"""Functions that call the participant's for each input of a batch, by module and name."""


class Place(NamedTuple):
    """Where a lane writes: the folder of the watch, and what `LaneWriter` is told of the worker."""

    folder: str
    pool: str
    asked_ns: int = 0
    succeeds: bool = False

    def asked_now(self, succeeds: bool = False) -> Place:
        """Return the place of a worker that is started now."""
        return self._replace(asked_ns=monotonic_ns(), succeeds=succeeds)

    def tell(self, what: str, **told: object) -> None:
        """Write down what has happened, for the process that watches."""
        import json

        now = monotonic_ns()
        name = f"{self.pool}.{os.getpid()}-{threading.get_native_id()}-{now}.{what}"
        path = os.path.join(self.folder, name)
        with contextlib.suppress(OSError):  # the watch may be over
            with open(f"{path}~", "x", encoding="utf-8", errors="backslashreplace") as file:
                json.dump({"pid": os.getpid(), "at_ns": now, **told}, file)
            os.rename(f"{path}~", path)


class Taken:
    """The calls that a worker takes, with what it takes them from.

    Parameters
    ----------
    queue : object
        The worker's own queue.
    place : Place
        Where its lane is.
    """

    def __init__(self, queue: Any, place: Place) -> None:  # noqa: ANN401 - any kind of queue
        self._queue = queue
        self._place = place
        self._lane: LaneWriter | None = None
        self._value: object = None
        self._of_arguments = False
        self._faults = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Be the queue otherwise; a pool closes ends that its workers do not need."""
        return getattr(self._queue, name)

    def __reduce__(self) -> tuple[Callable[..., Taken], tuple[Any, Place]]:
        """Travel to a spawned worker, where pools of its own are watched, too."""
        return _arrive, (self._queue, self._place)

    def get(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Take an item; its call begins, or will when the loop asks for its input."""
        return self._begun(partial(self._queue.get, *args, **kwargs))

    def get_nowait(self) -> Any:  # noqa: ANN401
        """Take an item if there is one."""
        return self._begun(self._queue.get_nowait)

    def end(self, error: BaseException | None = None) -> None:
        """Note that the call has ended, and what it raised; nothing if none went on."""
        value, self._value = self._value, None  # forgotten, as a plain worker does
        if self._lane is None:
            return
        start_ns = self._lane.words[RUN_START]
        self._lane.end()
        if start_ns and error is not None and self._faults < MOST_FAULTS:
            self._faults += 1
            value = _input(value) if self._of_arguments else value
            told = {"error": _in_one_line(error), "input": _shown(value)}
            self._place.tell("raised", start_ns=start_ns, **told)

    def gave(self, length: int, took_ns: int) -> None:
        """Note how large a result was, pickled, and how long that took."""
        if self._lane is not None:
            self._lane.words[BYTES_OUT] += length
            self._lane.words[DUMP_NS] += took_ns

    def _begun(self, take: Callable[[], Any]) -> Any:  # noqa: ANN401
        lane = self._lane
        if lane is None:
            lane = self._lane = LaneWriter(*self._place)
        lane.end()
        item = _shielded(partial(self._read, lane)) if _is_pipe(self._queue) else take()
        if item is None:
            lane.close()
            return None
        return _watched(item, self)

    def shielded(self, use: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Use a pool's pipe; an executor, which takes from no pipe, ends by a press on its own."""
        return _shielded(use) if _is_pipe(self._queue) else use()

    def _read(self, lane: LaneWriter) -> Any:  # noqa: ANN401
        """Take from a pipe, as `SimpleQueue.get` does, and note what it took to unpickle."""
        queue = self._queue
        with queue._rlock:
            data = queue._reader.recv_bytes()
        start = monotonic_ns()
        try:
            item = ForkingPickler.loads(data)
        except (AttributeError, ImportError):
            # A plain worker would end here, the next one too, and the pool would wait for ever.
            item = _Tolerant(io.BytesIO(data), self._place).load()
        lane.words[BYTES_IN] += len(data)
        lane.words[LOAD_NS] += monotonic_ns() - start
        return item

    def call(self, value: object) -> None:
        """Note that a call begins now."""
        assert self._lane is not None
        self._value, self._of_arguments = value, False
        self._lane.words[CHUNKS] += 1
        self._lane.step()

    def batch(self, values: Iterable[Any], *, of_arguments: bool = False) -> Iterator[Any]:
        """Yield the inputs of a batch; the pool's loop asks for the next when a call has ended."""
        assert self._lane is not None
        self._of_arguments = of_arguments
        self._lane.words[CHUNKS] += 1
        step, end = self._lane.step, self._lane.end
        for value in values:
            self._value = value
            step()
            yield value
        end()


def _is_pipe(queue: object) -> bool:
    """Return whether a queue is a pipe with locks, as those of `multiprocessing.Pool` are."""
    return isinstance(queue, SimpleQueue)


class Given:
    """What a worker gives back, on the way to its own queue."""

    def __init__(self, queue: Any, taken: Taken) -> None:  # noqa: ANN401 - any kind of queue
        self._queue = queue
        self._taken = taken

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Be the queue otherwise."""
        return getattr(self._queue, name)

    def __reduce__(self) -> tuple[type[Given], tuple[Any, Taken]]:
        """Travel to a spawned worker."""
        return Given, (self._queue, self._taken)

    def put(self, item: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Give back what came of a call."""
        self._taken.end(_error_in(item))
        if _is_pipe(self._queue):
            self._taken.shielded(partial(self._send, item))
        else:
            self._queue.put(item, *args, **kwargs)

    def _send(self, item: Any) -> None:  # noqa: ANN401
        """Send through a pipe, as `SimpleQueue.put` does, and note what it took to pickle."""
        queue = self._queue
        start = monotonic_ns()
        data = ForkingPickler.dumps(item)
        self._taken.gave(len(data), monotonic_ns() - start)
        with queue._wlock or contextlib.nullcontext():
            queue._writer.send_bytes(data)


def _shielded(use: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Use a queue while Ctrl-C, or a notebook's ■, does nothing to this process.

    The press reaches all workers. A worker that it wakes just as it gets the queue's lock would
    keep the lock and end. Then the process that interrupts the pool would wait for ever.
    """
    if threading.current_thread() is not threading.main_thread():
        return use()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return use()
    finally:
        if before is not None:  # else no handler of Python's
            signal.signal(signal.SIGINT, before)


def _error_in(item: Any) -> BaseException | None:  # noqa: ANN401
    """Return what a call raised, by the item that tells of it."""
    error = getattr(item, "exception", None)
    if isinstance(item, tuple) and len(item) == 3:
        ok, error = item[2]
        error = None if ok else error
    if type(error).__name__ in ("ExceptionWithTraceback", "_ExceptionWithTraceback"):
        error = getattr(error, "exc", None)
    return error if isinstance(error, BaseException) else None


def _in_one_line(error: BaseException) -> str:
    from swimlanes.worker import in_one_line

    try:
        return in_one_line(error)
    except BaseException:  # whatever its class does: a worker must not end by it
        return type(error).__qualname__


def _shown(value: object) -> str:
    from swimlanes.brief import shown

    try:
        return shown(value)
    except BaseException:
        return f"<{type(value).__name__} that cannot be shown>"


class _Item:
    """A call of an executor with threads."""

    def __init__(self, item: Any, taken: Taken) -> None:  # noqa: ANN401
        self._item, self._taken = item, taken

    def run(self, *context: Any) -> None:  # noqa: ANN401
        """Do it."""
        item = self._item
        self._taken.call(_input(getattr(item, "args", ())))
        item.run(*context)
        error = (
            item.future.exception() if item.future.done() and not item.future.cancelled() else None
        )
        self._taken.end(error)


def _watched(item: Any, taken: Taken) -> Any:  # noqa: ANN401
    """Return an item such that its calls are noted."""
    if hasattr(item, "run"):
        return _Item(item, taken)
    if isinstance(item, tuple):  # of a Pool
        job, number, function, args, kwargs = item
        if name_of(function) in _BATCHES:
            ((of_each, values),) = args
            return job, number, function, ((of_each, taken.batch(values)),), kwargs
        _note(function, args, taken)
        return item
    if type(item.fn) is partial and name_of(item.fn.func) in _CHUNKS:
        (values,) = item.args
        item.args = (taken.batch(values, of_arguments=True),)
        return item
    _note(item.fn, item.args, taken)
    return item


def _note(function: Any, args: tuple[Any, ...], taken: Taken) -> None:  # noqa: ANN401
    """Note the calls of joblib's batch, or a single call."""
    of_joblib = str(type(function).__module__).startswith("joblib.")
    batch = getattr(function, "_obj", function) if of_joblib else None  # as it travels
    if batch is not None and type(batch).__name__ == "BatchedCalls":
        batch.items = taken.batch(batch.items)
    else:
        taken.call(_input(args))


def _input(args: Any) -> Any:  # noqa: ANN401
    """Return what a call is given: its only argument, or all."""
    return args[0] if len(args) == 1 else args


def name_of(function: object) -> tuple[str, str]:
    """Return module and name of a function; of other objects none, for asking may do anything."""
    if type(function) is FunctionType:
        return function.__module__, function.__name__
    return "", ""


class _Tolerant(pickle.Unpickler):
    """Unpickles what a worker cannot find: it raises that when it is called."""

    def __init__(self, file: io.BytesIO, place: Place) -> None:
        super().__init__(file)
        self._place = place

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        try:
            return super().find_class(module, name)
        except (AttributeError, ImportError) as error:
            self._place.tell("lost", module=module, name=name, error=_in_one_line(error))
            return partial(_raise, error)


def _raise(error: Exception, *_: object, **__: object) -> NoReturn:
    raise error


def _arrive(queue: Any, place: Place) -> Taken:  # noqa: ANN401
    from swimlanes.watching import starts

    starts.watch_starts(place.folder)
    return Taken(queue, place)
