"""What runs in a worker: get ready, then run one task after another and record it."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple, NoReturn, Protocol

from swimlanes import changes, heritage, sheet
from swimlanes.brief import cut, shown
from swimlanes.travel import Payload, mark_result, pack, unpack, write_marks_to

MOST_READ = 10_000
"""Of an error's message no more than this is looked at, characters."""
Frames = tuple[tuple[str, int, str], ...]
"""Of each frame the file, the line and the function."""


class TaskFailure(Exception):
    """A task raised; told in strings only, so that it travels through any pool.

    ``frames`` are the participant's own, or the last one if there is none. Without a task it was
    a call of the warm-up.
    """

    def __init__(self, task: int | None, input: str, error: str, frames: Frames) -> None:
        super().__init__(task, input, error, frames)
        self.task, self.input, self.error, self.frames = task, input, error, frames


class NotLoaded(Exception):
    """The function, or what it needs, could not be loaded where the tasks run."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Unsendable(Exception):
    """A result cannot travel between processes; the task is not always known."""

    def __init__(self, task: int | None, value: str, reason: str) -> None:
        super().__init__(task, value, reason)
        self.task, self.value, self.reason = task, value, reason


class Unloadable(Exception):
    """What has travelled, an input or a result, cannot be put together where it came to."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what, self.reason = what, reason


class InitializerFailure(Exception):
    """The initializer raised; told in strings only, as in `TaskFailure`."""

    def __init__(self, error: str, frames: Frames) -> None:
        super().__init__(error, frames)
        self.error, self.frames = error, frames


class Initialized(NamedTuple):
    """What tasks call, and what each worker calls first. Both travel in one pickle."""

    function: Callable[[Any], Any]
    initializer: Callable[..., object]
    initargs: tuple[Any, ...]

    def __call__(self, value: Any) -> Any:  # noqa: ANN401
        """Return what the function returns."""
        return self.function(value)


class Recorder(Protocol):
    """Calls a function and notes what it took."""

    def record(self, task: int, function: Callable[[Any], Any], value: Any) -> Any:  # noqa: ANN401
        """Return ``function(value)``."""


class _Worker(NamedTuple):
    """What a worker keeps between tasks."""

    function: Callable[[Any], Any]
    packs: bool
    recorder: Recorder
    marked: bool = False


# By thread. Not a threading.local, which a subinterpreter forgets between two calls.
_workers: dict[int, _Worker] = {}


FAILED = ".failed"
"""Ending of the file beside the sheet in which an initializer that raised is told."""
BEGUN = ".begun"
"""The same for one that goes on; the moment of its beginning follows, ns, and its thread."""
_started: Callable[[Any], Any] | None = None
"""What tasks call in a process that has called the initializer for all its workers."""
_function: Callable[[Any], Any] | None = None
_loading = threading.Lock()
_folder = ""
"""The run's folder, in a worker that has one."""
_to_watch: list[str] = []
"""The run's folder, until the first task of this process has been watched for what it changes."""


def prepare_worker(
    path: str, tasks_count: int, function: Payload, packs: bool, marked: bool, tracker: str
) -> None:
    """Get a worker ready: load the function, call the initializer, report on the sheet.

    With `packs`, results go into parcels, because the notebook's own classes may be in them. With
    `marked`, inputs come and results go with marks, which time their pickling. For the tracker see
    `swimlanes.heritage.share_memory_with`.
    """
    global _folder
    call = _prepared(function, tracker, path)
    _folder = os.path.dirname(path)
    _to_watch[:] = [_folder]
    writer = sheet.SheetWriter(path, tasks_count)
    write_marks_to(writer.words)
    become_worker(call, packs, writer, marked)


def _prepared(function: Payload, tracker: str, path: str = "") -> Callable[[Any], Any]:
    """Make this process like a plain pool's worker; return what tasks call in it."""
    _show_lines_whole()
    heritage.share_memory_with(tracker)
    return _started or initialized(load_once(function), path)


def become_worker(
    function: Callable[[Any], Any], packs: bool, recorder: Recorder, marked: bool = False
) -> None:
    """Make the calling thread a worker, for `run_task`."""
    _workers[threading.get_ident()] = _Worker(function, packs, recorder, marked)


def start_process(path: str, function: Payload, tracker: str) -> None:
    """Call the initializer here, once for all the workers that this process will have."""
    global _started
    _started = _prepared(function, tracker, path)


