"""Who asks for help, in order. Nothing here knows a network.

All see how many hands are up, and the instructor whose they are. A name is kept here as long as its
hand is up, and no longer.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Annotated

from msgspec import Meta, Struct

from swimlanes.errors import RequestError
from swimlanes.markup import legible, short
from swimlanes.wall.pace import Pace
from swimlanes.wall.refusals import NothingThere, TooMuch

MOST_HANDS = 100
MOST_A_MINUTE = 20
LONGEST_PLACE = 40
_LONGEST_WHO = 60

_Text = Annotated[str, Meta(max_length=100)]


class Hand(Struct, frozen=True):
    """A raised hand, as the instructor sees it; by its number it is lowered."""

    number: int
    who: str
    place: str


class Standing(Struct, frozen=True):
    """A seat's hand: whether it is up, whose it is, and how many are before it."""

    up: bool
    who: _Text = ""
    before: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class Hands:
    """The raised hands of a class.

    Parameters
    ----------
    changed : callable
        Is called when there is something new to see.
    now_s : callable
        A clock, seconds.
    """

    def __init__(self, changed: Callable[[], None], now_s: Callable[[], float]) -> None:
        self._changed = changed
        self._pace = Pace("raised your hand", MOST_A_MINUTE, MOST_HANDS, now_s)
        self._up: dict[str, Hand] = {}
        self._numbers = count(1)

    @property
    def up(self) -> list[Hand]:
        """The hands that are up, the first one first."""
        return list(self._up.values())

    def expect(self, seat: str, place: str) -> str:
        """Return where a seat that may raise its hand sits, as it is shown.

        Raises
        ------
        RequestError
            If the place where somebody sits is too long.
        TooMuch
            If the seat does so too often, or if too many hands are up.
        """
        place = " ".join(legible(place).split())
        if len(place) > LONGEST_PLACE:
            raise RequestError(
                f"Where you sit has at most {LONGEST_PLACE} characters, not {len(place)}."
            )
        self._pace.keep(seat)
        if seat not in self._up and len(self._up) >= MOST_HANDS:
            raise TooMuch(f"{MOST_HANDS} hands are up already: wait until one is lowered.")
        return place

    def put_up(self, seat: str, who: str, place: str) -> None:
        """Raise the hand of a seat; one that is up already keeps its turn."""
        earlier = self._up.get(seat)
        number = earlier.number if earlier else next(self._numbers)
        self._up[seat] = Hand(number, short(legible(who), _LONGEST_WHO), place)
        self._changed()

    def standing(self, seat: str) -> Standing:
        """Return how it stands with a seat's hand."""
        if seat not in self._up:
            return Standing(up=False)
        return Standing(True, self._up[seat].who, list(self._up).index(seat))

    def lower(self, seat: str) -> None:
        """Lower the hand of a seat, if it is up."""
        if self._up.pop(seat, None):
            self._changed()

    def lower_number(self, number: int) -> None:
        """Lower the hand with this number."""
        seat = next((seat for seat, hand in self._up.items() if hand.number == number), None)
        if seat is None:
            raise NothingThere("This hand is down already.")
        self.lower(seat)

    def lower_up_to(self, number: int) -> None:
        """Lower all hands up to this number; those that went up later stay."""
        self._up = {seat: hand for seat, hand in self._up.items() if hand.number > number}
        self._changed()

    def forget(self) -> None:
        """Lower all hands."""
        self._up.clear()
        self._changed()
