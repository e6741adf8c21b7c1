"""How values travel between processes: by pickle, and by value where pickle knows no name.

Marks beside a value note when it is pickled and unpickled.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import sys
from collections.abc import Iterable
from time import monotonic_ns
from types import FunctionType
from typing import Any, NamedTuple

from swimlanes import sheet


class Packed(NamedTuple):
    """A value that brings its class along, because no other process knows the class's name."""

    data: bytes


class Payload(NamedTuple):
    """What a worker loads: pickled, but for the objects that it shares with others.

    On the way to the runner ``shared`` holds recipes, from there on the objects themselves.
    """

    data: bytes
    shared: tuple[Any, ...] = ()

    def made(self, context: Any) -> Payload:  # noqa: ANN401
        """Return it with new objects in the place of recipes, see `swimlanes.sharing`."""
        return self._replace(shared=tuple(recipe.make(context) for recipe in self.shared))

    def load(self) -> Any:  # noqa: ANN401 - a payload is anything
        """Return what was pickled."""
        return _Loader(self).load()


class _Loader(pickle.Unpickler):
    def __init__(self, payload: Payload) -> None:
        super().__init__(io.BytesIO(payload.data))
        self._shared = payload.shared

    def persistent_load(self, place: int) -> Any:  # noqa: ANN401
        return self._shared[place]


def pack(value: Any, always: bool = False) -> Any:  # noqa: ANN401 - a value is anything
    """Return the value, in a parcel if its class is the notebook's own, or `always`."""
    own = always or type(value).__module__ == "__main__"
    if not own or isinstance(value, Packed):
        return value
    import cloudpickle

    return Packed(cloudpickle.dumps(value))


def unpack(value: Any) -> Any:  # noqa: ANN401 - a value is anything
    """Return the value, out of its parcel if it has one."""
    return pickle.loads(value.data) if isinstance(value, Packed) else value


_words: memoryview | None = None
"""The sheet of the run in which this process takes part."""


def write_marks_to(words: memoryview) -> None:
    """Have all marks of this process write to a sheet; `words` are those of `sheet.map_words`.

    A pool pickles and unpickles deep inside. A mark before and a mark behind a value are pickled
    and unpickled with it, in this order, and each writes the moment into the task's slot on the
    sheet. So the clocks stand where the work is done, and nothing is copied or done twice.
    """
    global _words
    _words = words


class Marked(NamedTuple):
    """A value between its marks; what has travelled has none any more."""

    before: _Mark | None
    value: Any
    behind: _Mark | None

    def __repr__(self) -> str:
        """Look like the value, in messages that a pool makes."""
        return repr(self.value)


def mark_input(task: int, value: object) -> Marked:
    """Return the input of a task with its marks."""
    return _mark(task, sheet.INPUT_TRIP, value)


def mark_result(task: int, value: object) -> Marked:
    """Return the result of a task with its marks."""
    return _mark(task, sheet.RESULT_TRIP, value)


def _mark(task: int, trip: int, value: object) -> Marked:
    start = sheet.slot_at(task) + trip
    return Marked(_Mark(start), value, _Mark(start + 1))


class _Mark:
    """Notes when it is pickled in a word of the sheet, and when it is unpickled two words on."""

    __slots__ = ("_word",)

    def __init__(self, word: int) -> None:
        self._word = word

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        _note(self._word)
        return _note, (self._word + 2,)


def _note(word: int) -> None:
    if _words is not None:
        _words[word] = monotonic_ns()


def digest_of_values(values: Iterable[Any]) -> str:
    """Return a SHA-256 of values that have come out of a pickle."""
    import hashlib  # slow to import, and not needed in a runner

    total = hashlib.sha256()
    for value in values:
        total.update(canonical(value))
    return total.hexdigest()


def canonical(value: Any) -> bytes:  # noqa: ANN401 - a value is anything
    """Return a pickle that is the same for equal sets and for classes of the same name."""
    with contextlib.suppress(Exception):
        data = pickle.dumps(value)
        if pickle.EMPTY_SET not in data and pickle.FROZENSET not in data:
            return data
    file = io.BytesIO()
    _Comparing(file).dump(value)
    return file.getvalue()


class _Comparing(pickle.Pickler):
    """Pickles for comparison only, slowly: with sets in order, and own classes by name alone.

    The order of a set depends on the process that made it, and so does a class sent by value.
    """

    def persistent_id(self, value: Any) -> Any:  # noqa: ANN401 - what stands for any value
        if isinstance(value, set | frozenset):
            return type(value).__name__, sorted(map(canonical, value))
        if isinstance(value, type | FunctionType) and _is_own(value):
            return value.__qualname__
        return None


def _is_own(value: type | FunctionType) -> bool:
    return value.__module__ == "__main__" or "<" in value.__qualname__  # <locals>, <lambda>


def interpreter() -> str:
    """Return the name of this Python, such as ``CPython 3.13.5 free-threaded``."""
    name = sys.implementation.name.replace("cpython", "CPython")
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return f"{name} {sys.version.split()[0]}{'' if gil else ' free-threaded'}"