def initialized(call: Callable[[Any], Any], path: str = "") -> Callable[[Any], Any]:
    """Call the initializer, if there is one, and return what tasks call.

    If it raises, tasks raise that, too: a worker that ended would be replaced for ever. Files
    beside the sheet at `path`, if one is given, tell of an initializer that goes on, or has raised.
    """
    if not isinstance(call, Initialized):
        return call
    try:
        with _noted(path) if path else contextlib.nullcontext():
            call.initializer(*call.initargs)
    except BaseException as error:
        failure = InitializerFailure(in_one_line(error), _own_frames(error, ours=1))
        if path:
            _tell_the_guard(failure, path)
        return _raiser(failure)
    return call.function


@contextlib.contextmanager
def _noted(path: str) -> Iterator[None]:
    """Have a file say meanwhile that the initializer goes on."""
    begun = f"{path}{BEGUN}.{time.monotonic_ns()}.{threading.get_native_id()}"
    with open(begun, "xb"):
        yield
    os.unlink(begun)


def _tell_the_guard(failure: InitializerFailure, path: str) -> None:
    draft = f"{path}.{threading.get_native_id()}"
    with open(draft, "wb") as file:
        pickle.dump(failure, file)
    os.rename(draft, path + FAILED)  # whole at once, for the guard may look at any moment


def own_function() -> Callable[[Any], Any]:
    """Return what tasks call in the calling thread, which is a worker."""
    worker = _workers.get(threading.get_ident())
    return _bare if worker is None else worker.function


def load_once(function: Payload) -> Callable[[Any], Any]:
    """Return the function that this process, or the one it was forked from, loads only once.

    So threads share what the function shares with itself: locks, lists, counters, caches.
    """
    global _function
    with _loading:
        if _function is None:
            _function = load(function)
    return _function


def load(function: Payload) -> Callable[[Any], Any]:
    """Return the function.

    An initializer that raises makes ``Pool`` replace its workers for ever. So a function that
    cannot be loaded raises when the first task calls it.
    """
    try:
        call: Callable[[Any], Any] = function.load()
    except (Exception, SystemExit) as error:
        return _raiser(NotLoaded(in_one_line(error)))
    return call


def run_task(item: tuple[int, Any]) -> Any:  # noqa: ANN401 - a task returns anything
    """Run one task and record it."""
    task, value = item
    worker = _workers[threading.get_ident()]
    if worker.marked:
        value = value.value
    try:
        given = unpack(value)
        watch = _watch(worker.function, given) if _to_watch else None
        result = worker.recorder.record(task, partial(_called, worker.function), given)
    except (InitializerFailure, NotLoaded):
        raise
    except BaseException as error:
        # Also SystemExit: it would end a pool's thread, and its task would never be done.
        raise failure(task, value, error, ours=3) from None  # run_task, record, _called
    if watch is not None:
        watch.end()
    keep_output()
    sent = send(task, result, worker.packs)
    return mark_result(task, sent) if worker.marked else sent


def _called(function: Callable[[Any], Any], value: Any) -> Any:  # noqa: ANN401
    """Return what a function returns, in the process that has called it and in no other."""
    pid = os.getpid()
    try:
        result = function(value)
    except BaseException as error:
        if os.getpid() != pid:
            _end_child(error)
        raise
    if os.getpid() != pid:
        _end_child()
    return result


def _end_child(error: BaseException | None = None) -> NoReturn:
    """End a process that a task has forked and that comes back from the function, as only one may.

    It would go on as the worker does, with the same pipes and the same slots.
    """
    keep_output()
    if isinstance(error, SystemExit):  # it ends itself, as in a plain worker
        os._exit(error.code if isinstance(error.code, int) else int(error.code is not None))
    with contextlib.suppress(OSError), open(os.path.join(_folder, changes.FORKED), "xb"):
        pass
    os._exit(int(error is not None))


class _Watch:
    """Looks at what a task may change, before and after it.

    Only the first task of a process is watched, so that the others do not pay for it.
    """

    def __init__(self, function: Callable[[Any], Any], given: Any, folder: str) -> None:  # noqa: ANN401
        self._folder = folder
        self._look = partial(changes.sketches, function, given)
        self._before = self._look()

    def end(self) -> None:
        """Tell what has changed."""
        changes.tell(self._before, self._look(), self._folder)


