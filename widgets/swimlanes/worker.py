"""What runs in a worker: get ready, then run one task after another and record it."""

from __future__ import annotations

import pickle
import reprlib
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from swimlanes import sheet
from swimlanes.travel import pack, unpack


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
        return pack(_worker.writer.record(task, _worker.function, unpack(value)))
    except Exception as error:
        raise _failure(task, value, error) from None


def run_numbered_task(item: tuple[int, Any]) -> tuple[int, Any]:
    """Run one task and return its number as well, for results that come in any order."""
    return item[0], run_task(item)


def last_line(error: BaseException) -> str:
    """Return the kind of an error and its message, on one line."""
    return "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]


def _raiser(error: Exception) -> Callable[[Any], Any]:
    def fail(_: object) -> NoReturn:
        raise error

    return fail


def _failure(task: int, value: object, error: Exception) -> TaskFailure:
    # The first two frames are ours: run_task and record.
    frames = traceback.extract_tb(error.__traceback__)[2:]
    return TaskFailure(
        task=task,
        input=reprlib.repr(unpack(value)),
        error=last_line(error),
        frames=tuple((frame.filename, frame.lineno or 0, frame.name) for frame in frames),
    )
