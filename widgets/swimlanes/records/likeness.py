"""How alike two values are: equal, equal but for rounding, or different.

Values that are equal may be pickled in different ways: dicts in another order, ``nan``, ``-0.0``,
arrays with another layout. So values are compared here, not bytes.
"""

from __future__ import annotations

import cmath
import contextlib
from collections.abc import Iterable
from enum import IntEnum
from numbers import Complex, Number, Rational
from types import BuiltinFunctionType, FunctionType
from typing import Any

from swimlanes import travel

_SAME_DIGITS = 1e-12
"""Share of a number by which rounding may change it. Two readings of a clock differ by more."""
_EPSILONS = 64
"""The same for numbers of less precision, in steps from 1 to the next number."""
_OF_THE_LARGEST = 16
"""How much of that an array's largest number may cost the small ones that came of differences."""
_NAMED = (type, FunctionType, BuiltinFunctionType)
_ATOMS = (str, bytes, type(None))


class Likeness(IntEnum):
    """How alike two values are; the larger, the less."""

    EQUAL = 0
    ROUNDED = 1
    DIFFERENT = 2


def likeness(one: object, other: object) -> Likeness:
    """Return how alike two values are that came out of pickles.

    Examples
    --------
    >>> likeness({"a": 1, "b": float("nan")}, {"b": float("nan"), "a": 1}).name
    'EQUAL'
    >>> likeness([0.1 + 0.2], [0.3]).name, likeness([1], [2]).name
    ('ROUNDED', 'DIFFERENT')
    """
    return _Judge().compare(one, other)


def equal(one: object, other: object) -> bool:
    """Return whether two values say of themselves that they are equal."""
    with contextlib.suppress(Exception):
        return (one == other) is True
    return False


class _Judge:
    """Compares two values part by part; a part that holds itself is not compared again."""

    def __init__(self) -> None:
        self._compared: dict[tuple[int, int], object] = {}

    def compare(self, one: Any, other: Any) -> Likeness:  # noqa: ANN401 - any values
        if one is other:
            return Likeness.EQUAL
        if isinstance(one, Number) and isinstance(other, Number):
            return _numbers(one, other)
        if _is_array(one) and _is_array(other):
            return self._arrays(one, other)
        if isinstance(one, _NAMED) and isinstance(other, _NAMED):
            same = one.__qualname__ == other.__qualname__
            return Likeness.EQUAL if same else Likeness.DIFFERENT
        if equal(one, other):
            return Likeness.EQUAL
        if type(one).__qualname__ != type(other).__qualname__ or isinstance(one, _ATOMS):
            return Likeness.DIFFERENT
        return self._parts(one, other)

    def _parts(self, one: object, other: object) -> Likeness:
        pair = id(one), id(other)
        if pair in self._compared:
            return Likeness.EQUAL
        self._compared[pair] = one, other  # kept, so that nothing else gets these ids
        ours, theirs = _parts_of(one), _parts_of(other)
        if len(ours) != len(theirs):
            return Likeness.DIFFERENT
        return max(map(self.compare, ours, theirs), default=Likeness.EQUAL)

    def _arrays(self, one: Any, other: Any) -> Likeness:  # noqa: ANN401 - numpy may be missing
        if one.shape != other.shape or one.dtype != other.dtype:
            return Likeness.DIFFERENT
        if one.dtype.kind not in "fc":
            return self.compare(one.tolist(), other.tolist())
        return _float_arrays(one, other)


def _float_arrays(one: Any, other: Any) -> Likeness:  # noqa: ANN401
    import numpy as np  # which the participant has imported already

    if np.array_equal(one, other, equal_nan=True):
        return Likeness.EQUAL
    epsilon = float(np.finfo(one.dtype).eps)
    largest = float(np.max(np.abs(one), where=np.isfinite(one), initial=0.0))
    room = _OF_THE_LARGEST * epsilon * largest
    close = np.allclose(one, other, rtol=_tolerance(epsilon), atol=room, equal_nan=True)
    return Likeness.ROUNDED if close else Likeness.DIFFERENT


def _numbers(one: Any, other: Any) -> Likeness:  # noqa: ANN401 - any two numbers
    if one == other or (one != one and other != other):  # nan
        return Likeness.EQUAL
    if isinstance(one, Rational) and isinstance(other, Rational):
        return Likeness.DIFFERENT
    with contextlib.suppress(Exception):
        epsilons = (_epsilon(value) for value in (one, other) if isinstance(value, Complex))
        tolerance = _tolerance(max(epsilons, default=0.0))
        if cmath.isclose(one, other, rel_tol=tolerance):
            return Likeness.ROUNDED
    return Likeness.DIFFERENT


def _epsilon(value: Any) -> float:  # noqa: ANN401 - a number of Python or of NumPy
    if not hasattr(value, "dtype") or value.dtype.kind not in "fc":
        return 0.0
    import numpy as np

    return float(np.finfo(value.dtype).eps)


def _tolerance(epsilon: float) -> float:
    return max(_SAME_DIGITS, _EPSILONS * epsilon)


def _is_array(value: Any) -> bool:  # noqa: ANN401
    return type(value).__module__ == "numpy" and hasattr(value, "shape")


def _parts_of(value: Any) -> list[Any]:  # noqa: ANN401
    """Return what a value consists of: its items, or else what pickle would take apart."""
    if isinstance(value, dict):
        return [part for key in _in_order(value) for part in (key, value[key])]
    if isinstance(value, set | frozenset):
        return _in_order(value)
    if isinstance(value, list | tuple):
        return list(value)
    reduced = value.__reduce_ex__(4)
    if isinstance(reduced, str):
        return [reduced]
    function, arguments, state, *items = (*reduced, None, None)[:5]
    return [function, arguments, state, *(list(each or ()) for each in items)]


def _in_order(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=travel.canonical)
