"""The way to a class: the address of its wall and the code to join, which the instructor shows."""

from __future__ import annotations

import ipywidgets as widgets

from swimlanes.buttons import Button
from swimlanes.errors import SwimlanesError
from swimlanes.shown import Shown
from swimlanes.start_page.parts import said, show
from swimlanes.wall import client

_HOW = (
    "A class can have a wall: your instructor shows its address and its join code. Nothing of "
    "yours is sent when you join."
)
_NOT_KEPT = (
    "The wall knows you now, but this lab cannot keep that: your home folder cannot be written, or "
    "another wall is set for this lab (SWIMLANES_WALL). Tell your instructor."
)


class Joining:
    """Joins the wall of a class, where the lab has no seat by itself.

    Attributes
    ----------
    main : Button
        Shows the fields, and puts them away.
    address, code : Text
        Where the wall is, and what lets one in.
    join : Button
        Joins.
    whole : VBox
        All of it.
    """

    def __init__(self) -> None:
        self.main = Button()
        self.address = widgets.Text(
            client.address_set(), description="Address", placeholder="http://192.168.1.5:8890"
        )
        self.code = widgets.Text(description="Join code")
        self.join = Button("Join")
        self.main.on_click(lambda _: self._turn())
        self.join.on_click(lambda _: self._join())
        self._said = Shown(said(""))
        fields = widgets.HBox([self.address, self.code, self.join])
        self._way = widgets.VBox([Shown(said(_HOW)), fields])
        self.whole = widgets.VBox([widgets.HBox([self.main]), self._way, self._said])
        show(self._way, False)
        show(self.whole, not client.seat_is_set())
        self.look(None)

    @property
    def message(self) -> str:
        """What was said last, as HTML."""
        return str(self._said.value)

    def look(self, place: client.Place | None) -> None:
        """Offer to join a wall, or another one than this."""
        self.main.description = "Join your class…" if place is None else "Join another class…"

    def _turn(self) -> None:
        show(self._way, self._way.layout.display == "none")

    def _join(self) -> None:
        address, code = self.address.value, self.code.value
        self.join.barred = True
        self._said.value = said("Joining …")
        client.in_background(lambda: client.join(address, code), self._told)

    def _told(self, came: client.Place | SwimlanesError) -> None:
        self.join.barred = False
        if isinstance(came, SwimlanesError):
            self._said.value = said(str(came))
        elif client.find() != came:
            self._said.value = said(_NOT_KEPT)
        else:
            self._said.value = said(f"You have joined the wall at `{came.address}`.")
            show(self._way, False)
            self.main.focus()
