"""The addresses of polls: the instructor opens and ends them, and labs vote."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from swimlanes.wall import polls
from swimlanes.wall.base import Base, FromPanels

_Name = Annotated[str, Meta(max_length=1000)]


class _Opening(Struct, forbid_unknown_fields=True):
    name: _Name


class _Meant(Struct, forbid_unknown_fields=True):
    poll: _Name


class _Vote(Struct, forbid_unknown_fields=True):
    poll: _Name
    chosen: Annotated[tuple[int, ...], Meta(max_length=100)]


class Questions(Base):
    """The questions that the course has."""

    async def get(self) -> None:
        """List them for the instructor, without their answers: the page is on the projector."""
        await self.instructor_only()
        found, faults = polls.listed()
        await self.give(msgspec.json.encode({"questions": found, "faults": faults}))


class Open(Base):
    """A poll begins."""

    async def post(self) -> None:
        """Put a question to the class."""
        await self.instructor_only()
        self.wall.room.check_open()
        self.wall.room.polls.open(self.sent(_Opening).name)
        self.finish({})


class End(Base):
    """A poll ends."""

    async def post(self) -> None:
        """Show the answer."""
        await self.instructor_only()
        self.wall.room.polls.check(self.sent(_Meant).poll)
        self.wall.room.polls.end()
        self.finish({})


class PutAway(Base):
    """A poll leaves the wall."""

    async def post(self) -> None:
        """Forget it."""
        await self.instructor_only()
        self.wall.room.polls.check(self.sent(_Meant).poll)
        self.wall.room.polls.put_away()
        self.finish({})


class Vote(FromPanels):
    """What somebody votes for."""

    async def post(self) -> None:
        """Take the vote of the seat whose token came with it."""
        seat, sent = await self.seat(), self.sent(_Vote)
        self.wall.room.polls.vote(seat, sent.poll, sent.chosen)
        self.finish({})


def routes(prefix: str) -> list[tuple[str, type[Base]]]:
    """Return the addresses below a prefix."""
    return [
        (f"{prefix}questions", Questions),
        (f"{prefix}poll/open", Open),
        (f"{prefix}poll/end", End),
        (f"{prefix}poll/away", PutAway),
        (f"{prefix}vote", Vote),
    ]
