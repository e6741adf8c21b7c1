"""The addresses at which the instructor tells the class something, and takes it back."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from swimlanes.wall import steering
from swimlanes.wall.base import Base


class _Announcing(Struct, forbid_unknown_fields=True):
    text: str
    link: str = ""


class _Offering(Struct, forbid_unknown_fields=True):
    file: str


class _Timing(Struct, forbid_unknown_fields=True):
    minutes: Annotated[int, Meta(ge=-9999, le=9999)]


class _TakingBack(Struct, forbid_unknown_fields=True):
    kind: steering.Kind
    name: str


class Lessons(Base):
    """The lessons that the course has."""

    async def get(self) -> None:
        """List them for the instructor."""
        await self.instructor_only()
        found = steering.lessons()
        fault = "" if found else steering.NO_COURSE
        await self.give(msgspec.json.encode({"lessons": found, "fault": fault}))


class _Steered(Base):
    """What the instructor of a class that is open does."""

    async def post(self) -> None:
        """Do it."""
        await self.instructor_only()
        self.wall.room.check_open()
        self.steer(self.wall.room.steering)
        self.finish({})

    def steer(self, of: steering.Steering) -> None:
        """Do what was sent."""
        raise NotImplementedError


class Announce(_Steered):
    """A line for all."""

    def steer(self, of: steering.Steering) -> None:
        """Show it."""
        sent = self.sent(_Announcing)
        of.announce(sent.text, sent.link)


class Offer(_Steered):
    """The lesson to be at."""

    def steer(self, of: steering.Steering) -> None:
        """Offer it."""
        of.offer(self.sent(_Offering).file)


class StartTimer(_Steered):
    """A time for all."""

    def steer(self, of: steering.Steering) -> None:
        """Let it begin."""
        of.start_timer(self.sent(_Timing).minutes)


class TakeBack(_Steered):
    """What is over."""

    def steer(self, of: steering.Steering) -> None:
        """Forget it."""
        sent = self.sent(_TakingBack)
        of.check(sent.kind, sent.name)
        of.take_back(sent.kind)


def routes(prefix: str) -> list[tuple[str, type[Base]]]:
    """Return the addresses below a prefix."""
    return [
        (f"{prefix}lessons", Lessons),
        (f"{prefix}tell/announcement", Announce),
        (f"{prefix}tell/lesson", Offer),
        (f"{prefix}tell/timer", StartTimer),
        (f"{prefix}tell/back", TakeBack),
    ]
