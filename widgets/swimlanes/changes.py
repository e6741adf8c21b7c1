"""What a task changes besides returning a value: its input, or variables of its function.

Tasks of a run work on copies. Only what came by value is looked at, and only plain data and objects
of the participant's own classes. Other things, such as the state of a random generator or the
memory of a cache, may change.
"""

from __future__ import annotations

import os
import pickle
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType, MethodType
from typing import Any

FILE = "changes"
"""In the run's folder: a line for each name."""
FORKED = "forked"
"""In the run's folder, if a child that a task forked came back from the function."""
INPUT = "its input"
MOST_BYTES = 1 << 16
"""Larger values are not looked at, and so cost no time."""
MOST_ARRAY_BYTES = 1 << 20

Sketches = dict[str, object]


def sketches(function: Callable[[Any], Any], value: Any) -> Sketches:  # noqa: ANN401
    """Return what the input and the variables of a function look like, by name.

    What cannot be looked at looks like None.
    """
    parts = dict(_variables(function)) | {INPUT: value}
    return {name: _sketch(part) for name, part in parts.items()}


def tell(before: Sketches, after: Sketches, folder: str) -> None:
    """Note in the run's folder the names of what does not look as before."""
    changed = [name for name, sketch in before.items() if sketch != after.get(name)]
    if changed:
        with open(os.path.join(folder, FILE), "a") as file:
            file.write("".join(f"{name}\n" for name in changed))


def told(folder: str) -> list[str]:
    """Return the names that were noted, each once."""
    try:
        with open(os.path.join(folder, FILE)) as file:
            return list(dict.fromkeys(file.read().splitlines()))
    except OSError:
        return []


def _variables(function: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield the variables that came with a function."""
    while True:
        if isinstance(function, MethodType):
            yield "self", function.__self__
            function = function.__func__
        elif isinstance(function, partial):
            function = function.func
        elif isinstance(function, FunctionType) or not hasattr(function, "__wrapped__"):
            break
        else:
            function = function.__wrapped__
    if isinstance(function, FunctionType) and _came_by_value(function):
        yield from function.__globals__.items()
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        yield from ((name, cell.cell_contents) for name, cell in cells)
    elif type(function).__module__ == "__main__":
        yield "self", function


def _came_by_value(function: FunctionType) -> bool:
    module = sys.modules.get(function.__module__ or "")
    return module is None or vars(module) is not function.__globals__


def _sketch(value: Any) -> object:  # noqa: ANN401
    file = _Bounded()
    try:
        _Sketcher(file).dump(value)
    except Exception:
        return None
    return file.parts


class _Bounded:
    """A file that takes no more than so many bytes."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.parts.append(bytes(data[: MOST_BYTES + 1]))
        if sum(map(len, self.parts)) > MOST_BYTES:
            raise ValueError("too large")


class _Sketcher(pickle.Pickler):
    """Pickles what is of a plain kind, and of anything else the kind alone."""

    def persistent_id(self, value: Any) -> object:  # noqa: ANN401
        kind = type(value)
        if kind in _PLAIN or kind.__module__ == "collections":
            return None
        if kind.__module__ == "numpy" and kind.__name__ == "ndarray":
            return "array", zlib.crc32(value) if value.nbytes <= MOST_ARRAY_BYTES else 0
        return None if _is_own(kind) else kind.__qualname__


_PLAIN = {
    type(None), bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset,
}  # fmt: skip


_HOOKS = ("__reduce__", "__reduce_ex__", "__getstate__")


def _is_own(kind: type) -> bool:
    """Return whether a class is the participant's, and pickles without asking code of theirs."""
    return kind.__module__ == "__main__" and all(
        getattr(kind, name, None) is getattr(object, name, None) for name in _HOOKS
    )
