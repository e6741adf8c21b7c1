"""The panel's parts put together, and what they show of a result."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets

from swimlanes import drawing
from swimlanes.buttons import Button
from swimlanes.cores import UsableCores
from swimlanes.drawing import Guess
from swimlanes.markup import NOTHING
from swimlanes.panel.header import Header
from swimlanes.panel.level import Level
from swimlanes.panel.messages import failure, fold, left_out, meaning
from swimlanes.panel.parts import fill, show
from swimlanes.panel.pictures import Pictures
from swimlanes.panel.results import Results
from swimlanes.panel.state import Phase, State
from swimlanes.records import Record, Run, ScalingStudy
from swimlanes.scaling import BEYOND_CORES
from swimlanes.shown import Shown

_HINT = "Set the sliders, then press Run: every worker gets a lane, every task a bar."
_HINT_OF_SWEEP = "Sweep runs the tasks on more and more workers and measures the speedup."


class View:
    """The parts of the panel that show: header, failure, pictures, words, earlier runs.

    `loss` tells where the speedup went, `printed` what the tasks printed, `left_out` which ways a
    comparison had to leave out.
    """

    def __init__(self, cores: UsableCores, level: Level = Level.MODES) -> None:
        self._level = level
        self.header = Header(cores.granted)
        self.pictures = Pictures(cores.granted, bars=cores + BEYOND_CORES, level=level)
        self.failure, self.words, self.loss = (Shown() for _ in range(3))
        self.printed, self.earlier, self.left_out = (Shown() for _ in range(3))
        self._lower = widgets.HBox()
        self._lower.add_class("swimlanes-lower")
        self.words.add_class("swimlanes-words")
        self.earlier.add_class("swimlanes-earlier")
        self.clear = Button("Clear", tooltip="Forget all runs and curves")
        self.clear.add_class("swimlanes-clear")

    def arranged(self) -> widgets.VBox:
        """Return the pictures and words below each other, the last pictures side by side."""
        pictures, level = self.pictures, self._level
        load = [pictures.load] if level >= Level.CORES else []
        every_way = [pictures.comparison, self.left_out] if level >= Level.MODES else []
        self._lower.children = [self.earlier]
        if level >= Level.SPEEDUP:
            beside = widgets.VBox([pictures.account, self.loss, self.earlier])
            self._lower.children = [pictures.curve, beside]
        upper = [self.failure, pictures.lanes, *load, self.words]
        column = widgets.VBox([*upper, self._lower, *every_way, self.clear, self.printed])
        column.add_class("swimlanes-pictures")
        return column

    def show_state(self, state: State) -> None:
        """Say what went wrong, if anything did."""
        fill(self.failure, failure(state) if state.phase is Phase.FAILED else NOTHING)

    def show_results(self, results: Results, guesses: Sequence[Guess]) -> None:
        """Draw what was measured and list the runs so far."""
        self.pictures.show_results(results, guesses)
        compared = self._level >= Level.SPEEDUP
        self.earlier.value = drawing.earlier_runs(results.with_partners(), compared)
        every_way = results.comparison
        self.left_out.value = left_out(() if every_way is None else every_way.left_out)
        show(self._lower, results.latest is None or results.latest is not every_way)
        printed = _printed(results.latest)
        fill(self.printed, fold("What the tasks printed", printed) if printed else NOTHING)
        show(self.clear, results.latest is not None)

    def invite(self) -> None:
        """Say what to do at first."""
        self.say([_HINT, _HINT_OF_SWEEP][: 1 + (self._level >= Level.SPEEDUP)], ())

    def say(self, sentences: Sequence[str], loss: Sequence[str]) -> None:
        """Show what the latest run or study means, and below the account where it went."""
        self.words.value = meaning(sentences)
        self.loss.value = meaning(loss)


def _printed(what: Record | None) -> str:
    if isinstance(what, Run):
        return what.printed
    runs = what.runs if isinstance(what, ScalingStudy) else ()
    return runs[-1].printed if runs else ""
