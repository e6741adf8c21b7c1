"""The wall as its addresses know it: the room, who is who, and what all who look are shown."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from functools import lru_cache

from swimlanes.wall import view
from swimlanes.wall.identity import Identity, Who
from swimlanes.wall.news import News
from swimlanes.wall.refusals import TooMuch
from swimlanes.wall.room import Classroom

EVERY_S = 0.5
"""How often the page hears of changes at most."""
MOST_VIEWERS = 150
MOST_OF_A_VIEWER = 5
MOST_GIVEN = 16
"""So many topics at most are on their way: each may have more than a megabyte."""
_KEPT_PICTURES = 8


class Updates:
    """The state of the room for the pages and for the labs, rendered at most twice a second."""

    def __init__(self, room: Classroom) -> None:
        self._room = room
        self._revision = room.revision
        self.revisions: dict[int, int] = {}
        """The revisions of the topics that the pages know."""
        self.pages = News(self._state())
        self.labs = News(view.told(room))

    async def keep_up(self) -> None:
        """Render what changed, for as long as the wall is there."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self._room.revision != self._revision:
                self._revision = self._room.revision
                self.pages.tell(self._state())
                self.labs.tell(view.told(self._room))

    def _state(self) -> bytes:
        self.revisions = {topic.number: topic.revision for topic in self._room.topics}
        return view.state(self._room)


class Wall:
    """What every address needs: the room, who is who, and who looks."""

    def __init__(self, room: Classroom, identity: Identity) -> None:
        self.room = room
        self.identity = identity
        self.updates = Updates(room)
        self.viewers: dict[object, str | None] = {}
        """The pages and labs that listen, with their seats."""
        self.giving = asyncio.Semaphore(MOST_GIVEN)
        """Whoever is given a topic."""
        self._rendered = lru_cache(_KEPT_PICTURES)(self._render)

    def topic(self, number: int) -> bytes:
        """Return a topic for the page, as it was in the last frame or later."""
        return self._rendered(number, self.updates.revisions.get(number, 0))

    @contextlib.contextmanager
    def listened_to(self, viewer: object, who: Who) -> Iterator[None]:
        """Count who listens, and let nobody fill the wall; the instructor always has room."""
        seats = list(self.viewers.values())
        if who.seat and seats.count(who.seat) >= MOST_OF_A_VIEWER:
            raise TooMuch(f"You have this wall on {MOST_OF_A_VIEWER} pages already: close one.")
        if len(seats) >= MOST_VIEWERS and not who.instructor:
            raise TooMuch(f"{MOST_VIEWERS} pages show this wall already: close one of yours.")
        self.viewers[viewer] = who.seat
        try:
            yield
        finally:
            self.viewers.pop(viewer, None)

    def close(self) -> None:
        """Forget the class, and its pictures with it."""
        self.room.close()
        self._rendered.cache_clear()

    def _render(self, number: int, _: int) -> bytes:
        return view.topic(self.room.topic(number))
