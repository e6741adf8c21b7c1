"""Whether runs of the same work returned the same, and what to say if they did not.

Values that are equal may be pickled in different ways: dicts in another order, ``nan``, ``-0.0``,
arrays with another layout. So values are compared here, not bytes.
"""

from __future__ import annotations

import cmath
import contextlib
import reprlib
from collections.abc import Iterable
from dataclasses import replace
from enum import IntEnum
from numbers import Complex, Number, Rational
from types import BuiltinFunctionType, FunctionType
from typing import Any, NamedTuple

from swimlanes import modes, travel
from swimlanes.brief import plural
from swimlanes.records.run import Run

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


class Pair(NamedTuple):
    """A serial run, and one that should have returned the same, or the same several times.

    ``serial_runs`` says how many serial runs there are in all.
    """

    serial: Run
    other: Run
    portions: int
    serial_runs: int


class SharedResults:
    """The results of many runs, those that are equal only once, so that they need no more memory.

    They are known by their digest.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, ...]] = {}

    def of(self, run: Run) -> Run:
        """Return the run; if an earlier one returned the same, with the results of that one."""
        return replace(run, results=self._known.setdefault(run.results_digest, run.results))


class _Difference(NamedTuple):
    """The first task of a pair with the greatest difference; None if nobody can say which."""

    degree: Likeness
    pair: Pair
    task: int | None


def remarks_on(pairs: Iterable[Pair]) -> tuple[str, ...]:
    """Say once how the results differ, if they do: the greatest difference, in plain words.

    Of differences that are equally great the first counts, so pairs of two serial runs come first.
    """
    found = [difference for pair in pairs if (difference := _difference(pair))]
    if not found:
        return ()
    worst = max(found, key=lambda difference: difference.degree)
    return (_rounded(worst) if worst.degree is Likeness.ROUNDED else _different(worst),)


def _difference(pair: Pair) -> _Difference | None:
    serial, other, portions, _ = pair
    if portions == 1 and serial.results_digest == other.results_digest:
        return None
    if serial.results and other.results:
        return _between(pair, serial.results * portions, other.results)
    # A record from a file holds no results, and digests tell of whole runs only.
    return _Difference(Likeness.DIFFERENT, pair, None) if portions == 1 else None


def _between(
    pair: Pair, ours: tuple[object, ...], theirs: tuple[object, ...]
) -> _Difference | None:
    if equal(ours, theirs):
        return None
    degrees = [_degree(*results) for results in zip(ours, theirs, strict=False)]
    worst = max(degrees, default=Likeness.EQUAL)
    return _Difference(worst, pair, degrees.index(worst)) if worst else None


def _degree(one: object, other: object) -> Likeness:
    with contextlib.suppress(Exception):  # what cannot be compared is not blamed
        return likeness(one, other)
    return Likeness.EQUAL


def _rounded(difference: _Difference) -> str:
    return (
        f"The results differ in their last digits only: {_returned(difference)}. Rounding gives "
        "such differences when numbers are added up in another order; this is no fault. "
        "check_results=False (--no-check-results) leaves out this check."
    )


def _different(difference: _Difference) -> str:
    return (
        f"The results do not repeat: {_returned(difference)}. {_why(difference.pair)} "
        "The speedups count if every run did the same amount of work. If the results need not "
        "repeat, check_results=False (--no-check-results) leaves out this check."
    )


def _returned(difference: _Difference) -> str:
    """Say which task returned what in which run."""
    serial, other = difference.pair.serial, difference.pair.other
    alone = not modes.of(other.mode).parallel
    first, second = ("one serial run", "another one") if alone else ("serial", _who(other))
    if difference.task is None:
        return f"{second} did not return the same as {first}"
    ours = reprlib.repr(serial.results[difference.task % len(serial.results)])
    theirs = reprlib.repr(other.results[difference.task])
    if ours == theirs:
        return f"task {difference.task} did not return the same in {second} as in {first}"
    return f"task {difference.task} returned {ours} in {first} and {theirs} in {second}"


def _why(pair: Pair) -> str:
    """Say what the serial runs tell of the reason, and what to do."""
    if not modes.of(pair.other.mode).parallel:
        return (
            "So the tasks themselves change from call to call, as random numbers, clocks and "
            "process ids do: give each task a seed of its own, and its random numbers repeat."
        )
    if pair.serial_runs == 1:
        seen = "There is only one serial run, so this cannot tell whether serial runs repeat."
    else:
        seen = f"All {pair.serial_runs} serial runs returned the same."
    return (
        f"{seen} To repeat in every mode, a task that draws numbers needs a seed of its own, and "
        "no task may change what others use."
    )


def _who(run: Run) -> str:
    return f"{run.mode} with {plural(run.workers, 'worker')}"


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
