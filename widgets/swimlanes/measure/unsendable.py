"""What cannot be sent to another process: what it is called, and what to do instead."""

from __future__ import annotations

import io
import tempfile
import threading
import types
import weakref
from collections.abc import Iterator
from mmap import mmap
from multiprocessing.queues import Queue, SimpleQueue
from multiprocessing.synchronize import Barrier, Condition
from typing import Any

from swimlanes.brief import shown
from swimlanes.sharing import recipe_of


def told(value: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return what a value is that cannot be sent, and what to do about it.

    Examples
    --------
    >>> told(n for n in range(3))
    ('a generator', 'Make a list of it, or make the generator in the function.')
    """
    for kinds, what, cure in _KINDS:
        if isinstance(value, kinds):
            return what, cure
    what = f"{shown(value)} (of type {type(value).__name__!r})"
    if isinstance(value, _FOR_CHILDREN):
        return what, _WITH_A_MANAGER
    if isinstance(value, _LOCKS) or recipe_of(value) is not None:
        return what, _IN_A_VARIABLE
    if any(each.__module__ in _CONNECTING for each in type(value).__mro__):
        return what, "Send its address or its name, and connect in the function."
    return what, ELSE


ELSE = "Make it in the function, from what can be sent: numbers, texts, lists and the like."
_KINDS: tuple[tuple[Any, str, str], ...] = (
    (
        io.IOBase | tempfile._TemporaryFileWrapper,
        "an open file",
        "Use its name instead, and open it in the function.",
    ),
    (
        types.GeneratorType,
        "a generator",
        "Make a list of it, or make the generator in the function.",
    ),
    (Iterator, "an iterator", "Make a list of it, or make the iterator in the function."),
    (
        types.CoroutineType | types.AsyncGeneratorType,
        "what an `async` function returns",
        "Call that function in the task, with `asyncio.run`.",
    ),
    (
        types.TracebackType | types.FrameType,
        "a part of a traceback",
        "Send the text of the traceback: `traceback.format_exc()`.",
    ),
    (
        mmap,
        "mapped memory",
        "Use `multiprocessing.shared_memory.SharedMemory` instead, and send its name.",
    ),
    (weakref.ReferenceType, "a weak reference", "Send the object that it refers to."),
    (types.ModuleType, "a module", "Import it in the function."),
)
_CONNECTING = ("socket", "sqlite3", "ssl")
_FOR_CHILDREN = (Queue, SimpleQueue, Condition, Barrier)
_WITH_A_MANAGER = (
    "Forked workers of a plain pool inherit such a thing, but the workers of a run do not: make it "
    "with a `multiprocessing.Manager`, whose locks, queues and values can be sent."
)
_LOCKS = (
    type(threading.Lock()),
    type(threading.RLock()),
    threading.local,
    threading.Condition,
    threading.Event,
    threading.Semaphore,
)
_IN_A_VARIABLE = "It cannot be an input. Keep it in a variable that the function uses."
