"""Predict first: what a participant expects, asked for before the result is shown."""

from __future__ import annotations

from swimlanes import modes
from swimlanes.drawing import Guess


class Predictions:
    """The guesses of a panel, and whether one is missing.

    Attributes
    ----------
    wanted : bool
        Whether a guess is asked for before a mode is run for the first time.
    """

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted
        self._pending: float | None = None
        self._guesses: dict[tuple[str, int], Guess] = {}

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """The guesses so far, oldest first."""
        return tuple(self._guesses.values())

    def expect(self, speedup: float) -> None:
        """Take what is expected of the next run or sweep."""
        self._pending = speedup

    def forget_pending(self) -> None:
        """Drop what was expected but never started, as when another mode is chosen."""
        self._pending = None

    def missing(self, mode: str) -> bool:
        """Return whether a guess has to come first; serial is what all are compared with."""
        if not self.wanted or not modes.of(mode).parallel or self._pending is not None:
            return False
        return all(guess.mode != mode for guess in self.guesses)

    def settle(self, mode: str, workers: int) -> None:
        """Make what is expected the guess for this mode and number of workers."""
        if self.wanted and self._pending is not None and modes.of(mode).parallel:
            self._guesses[mode, workers] = Guess(mode, workers, self._pending)
        self._pending = None

    def of(self, mode: str, workers: int) -> Guess | None:
        """Return the guess for this mode and number of workers, if there is one."""
        return self._guesses.get((mode, workers))

    def clear(self) -> None:
        """Forget all guesses."""
        self._guesses.clear()
        self._pending = None
