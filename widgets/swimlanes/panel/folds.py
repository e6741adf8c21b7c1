"""Parts of the panel that open and close: a button, and what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets


class Fold:
    """A part that opens and closes.

    Parameters
    ----------
    name : str
        What the button says.
    parts : sequence of Widget
        What it shows.
    on_open : callable, optional
        Called when it opens, before it shows.

    Attributes
    ----------
    button : ToggleButton
        Opens and closes it; reached by keyboard.
    content : VBox
        What it shows.
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
