"""The line above everything: the cores that may be used, why so many, and who else uses them."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Collection
from typing import NamedTuple

from swimlanes import core_load
from swimlanes.core_load import TICKS_TO_TELL_S
from swimlanes.cores import UsableCores
from swimlanes.drawing.look import GREEN, VERMILLION
from swimlanes.markup import NOTHING, Markup, markup
from swimlanes.panel.style import STYLE
from swimlanes.shown import Shown

_ONE_CORE = (
    "There is only one core to use. Workers that compute take turns on it: with more of them, "
    "computing gets no faster, and every curve is flat. Tasks that wait can still overlap."
)


class Header(Shown):
    """Name, cores and what limits them, and the load by others, told now and then."""

    def __init__(self, cores: UsableCores) -> None:
        self._cores = cores
        super().__init__(self._text(""))

    def show_others(self, load: float | None) -> None:
        """Say how much of the cores others use; None leaves it as it is."""
        if load is not None:
            cpus = max(len(self._cores.cpus), 1)
            them = "them" if self._cores > 1 else "it"
            whole = them if cpus == self._cores else f"the {cpus} CPUs"
            self.value = self._text(f" · other programs use {load / cpus:.0%} of {whole}")

    def _text(self, others: str) -> Markup:
        count = "1 core" if self._cores == 1 else f"{self._cores} cores"
        return markup(
            '{}<div class="swimlanes-header"><b>Swimlanes</b>'
            '<span class="swimlanes-quiet">see your Pool at work</span>'
            '<span><b class="swimlanes-badge" style="background:{}">{}</b> {}{}</span></div>{}',
            STYLE,
            GREEN,
            count,
            self._cores.explain(),
            others,
            _one_core(self._cores),
        )


def _one_core(cores: int) -> Markup:
    if cores > 1:
        return NOTHING
    return markup(
        '<div class="swimlanes-bar" style="border-color:{}">{}</div>', VERMILLION, _ONE_CORE
    )


class Reading(NamedTuple):
    """Clocks at a moment, s: time, busy time of the cores, CPU time of this kernel and its runs."""

    at_s: float
    busy_s: float
    own_s: float


class OthersLoad:
    """The load by others since the last look, with nothing running in between.

    A function `read` returns the clocks, or None where the system does not tell.
    """

    def __init__(
        self, cpus: Collection[int], read: Callable[[], Reading | None] | None = None
    ) -> None:
        self._cpus = cpus
        self._read = read or self._read_system
        self._last = self._read()

    def look(self) -> float | None:
        """Return the load since the last look, cores; None if that is too short ago to tell."""
        now, last = self._read(), self._last
        if now is None or last is None or now.at_s - last.at_s < TICKS_TO_TELL_S:
            return None
        self._last = now
        elapsed_s, busy_s, own_s = map(operator.sub, now, last)
        return core_load.load_by_others(len(self._cpus), elapsed_s, busy_s, own_s)

    def _read_system(self) -> Reading | None:
        busy_s = core_load.busy_s(self._cpus)
        if busy_s is None:
            return None
        return Reading(time.monotonic(), busy_s, core_load.own_cpu_time_s())
