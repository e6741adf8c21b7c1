"""The addresses of hands: labs raise and lower their own, and the instructor lowers any."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from swimlanes.wall.base import Base, FromPanels, Nothing


class _Raising(Struct, forbid_unknown_fields=True):
    place: Annotated[str, Meta(max_length=1000)] = ""


class _Lowering(Struct, forbid_unknown_fields=True):
    number: int


class Raise(FromPanels):
    """A hand goes up."""

    async def post(self) -> None:
        """Raise that of the seat whose token came with it, and say how it stands."""
        seat, name = await self.sender()
        self.wall.room.raise_hand(seat, name, self.sent(_Raising).place)
        self.finish(msgspec.to_builtins(self.wall.room.hands.standing(seat)))


class Own(FromPanels):
    """The own hand."""

    async def post(self) -> None:
        """Say how it stands."""
        seat = await self.seat()
        self.sent(Nothing)
        self.wall.room.check_open()
        self.finish(msgspec.to_builtins(self.wall.room.hands.standing(seat)))


class LowerOwn(FromPanels):
    """A hand goes down again."""

    async def post(self) -> None:
        """Lower that of the seat whose token came with it."""
        seat = await self.seat()
        self.sent(Nothing)
        self.wall.room.hands.lower(seat)
        self.finish({})


class Up(Base):
    """All hands that are up."""

    async def get(self) -> None:
        """List them for the instructor alone: names are among them."""
        await self.instructor_only()
        await self.give(msgspec.json.encode({"hands": self.wall.room.hands.up}))


class Lower(Base):
    """The instructor has helped."""

    async def post(self) -> None:
        """Lower a hand."""
        await self.instructor_only()
        self.wall.room.hands.lower_number(self.sent(_Lowering).number)
        self.finish({})


class LowerAll(Base):
    """The instructor talks to all."""

    async def post(self) -> None:
        """Lower every hand up to the last one that the instructor has seen."""
        await self.instructor_only()
        self.wall.room.hands.lower_up_to(self.sent(_Lowering).number)
        self.finish({})


def routes(prefix: str) -> list[tuple[str, type[Base]]]:
    """Return the addresses below a prefix."""
    return [
        (f"{prefix}hand", Own),
        (f"{prefix}hand/raise", Raise),
        (f"{prefix}hand/lower", LowerOwn),
        (f"{prefix}hands", Up),
        (f"{prefix}hands/lower", Lower),
        (f"{prefix}hands/lower-all", LowerAll),
    ]
