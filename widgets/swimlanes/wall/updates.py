"""The wall as its addresses know it: the room, who is who, and what all who look are shown."""

from __future__ import annotations

import asyncio
import contextlib
from functools import lru_cache

from swimlanes.wall import view
from swimlanes.wall.identity import Identity
from swimlanes.wall.room import Classroom

EVERY_S = 0.5
"""How often the page hears of changes at most."""
STILL_HERE_S = 15.0
"""After so long without a change it hears that the wall is still there."""
_KEPT_PICTURES = 8


class Updates:
    """The state of the room for all who look, rendered at most twice a second."""

    def __init__(self, room: Classroom) -> None:
        self._room = room
        self._revision = room.revision
        self._newer = asyncio.Event()
        self.revisions: dict[int, int] = {}
        """The revisions of the topics in the frame."""
        self.frame = self._rendered()

    async def keep_up(self) -> None:
        """Render what changed, for as long as the wall is there."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self._room.revision != self._revision:
                self._revision = self._room.revision
                self.frame = self._rendered()
                self._newer.set()
                self._newer = asyncio.Event()

    async def newer_than(self, frame: bytes) -> bytes:
        """Return the next frame, or a sign of life if nothing changes."""
        if frame is self.frame:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._newer.wait(), STILL_HERE_S)
        return self.frame

    def _rendered(self) -> bytes:
        self.revisions = {topic.number: topic.revision for topic in self._room.topics}
        return b"data: " + view.state(self._room) + b"\n\n"


class Wall:
    """What every address needs: the room, who is who, and who looks."""

    def __init__(self, room: Classroom, identity: Identity) -> None:
        self.room = room
        self.identity = identity
        self.updates = Updates(room)
        self.viewers: dict[object, str | None] = {}
        """The pages that listen, with their seats."""
        self._rendered = lru_cache(_KEPT_PICTURES)(self._render)

    def topic(self, number: int) -> bytes:
        """Return a topic for the page, as it was in the last frame or later."""
        return self._rendered(number, self.updates.revisions.get(number, 0))

    def close(self) -> None:
        """Forget the class, and its pictures with it."""
        self.room.close()
        self._rendered.cache_clear()

    def _render(self, number: int, _: int) -> bytes:
        return view.topic(self.room.topic(number))
