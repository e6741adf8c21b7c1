"""What an answer counts as, in whichever way it is written, and what it is called in a sentence."""

from __future__ import annotations

import contextlib
import pickle
import re
import reprlib
import types
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from decimal import Decimal
from functools import partial
from multiprocessing.pool import AsyncResult
from numbers import Complex, Real
from typing import Any, NamedTuple

from swimlanes.records import Run

_SUM = re.compile(r"[-+*/ ().\de]*\d[-+*/ ().\de]*")
"""A number, or what Python computes to one."""
_WITH_COMMA = re.compile(r"([-+]?\d+),(\d{1,2})\s*[^\W\d_]*")
"""A number as many languages write it; with three digits behind it, a comma may mean thousands."""
_WITH_UNIT = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*[^\W\d_]+")

_SHORT = reprlib.Repr()
_SHORT.maxother = _SHORT.maxstring = 60


class Described(NamedTuple):
    """What is known of a value that cannot go from one process to another."""

    kind: str
    look: str


def number(value: object) -> float | None:
    """Return a number of any kind as float, None for anything else.

    Examples
    --------
    >>> from fractions import Fraction
    >>> number(Fraction(1, 2)), number(True), number("2")
    (0.5, None, None)
    """
    value = _single(value)
    if isinstance(value, Real | Decimal) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):
            return float(value)
    return None


def truth(value: object) -> bool | None:
    """Return a truth value of Python or NumPy, None for anything else."""
    value = _single(value)
    return value if isinstance(value, bool) else None


def word(value: object) -> str | None:
    """Return a text without what does not count in a word, None for anything else.

    Examples
    --------
    >>> word(" Free threaded "), word("free-threaded"), word(3)
    ('freethreaded', 'freethreaded', None)
    """
    return re.sub(r"[\s_-]", "", value).lower() if isinstance(value, str) else None


def sequence(value: object) -> list[Any] | None:
    """Return the items of a list, a tuple or an array, None for anything else."""
    if isinstance(value, list | tuple) and not isinstance(value, Described):
        return list(value)
    if _shape(value):
        return list(value)  # type: ignore[call-overload, no-any-return]
    return None


def travelling(value: object) -> object:
    """Return the value if it can go from one process to another, or else what is known of it."""
    try:
        pickle.dumps(value)
    except Exception:
        return Described(named(value), shown(value))
    return value


def named(value: object) -> str:
    """Return what a value is, as a sentence has it.

    Examples
    --------
    >>> named({1}), named("12.5 s"), named(2)
    ('a set', 'text', 'a number')
    """
    if isinstance(value, Described):
        return value.kind
    if value is None or value is ...:
        return "`None`" if value is None else "still `...`"
    if shape := _shape(value):
        return f"an array of shape {shape}"
    if truth(value) is not None:
        return "a truth value"
    if number(value) is not None:
        return "a number"
    if isinstance(value, type):
        return "a class"
    return next(
        (name for kinds, name in _NAMES if isinstance(value, kinds)),
        f"an object of the type {type(value).__name__.lstrip('_')}",
    )


def shown(value: object) -> str:
    """Return how an answer looks, shortened."""
    if isinstance(value, Described):
        return value.look
    if value is ...:
        return "still `...`"
    try:
        return re.sub(r"[\w.]+\.<locals>\.", "", _SHORT.repr(value))
    except Exception:  # a participant's class may do anything, and a number may be too long
        return f"of the type {type(value).__name__}"


def pictured(value: object) -> str:
    """Return what a value is and how it looks, if its look tells something.

    Examples
    --------
    >>> pictured({1}), pictured(abs), pictured("12.5 s")
    ('a set, `{1}`', 'a function', "text, `'12.5 s'`")
    """
    name = named(value)
    telling = name.startswith(
        ("a set", "a list", "a tuple", "a dict", "text", "a number", "a truth")
    )
    return f"{name}, `{shown(value).replace('`', chr(39))}`" if telling else name


def hint_on(value: object, wanted: str) -> str:
    """Return what makes of a value, in one step, the kind that is wanted; empty if unknown."""
    name = named(value)
    if isinstance(value, str):
        return _hint_on_text(value, wanted)
    if name == "a coroutine":
        return "Calling a function with `async` gives no result yet. Write one without `async`."
    if name == "a function":
        return "It is the function itself: a call has round brackets after the name."
    if name.startswith("a result that"):
        return "Its method `get` waits for the result."
    if wanted == "a list" and name in ("a generator", "an iterator"):
        return "`list(...)` around it makes a list."
    if wanted == "a number" and len(sequence(value) or ()) == 1:
        return "Use the one value that is in it."
    if wanted == "a number" and name in ("a set", "a list", "a tuple"):
        return "`len(...)` tells how many values are in it, and `sum(...)` adds them up."
    if wanted == "a number" and name in ("a generator", "an iterator"):
        return "`sum(...)` adds up what it gives."
    if wanted == "a number" and name.startswith("an array"):
        return "`np.sum` adds up what is in it."
    if wanted == "a truth value" and number(value) in (0, 1):
        return "Write `True` or `False`."
    return ""


def _hint_on_text(text: str, wanted: str) -> str:
    bare = text.strip()
    if wanted == "a truth value" and bare.lower() in ("true", "false"):
        return f"Write `{bare.capitalize()}` without quotes."
    if wanted == "a number" and _SUM.fullmatch(bare):
        return f"Write `{bare}` without quotes."
    if wanted == "a number" and (found := _WITH_COMMA.fullmatch(bare)):
        return f"Write a point in place of the comma, and no quotes: `{found[1]}.{found[2]}`."
    if wanted == "a number" and (found := _WITH_UNIT.fullmatch(bare)):
        return f"Write the number alone, without a unit and without quotes: `{found[1]}`."
    if wanted == "a run" and bare.startswith("run("):
        return "Write the call without quotes around it."
    return ""


def _single(value: object) -> object:
    """Return the value within a NumPy number or an array without dimensions."""
    if getattr(type(value), "__module__", "").partition(".")[0] == "numpy":
        item = getattr(value, "item", None)
        if callable(item) and getattr(value, "shape", None) == ():
            return item()
    return value


def _shape(value: object) -> tuple[int, ...]:
    """Return the shape of a NumPy array with dimensions, else an empty one."""
    if getattr(type(value), "__module__", "").partition(".")[0] != "numpy":
        return ()
    shape = getattr(value, "shape", ())
    return shape if isinstance(shape, tuple) else ()


_NAMES: Sequence[tuple[Any, str]] = (
    (str, "text"),
    (bytes | bytearray, "bytes"),
    (Complex, "a value of the type complex"),
    (Run, "a run"),
    (list, "a list"),
    (tuple, "a tuple"),
    (set | frozenset, "a set"),
    (dict, "a dictionary"),
    (range, "a range"),
    (types.GeneratorType, "a generator"),
    (types.CoroutineType, "a coroutine"),
    (types.ModuleType, "a module"),
    (AsyncResult | Future, "a result that is still to come"),
    (BaseException, "an exception"),
    (types.FunctionType | types.BuiltinFunctionType | types.MethodType | partial, "a function"),
    (Iterator, "an iterator"),
)
