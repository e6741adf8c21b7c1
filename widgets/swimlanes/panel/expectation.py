"""The switch *Predict first* and what it asks for."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from swimlanes import modes
from swimlanes.buttons import Button
from swimlanes.drawing import Guess
from swimlanes.panel.parts import Number, show, with_slider
from swimlanes.scaling import BEYOND_CORES


class Predictions:
    """The guesses of a panel, and whether one is missing before a mode first runs."""

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
        guess = self.standing(mode, workers)
        if guess is not None:
            self._guesses[mode, workers] = guess
        self._pending = None

    def standing(self, mode: str, workers: int) -> Guess | None:
        """Return what the guess is if this mode is started now with so many workers."""
        if not self.wanted or not modes.of(mode).parallel:
            return None
        if self._pending is None:
            return self.of(mode, workers)
        return Guess(mode, workers, self._pending)

    def of(self, mode: str, workers: int) -> Guess | None:
        """Return the guess for this mode and number of workers, if there is one."""
        return self._guesses.get((mode, workers))

    def clear(self) -> None:
        """Forget all guesses."""
        self._guesses.clear()
        self._pending = None


LOWEST, STEP = 0.5, 0.1


class Expectation(widgets.VBox):  # type: ignore[misc]
    """Asks what speedup is expected before a mode runs for the first time.

    The `switch` turns it on and off, `confirm` takes the `speedup` as it stands. `on_change` is
    called when a guess may have come or gone.
    """

    def __init__(self, wanted: bool, usable_cores: int, on_change: Callable[[], None]) -> None:
        self.predictions = Predictions(wanted)
        self._on_change = on_change
        self.switch = widgets.Checkbox(value=wanted, description="Predict first", indent=False)
        most = usable_cores + BEYOND_CORES
        self.speedup = Number("Expected speedup", 1.0, LOWEST, most, STEP)
        self.confirm = Button("That is my guess", tooltip="Take the value as it stands")
        self._asked = widgets.VBox([with_slider(self.speedup), self.confirm])
        super().__init__([self.switch, self._asked])
        self.switch.observe(lambda _: self._turn(), "value")
        self.speedup.observe(lambda _: self._expect(), "value")
        self.confirm.on_click(lambda _: self._expect())
        show(self._asked, wanted)

    def why_not(self, mode: str) -> str:
        """Return why a run in this mode has to wait, or nothing if it does not."""
        if not self.predictions.missing(mode):
            return ""
        return f"First say what you expect of {mode}: move the slider or press the button below it."

    def _turn(self) -> None:
        self.predictions.wanted = self.switch.value
        show(self._asked, self.switch.value)
        self._on_change()

    def _expect(self) -> None:
        self.predictions.expect(self.speedup.value)
        self._on_change()
