"""Functions and inputs on their way to a runner: what a notebook defined travels by value."""

from __future__ import annotations

import functools
import io
import sys
import threading
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, NamedTuple

import cloudpickle

from swimlanes.sharing import recipe_of
from swimlanes.travel import Payload

Reduced = tuple[Any, ...]


class Parcel(NamedTuple):
    """A pickled value, and the names of the functions and classes that are in it by value.

    ``shared`` are the objects in it that cannot be pickled, because processes share them.
    """

    data: bytes
    functions: tuple[str, ...]
    classes: tuple[str, ...]
    shared: tuple[Any, ...] = ()

    @property
    def payload(self) -> Payload:
        """What is sent to the runner."""
        return Payload(self.data, tuple(recipe_of(value) for value in self.shared))


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Notes which functions and classes it takes along because no name leads to them."""

    def __init__(self, file: io.IOBase) -> None:
        super().__init__(file)
        self.functions: list[str] = []
        self.classes: list[str] = []
        self.shared: list[Any] = []

    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401 - any value and its reduction
        reduced = _wrapped(value) or super().reducer_override(value)
        if reduced is not NotImplemented and getattr(value, "__module__", "builtins") != "builtins":
            if isinstance(value, FunctionType):
                self.functions.append(value.__name__)
            elif isinstance(value, type):
                self.classes.append(value.__name__)
        return reduced


class _FunctionPickler(_Pickler):
    """Besides, sends new locks for those of a function, and leaves out what processes share.

    A copy of a process has locks of its own; shared things are named by their place among all.
    """

    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401
        make = _MADE_ANEW.get(type(value))
        return (make, ()) if make else super().reducer_override(value)

    def persistent_id(self, value: Any) -> int | None:  # noqa: ANN401 - any value
        if recipe_of(value) is None:
            return None
        places = [place for place, known in enumerate(self.shared) if known is value]
        if not places:
            self.shared.append(value)
        return places[0] if places else len(self.shared) - 1


_MADE_ANEW: dict[type, Callable[[], object]] = {
    type(threading.Lock()): threading.Lock,
    type(threading.RLock()): threading.RLock,
    threading.local: threading.local,
}


def send(value: object) -> Parcel:
    """Pickle a value for another process; what cannot be pickled raises an error of any kind."""
    return _pickled(_Pickler, value)


def send_function(function: Callable[[Any], Any]) -> Parcel:
    """Pickle a function, with locks of its own and without what processes share; else as `send`."""
    return _pickled(_FunctionPickler, function)


def _pickled(kind: type[_Pickler], value: object) -> Parcel:
    file = io.BytesIO()
    pickler = kind(file)
    pickler.dump(value)
    named = tuple(pickler.functions), tuple(pickler.classes)
    return Parcel(file.getvalue(), *named, tuple(pickler.shared))


SIZED_FROM, MOST_SIZED = 65_536, 10_000
"""Below this size of all inputs together, and above this number of them, nobody looks again."""


def travelling_bytes(values: Sequence[Any], together: int) -> int:
    """Return how many bytes values have that are sent one by one.

    When they are sent `together`, what several of them share is in these bytes once, although it
    travels with each.
    """
    if together < SIZED_FROM or len(values) > MOST_SIZED:
        return together
    try:
        sizes = {key: _size(value) for key, value in {id(it): it for it in values}.items()}
    except Exception:  # what could be sent before the run is not so any more
        return together
    return sum(sizes[id(value)] for value in values)


def _size(value: object) -> int:
    sink = _Sink()
    _Pickler(sink).dump(value)
    return sink.bytes


class _Sink(io.RawIOBase):
    """Counts what is written, and keeps none of it."""

    bytes = 0

    def write(self, piece: Any) -> int:  # noqa: ANN401 - whatever holds bytes
        size = memoryview(piece).nbytes
        self.bytes += size
        return size


_Cached = type(functools.cache(len))
_DISPATCHING = functools.singledispatch(len).__code__  # type: ignore[attr-defined]


def _wrapped(value: Any) -> Reduced | None:  # noqa: ANN401 - any value
    """Return how to make a wrapper of `functools` anew, which no pickle can look into."""
    if isinstance(value, _Cached) and not _has_a_name(value):
        settings = value.cache_parameters()
        return _cached, (settings["maxsize"], settings["typed"], value.__wrapped__)
    if getattr(value, "__code__", None) is _DISPATCHING and not _has_a_name(value):
        return _dispatching, (tuple(value.registry.items()),)
    return None


def _has_a_name(value: Any) -> bool:  # noqa: ANN401 - a function of some kind
    """Return whether another process finds the value by its name."""
    module = getattr(value, "__module__", "__main__")
    found: Any = None if module == "__main__" else sys.modules.get(module)
    for part in getattr(value, "__qualname__", "").split("."):
        found = getattr(found, part, None)
    return found is value


def _cached(maxsize: int | None, typed: bool, function: Callable[..., Any]) -> object:
    return functools.lru_cache(maxsize, typed)(function)


def _dispatching(registry: tuple[tuple[type, Callable[..., Any]], ...]) -> object:
    functions = dict(registry)
    made = functools.singledispatch(functions.pop(object))
    for kind, function in functions.items():
        made.register(kind, function)
    return made
