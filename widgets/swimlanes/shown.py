"""A place on a page that shows markup, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from swimlanes.markup import NOTHING, Markup


class Shown(widgets.HTML):  # type: ignore[misc]
    """Shows markup, live: a new value takes the place of the old one.

    Parameters
    ----------
    value : Markup
        What it shows at first.

    Raises
    ------
    TypeError
        If a value is a plain string, which a browser would take for markup.
    """

    if TYPE_CHECKING:
        value: Markup

    def __init__(self, value: Markup = NOTHING) -> None:
        super().__init__(value)

    @traitlets.validate("value")
    def _only_markup(self, proposal: dict[str, Any]) -> Markup:
        value = proposal["value"]
        if not isinstance(value, Markup):
            raise TypeError(f"{value!r} is text: make it markup with swimlanes.markup first.")
        return value
