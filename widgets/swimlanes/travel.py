"""How values travel between processes: by pickle, and by value where pickle knows no name."""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Packed:
    """A value whose class was defined in a notebook, so that plain pickle cannot name it."""

    data: bytes


def pack(value: Any) -> Any:  # noqa: ANN401 - a value is anything
    """Return the value, in a parcel if its class is the notebook's own."""
    if type(value).__module__ != "__main__":
        return value
    import cloudpickle

    return Packed(cloudpickle.dumps(value))


def unpack(value: Any) -> Any:  # noqa: ANN401 - a value is anything
    """Return the value, out of its parcel if it has one."""
    return pickle.loads(value.data) if isinstance(value, Packed) else value


def digest(results: Iterable[bytes]) -> str:
    """Return a SHA-256 of pickled results that depends on their values alone.

    A result that travelled from another process has lost what it shared with others, which its
    pickle would show. So every one is sent on the same journey here.
    """
    total = hashlib.sha256()
    for result in results:
        total.update(_canonical(pickle.loads(result)))
    return total.hexdigest()


def _canonical(value: Any) -> bytes:  # noqa: ANN401 - a value is anything
    if not isinstance(value, Packed):
        return pickle.dumps(value)
    # The class itself pickles differently in each process; its name and the state do not.
    value = unpack(value)
    _, arguments, *state = value.__reduce_ex__(4)
    return pickle.dumps((type(value).__qualname__, arguments[1:], state[:1]))


def interpreter() -> str:
    """Return the name of this Python, such as ``CPython 3.13.5 free-threaded``."""
    from platform import python_implementation, python_version

    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return f"{python_implementation()} {python_version()}{'' if gil else ' free-threaded'}"
