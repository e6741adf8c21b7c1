"""The own hand: raised and lowered, and how many are before it."""

from __future__ import annotations

import ipywidgets as widgets

from swimlanes.buttons import Button
from swimlanes.shown import Shown
from swimlanes.start_page.parts import said, show
from swimlanes.wall import client
from swimlanes.wall.own_hand import OwnHand

RAISE, LOWER = "Raise hand", "Lower hand"
_SENT = "All others see how many hands are up, and not whose they are."
_WITH_ACCOUNT = "It tells your instructor the name of your account, as long as your hand is up."
_WITH_NUMBER = (
    "It tells your instructor which person of the wall you are, and where you sit if you type that."
)


class RaiseHand:
    """Raises one's hand on the wall, where there is one.

    Attributes
    ----------
    main : Button
        Raises the hand, and lowers it.
    sits : Text
        Where its owner sits; not asked where the wall knows names.
    whole : VBox
        All of it.
    """

    def __init__(self) -> None:
        self._hand = OwnHand()
        self.main = Button(RAISE)
        self.main.on_click(lambda _: self._press())
        self.sits = widgets.Text(description="Where you sit", placeholder="if you like: third row")
        self._said, self._note = Shown(said("")), Shown()
        self.whole = widgets.VBox([widgets.HBox([self.main, self.sits]), self._note, self._said])
        self._refresh()

    @property
    def message(self) -> str:
        """What was said last, as HTML."""
        return str(self._note.value + self._said.value)

    def look(self) -> None:
        """Do what was pressed, and show how it stands."""
        self._hand.look()
        self._refresh()

    def _press(self) -> None:
        if self._hand.state == "down":
            self._hand.put_up("" if client.seat_is_set() else self.sits.value)
        else:
            self._hand.lower()
        self._refresh()

    def _refresh(self) -> None:
        is_down, has_account = self._hand.state == "down", client.seat_is_set()
        show(self.whole, self._hand.place is not None)
        show(self.sits, is_down and not has_account)
        show(self._note, is_down)
        self.main.description = RAISE if is_down else LOWER
        self.main.barred = self._hand.state == "lowering"
        self._note.value = said(f"{_WITH_ACCOUNT if has_account else _WITH_NUMBER} {_SENT}")
        self._said.value = said(self._sentence)

    @property
    def _sentence(self) -> str:
        hand = self._hand
        if hand.state == "down":
            return hand.trouble or hand.sentence
        if hand.trouble:
            return f"{hand.trouble} It is tried again by itself."
        if hand.state == "raising":
            return "Raising your hand …"
        if hand.state == "lowering":
            return "Lowering your hand …"
        before, who = hand.standing.before, hand.standing.who
        return f"Your hand is up, {before or 'nobody'} before you. Your instructor sees {who}."
