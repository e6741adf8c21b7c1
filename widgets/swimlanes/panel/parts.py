"""What the panel is made of: fields with a name and a slider, and parts that open and close.

The handle of an ipywidgets slider has no accessible name, and none can be given from Python. So the
value has a field of its own, which a keyboard and a screen reader find under its label; of the
slider below only what the mouse needs is left visible (see `style`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import traitlets

from swimlanes.markup import NOTHING, Markup
from swimlanes.panel.messages import remark
from swimlanes.shown import Shown


class Number(widgets.FloatText):  # type: ignore[misc]
    """A field for a number within limits; with a step of 1 the number is a whole one.

    Its `note`, which stands below it, says what became of a value that did not fit.
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
        said = remark(f"{asked:g} became {fitting:g}: this takes {self._allowed}.")
        fill(self.note, NOTHING if fitting == asked else said)
        return fitting

    def _follow_limits(self) -> None:
        self.tooltip = self._allowed
        self.set_trait("value", self.value)  # which is made to fit, and that is said


class _Follower:
    """A slider whose value the browser keeps equal to that of its field, in `with_slider`.

    The kernel knows the value, and neither takes nor tells it. It would have two ways, the field's
    and the slider's, and a late value on the one would replace a later one of the other.
    """

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a page tells, but for the value."""
        rest = {name: told for name, told in sync_data.items() if name not in _VALUES}
        super().set_state(rest)  # type: ignore[misc]

    def _should_send_property(self, key: str, value: object) -> bool:
        return key not in _VALUES and super()._should_send_property(key, value)  # type: ignore[misc]


class _Whole(_Follower, widgets.IntSlider):  # type: ignore[misc]
    """A slider for whole numbers."""


class _Real(_Follower, widgets.FloatSlider):  # type: ignore[misc]
    """A slider for numbers."""


class _Entries(_Follower, widgets.SelectionSlider):  # type: ignore[misc]
    """A slider for the entries of a list."""


_VALUES = ("value", "index")
_LIMITS = ("min", "max", "disabled")


def choice(description: str, options: Sequence[Any], value: object) -> widgets.Dropdown:
    """Return a list to choose from."""
    return widgets.Dropdown(options=options, value=value, description=description)


def with_slider(field: widgets.Widget, *below: widgets.Widget) -> widgets.VBox:
    """Return a number or a choice with a slider that follows it, and that it follows."""
    notes = (field.note,) if isinstance(field, Number) else ()
    slider = _of_number(field) if isinstance(field, Number) else _of_choice(field)
    row = widgets.VBox([field, slider, *notes, *below])
    row.add_class("swimlanes-named")
    return row


def _of_number(field: Number) -> widgets.Widget:
    kind = _Whole if field.step == 1 else _Real
    limits = {name: getattr(field, name) for name in _LIMITS}
    slider = kind(field.value, step=field.step, readout=False, **limits)
    for name in (*_LIMITS, "value"):
        widgets.dlink((field, name), (slider, name))
    widgets.jslink((field, "value"), (slider, "value"))
    return slider


def _of_choice(field: widgets.Dropdown) -> widgets.SelectionSlider:
    slider = _Entries(options=field.options, index=field.index, readout=False)
    for name in ("disabled", "options", "index"):
        widgets.dlink((field, name), (slider, name))
    widgets.jslink((field, "index"), (slider, "index"))
    return slider


class Fold:
    """A part that opens and closes: a button, reached by keyboard, and the content that it shows.

    `on_open` is called when it opens, before it shows.
    """

    def __init__(
        self,
        name: str,
        parts: Sequence[widgets.Widget],
        on_open: Callable[[], None] = lambda: None,
    ) -> None:
        self.button = widgets.ToggleButton(description=name, layout={"width": "auto"})
        self.button.add_class("swimlanes-fold")
        self.content = widgets.VBox(parts)
        self._on_open = on_open
        self.button.observe(lambda _: self._refresh(), "value")
        self._refresh()

    @property
    def is_open(self) -> bool:
        """Whether it shows its parts."""
        return bool(self.button.value)

    def _refresh(self) -> None:
        if self.is_open:
            self._on_open()
        verb = "Hide" if self.is_open else "Show"
        self.button.tooltip = f"{verb}: {self.button.description}"
        show(self.content, self.is_open)


def show(widget: widgets.Widget, shown: bool) -> None:
    """Show or hide a widget; hidden, it takes no room and cannot be reached."""
    widget.layout.display = "" if shown else "none"


def fill(place: Shown, content: Markup) -> None:
    """Put content in its place, which takes no room while it is empty."""
    place.value = content
    show(place, bool(content))
