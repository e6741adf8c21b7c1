"""What a participant expects before they see the result."""

from __future__ import annotations

from typing import NamedTuple

from swimlanes.drawing.words import workers_of

CLOSE = 0.05
"""A guess that is wrong by less than this share of the result was right."""


class Guess(NamedTuple):
    """The speedup that somebody expects of a mode with so many workers."""

    mode: str
    workers: int
    speedup: float


def describe_guess(guess: Guess, measured: float) -> str:
    """Say how a guess compares with what was measured.

    Parameters
    ----------
    guess : Guess
        What was expected.
    measured : float
        The speedup that was measured, greater than 0.

    Examples
    --------
    >>> describe_guess(Guess("processes", 4, 4.0), 1.96)
    'You expected 4.00 with 4 processes. Measured was 1.96: 49% of it.'
    >>> describe_guess(Guess("threads", 2, 1.0), 0.97)
    'You expected 1.00 with 2 threads. Measured was 0.97: well guessed.'
    >>> describe_guess(Guess("processes", 2, 1.2), 1.92)
    'You expected 1.20 with 2 processes. Measured was 1.92: 1.6 times as much.'
    """
    who = workers_of(guess.mode, guess.workers).lower()
    return (
        f"You expected {guess.speedup:.2f} with {who}. "
        f"Measured was {measured:.2f}: {_judged(guess.speedup, measured)}."
    )


def _judged(expected: float, measured: float) -> str:
    if abs(expected - measured) <= CLOSE * measured:
        return "well guessed"
    if measured < expected:
        return f"{measured / expected:.0%} of it"
    if expected <= 0:
        return "more than that"
    return f"{measured / expected:.1f} times as much"
