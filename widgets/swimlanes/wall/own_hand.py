"""The own hand on the wall, as a lab raises and lowers it."""

from __future__ import annotations

from typing import Literal

from swimlanes.wall import client
from swimlanes.wall.errands import Errands
from swimlanes.wall.hands import Standing

LOOK_EVERY_S = 5.0
"""How often the wall is asked about a hand that is up."""
LOWERED = "Your hand was lowered on the wall."

State = Literal["down", "raising", "up", "lowering"]


class OwnHand:
    """Raises and lowers the hand of this lab's seat; as long as it is down, it is asked for once.

    `look` does all that is to be done, one thing after the other and in a thread of its own.

    Attributes
    ----------
    place : Place or None
        The wall where this lab has a seat.
    state : str
        Whether the hand is up, or on its way.
    standing : Standing
        How it stands with it, as the wall said last.
    sentence : str
        What became of the hand, if nobody here lowered it.
    """

    def __init__(self) -> None:
        self.place: client.Place | None = None
        self.state: State = "down"
        self.standing = Standing(up=False)
        self.sentence = ""
        self._sits = ""
        self._known = False
        self._errands = Errands()

    @property
    def trouble(self) -> str:
        """Why the wall does not take what somebody pressed, if so."""
        return self._errands.trouble if self._known or self.state != "down" else ""

    def put_up(self, sits: str) -> None:
        """Raise it, and say where its owner sits."""
        self._sits = sits
        self._change("raising")

    def lower(self) -> None:
        """Lower it."""
        self._change("lowering")

    def look(self) -> None:
        """Do what is to be done now; this returns at once."""
        if not self._errands.under_way and (place := client.find()) != self.place:
            if (left := self.place) and self.state != "down":  # nobody could lower it there
                client.in_background(lambda: client.lower_hand(left), lambda _: None)
            self.place, self._known = place, False
            self._change("down")
        if (place := self.place) is None or not self._errands.may_ask:
            return
        if not self._known:
            self._errands.ask(lambda: client.hand(place), self._found, self._unknown)
        elif self.state == "raising":
            sits = self._sits
            self._errands.ask(lambda: client.raise_hand(place, sits), self._raised, self._declined)
        elif self.state == "lowering":
            self._errands.ask(lambda: client.lower_hand(place), self._lowered, self._declined)
        elif self.state == "up":
            self._errands.ask(lambda: client.hand(place), self._heard, self._declined)

    def _change(self, state: State) -> None:
        self.state, self.sentence = state, ""
        self._errands.forget_trouble()

    def _found(self, standing: Standing) -> None:
        """Go on with a hand that was raised before this Python began."""
        self._known = True
        if standing.up and self.state == "down":
            self.state, self.standing = "up", standing

    def _unknown(self) -> None:
        self._known = True
        self._errands.forget_trouble()  # nobody has pressed anything

    def _raised(self, standing: Standing) -> None:
        if self.state == "raising":  # and nobody has pressed Lower meanwhile
            self.state, self.standing = "up", standing
            self._errands.wait(LOOK_EVERY_S)

    def _heard(self, standing: Standing) -> None:
        if self.state != "up":
            return
        self.standing = standing
        self._errands.wait(LOOK_EVERY_S)
        if not standing.up:
            self._change("down")
            self.sentence = LOWERED

    def _lowered(self, _: object) -> None:
        if self.state == "lowering":
            self.state = "down"

    def _declined(self) -> None:
        self.state = "down"
