"""A field for a number: what does not fit is made to fit, and the field says so.

The fields of ipywidgets with limits do that in silence, and the one for whole numbers drops the
point while it is typed, so that 2.5 becomes 25.
"""

from __future__ import annotations

import math
from typing import Any

import ipywidgets as widgets
import traitlets

from swimlanes.markup import NOTHING, Markup
from swimlanes.panel.folds import show
from swimlanes.panel.messages import remark
from swimlanes.shown import Shown


class Number(widgets.FloatText):  # type: ignore[misc]
    """A field for a number within limits.

    Parameters
    ----------
    description : str
        Its label.
    value, least, most : float
        Its value at first, and its limits.
    step : float
        What an arrow key adds; with a step of 1 the number is a whole one.

    Attributes
    ----------
    note : Shown
        Says what became of a value that did not fit; stands below the field.
    """

    # Known to the kernel only: a browser that knew them would apply them in silence.
    min = traitlets.Float()
    max = traitlets.Float()

    def __init__(
        self, description: str, value: float, least: float, most: float, step: float = 1
    ) -> None:
        self.note = Shown()
        super().__init__(value, min=least, max=most, step=step, description=description)
        self.tooltip = self._allowed
        self.observe(lambda _: self._follow_limits(), ["min", "max"])

    @property
    def whole(self) -> int:
        """The value, where it is a whole number."""
        return int(self.value)

    @property
    def _allowed(self) -> str:
        kind = "a whole number" if self.step == 1 else "a number"
        return f"{kind} from {self.min:g} to {self.max:g}"

    @traitlets.validate("value")
    def _fit(self, proposal: dict[str, Any]) -> float:
        asked = float(proposal["value"])
        near = math.floor(asked + 0.5) if self.step == 1 and math.isfinite(asked) else asked
        fitting = float(min(max(near, self.min), self.max))
        self.note.value = NOTHING if fitting == asked else self._remark(asked, fitting)
        show(self.note, fitting != asked)
        return fitting

    def _remark(self, asked: float, fitting: float) -> Markup:
        return remark(f"{asked:g} became {fitting:g}: this takes {self._allowed}.")

    def _follow_limits(self) -> None:
        self.tooltip = self._allowed
        self.set_trait("value", min(max(self.value, self.min), self.max))
