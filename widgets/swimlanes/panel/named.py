"""Sliders with a name: a native field that says what it is, and a slider below it for the mouse.

The handle of an ipywidgets slider has no accessible name, and none can be given from Python. So the
value has a field of its own, which a keyboard and a screen reader find under its label; of the
slider below only what the mouse needs is left visible (see `style`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets

from swimlanes.panel.number import Number

_LIMITS = ("min", "max", "disabled")


def choice(description: str, options: Sequence[Any], value: object) -> widgets.Dropdown:
    """Return a list to choose from."""
    return widgets.Dropdown(options=options, value=value, description=description)


def with_slider(field: widgets.Widget, *below: widgets.Widget) -> widgets.VBox:
    """Return the field with a slider below it that follows it, and that it follows.

    Parameters
    ----------
    field : Number or Dropdown
        What holds the value.
    *below : Widget
        What stands below the slider.
    """
    notes = (field.note,) if isinstance(field, Number) else ()
    slider = _of_number(field) if isinstance(field, Number) else _of_choice(field)
    row = widgets.VBox([field, slider, *notes, *below])
    row.add_class("swimlanes-named")
    return row


def _of_number(field: Number) -> widgets.Widget:
    kind = widgets.IntSlider if field.step == 1 else widgets.FloatSlider
    limits = {name: getattr(field, name) for name in _LIMITS}
    slider = kind(field.value, step=field.step, readout=False, **limits)
    for name in _LIMITS:
        widgets.dlink((field, name), (slider, name))
    widgets.link((field, "value"), (slider, "value"))
    return slider


def _of_choice(field: widgets.Dropdown) -> widgets.SelectionSlider:
    slider = widgets.SelectionSlider(options=field.options, index=field.index, readout=False)
    widgets.dlink((field, "disabled"), (slider, "disabled"))
    widgets.dlink((field, "options"), (slider, "options"))
    widgets.link((field, "index"), (slider, "index"))
    return slider
