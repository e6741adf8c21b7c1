"""Functions and inputs on their way to a runner: what a notebook defined travels by value."""

from __future__ import annotations

import io
from types import FunctionType
from typing import Any, NamedTuple

import cloudpickle


class Parcel(NamedTuple):
    """A pickled value, and the names of the functions and classes that are in it by value."""

    data: bytes
    functions: tuple[str, ...]
    classes: tuple[str, ...]


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Notes which functions and classes it takes along because no name leads to them."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.functions: list[str] = []
        self.classes: list[str] = []

    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401 - any value and its reduction
        reduced = super().reducer_override(value)
        if reduced is not NotImplemented and getattr(value, "__module__", "builtins") != "builtins":
            if isinstance(value, FunctionType):
                self.functions.append(value.__name__)
            elif isinstance(value, type):
                self.classes.append(value.__name__)
        return reduced


def send(value: object) -> Parcel:
    """Pickle a value for another process.

    Raises
    ------
    Exception
        Of any kind, if something in the value cannot be pickled.
    """
    file = io.BytesIO()
    pickler = _Pickler(file)
    pickler.dump(value)
    return Parcel(file.getvalue(), tuple(pickler.functions), tuple(pickler.classes))