def _watch(function: Callable[[Any], Any], given: Any) -> _Watch | None:  # noqa: ANN401
    try:
        return _Watch(function, given, _to_watch.pop())
    except IndexError:  # another thread of this process was quicker
        return None


def run_numbered_task(item: tuple[int, Any]) -> tuple[int, Any]:
    """Run one task and return its number as well, for results that come in any order."""
    return item[0], run_task(item)


_bare: Callable[[Any], Any]
"""What bare tasks call in this process."""


def prepare_bare(function: Payload, packs: bool, tracker: str) -> None:
    """Get a worker ready for tasks that are not recorded."""
    global _bare
    call = _prepared(function, tracker)
    _bare = partial(_call_packed, call) if packs else call


def bare_function(travels: bool) -> Callable[[Any], Any]:
    """Return what a pool calls for bare tasks.

    Another process gets its own copy of the function in place of what is sent, so that its calls
    cost what they cost in plain code.
    """
    return _TheFunction() if travels else _bare


class _TheFunction:
    """Stands for the function on the way to a process that has it."""

    def __reduce__(self) -> tuple[Callable[[], Callable[[Any], Any]], tuple[()]]:
        return _get_bare, ()

    def __call__(self, value: object) -> NoReturn:
        """Look like a function, which some pools ask for."""
        raise NotImplementedError


def _get_bare() -> Callable[[Any], Any]:
    return _bare


def _call_packed(function: Callable[[Any], Any], value: object) -> object:
    return pack(function(unpack(value)))


def send(task: int, result: Any, packs: bool) -> Any:  # noqa: ANN401 - a task returns anything
    """Return the result as it travels."""
    try:
        return pack(result, packs)
    except Exception as error:
        raise Unsendable(task, shown(result), in_one_line(error)) from None


def in_one_line(error: BaseException) -> str:
    """Return the kind of an error and the first line of its message.

    A package that cannot be imported may answer with a page of advice; then the reason is told.
    """
    if isinstance(error, ImportError) and isinstance(error.__cause__, ImportError):
        error = error.__cause__
    # Notes, and the source of a syntax error, are told elsewhere.
    told = traceback.TracebackException(type(error), error, None, compact=True)
    lines = str(told)[:MOST_READ].strip().splitlines() or [""]
    kind = type(error).__qualname__
    if type(error).__module__ not in ("builtins", "__main__"):
        kind = f"{type(error).__module__}.{kind}"
    return cut(f"{kind}: {lines[0]}" if lines[0] else kind)


_c_holds_back = True
_IONBF = 2  # as in C: no buffer


def keep_output() -> None:
    """Let out what a task has printed and not ended with a line.

    A pool ends its workers without asking for what they still hold back. With nothing to let out,
    this takes about a tenth of a microsecond.
    """
    global _c_holds_back
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except Exception:  # a task may have closed or replaced them
        pass
    if _c_holds_back and "ctypes" in sys.modules:  # compiled code may print there
        _c_holds_back = False
        _let_c_print_at_once()


def _let_c_print_at_once() -> None:
    import ctypes

    with contextlib.suppress(Exception):
        library = ctypes.CDLL(None)
        library.fflush(None)
        library.setvbuf(ctypes.c_void_p.in_dll(library, "stdout"), None, _IONBF, 0)


def _show_lines_whole() -> None:
    """Let out every line that a task prints at once; lines of several workers would mix."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True, write_through=False)


def _raiser(error: NotLoaded | InitializerFailure) -> Callable[[Any], Any]:
    def fail(_: object) -> NoReturn:
        raise error

    return fail


def failure(task: int | None, value: object, error: BaseException, ours: int) -> TaskFailure:
    """Return the failure of a task; the first frames of its traceback are ours."""
    with contextlib.suppress(Exception):
        value = unpack(value)
    return TaskFailure(task, shown(value), in_one_line(error), _own_frames(error, ours))


def _own_frames(error: BaseException, ours: int) -> Frames:
    frames = tuple(
        (frame.filename, frame.lineno or 0, frame.name)
        for frame in traceback.extract_tb(error.__traceback__)[ours:]
    )
    not_yours = _not_yours()
    return tuple(frame for frame in frames if not frame[0].startswith(not_yours)) or frames[-1:]


def _not_yours() -> tuple[str, ...]:
    """Return where the files lie that no participant wrote, as this very Python sees them."""
    import sysconfig  # slow to import, and only needed when something has failed

    libraries = (sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib"))
    return (*libraries, os.path.dirname(__file__), "<frozen")
