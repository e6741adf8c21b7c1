"""Whether runs of the same work returned the same, and what to say if they did not."""

from __future__ import annotations

import contextlib
import reprlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from swimlanes import modes
from swimlanes.records.likeness import Likeness, equal, likeness
from swimlanes.records.run import Run


class Pair(NamedTuple):
    """A serial run, and one that should have returned the same, or that so many times over.

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
        f"The results differ in their last digits only: {_returned(difference)}. That is how "
        "rounding differs when numbers are added up in another order, and no fault. "
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
        return f"{second} returned something else than {first}"
    ours = reprlib.repr(serial.results[difference.task % len(serial.results)])
    theirs = reprlib.repr(other.results[difference.task])
    if ours == theirs:
        return f"task {difference.task} returned something else in {second} than in {first}"
    return f"task {difference.task} returned {ours} in {first} and {theirs} in {second}"


def _why(pair: Pair) -> str:
    """Say what the serial runs tell of the reason, and what to do."""
    if not modes.of(pair.other.mode).parallel:
        return (
            "So the tasks themselves change from call to call, as random numbers, clocks and "
            "process ids do: give each task a seed of its own to have it repeat."
        )
    if pair.serial_runs == 1:
        seen = "There is one serial run, so this cannot tell whether serial runs repeat."
    else:
        seen = f"All {pair.serial_runs} serial runs returned the same."
    return (
        f"{seen} To repeat in every mode, a task that draws numbers needs a seed of its own, and "
        "no task may change what others use."
    )


def _who(run: Run) -> str:
    return f"{run.mode} with {run.workers} worker{'s' * (run.workers > 1)}"
