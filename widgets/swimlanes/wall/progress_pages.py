"""The addresses of progress: labs tell how far somebody is, and take it back."""

from __future__ import annotations

import asyncio
from typing import Any

from swimlanes.wall.base import Base, FromPanels, Nothing
from swimlanes.wall.progress import Progress


class Tell(FromPanels):
    """How far somebody is."""

    def initialize(self, begins: bool) -> None:
        """Let somebody begin to tell it, or go on alone."""
        self._begins = begins

    async def post(self) -> None:
        """Take it, for the seat whose token came with it."""
        seat, told = await self.seat(), self.sent(Progress)
        self.wall.room.check_open()
        progress = self.wall.room.progress
        progress.expect(seat, self._begins)
        if progress.unknown(told):
            agreed = progress.agreement(seat)
            await asyncio.to_thread(progress.read_course)
            self.wall.room.check_open()  # still
            if progress.agreement(seat) != agreed:  # taken back meanwhile, or another class
                progress.expect(seat, begins=False)
        progress.tell(seat, told)
        self.finish({})


class TakeBack(FromPanels):
    """Somebody tells no more how far they are."""

    async def post(self) -> None:
        """Forget what the seat told whose token came with it."""
        seat = await self.seat()
        self.sent(Nothing)
        self.wall.room.progress.take_back(seat)
        self.finish({})


def routes(prefix: str) -> list[tuple[str, type[Base], dict[str, Any]]]:
    """Return the addresses below a prefix."""
    return [
        (f"{prefix}progress/begin", Tell, {"begins": True}),
        (f"{prefix}progress", Tell, {"begins": False}),
        (f"{prefix}progress/away", TakeBack, {}),
    ]
