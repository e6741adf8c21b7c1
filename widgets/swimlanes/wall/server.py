"""The wall's addresses: what panels send, what the page shows, and what the instructor does.

The page gets a word whenever something changed (server-sent events), and then asks for what it
shows. Everything is rendered once for all who look.
"""

from __future__ import annotations

import secrets
import socket
import ssl
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream, SSLIOStream
from tornado.web import Application, HTTPError, StaticFileHandler

from swimlanes.wall import hand_pages, poll_pages, progress_pages, recorded, steering_pages
from swimlanes.wall.base import STREAM, TAKEN_WITHIN_S, Base, FromPanels
from swimlanes.wall.identity import Who
from swimlanes.wall.news import STILL_HERE_S
from swimlanes.wall.room import entries_of
from swimlanes.wall.shared import MOST_BYTES, decoded
from swimlanes.wall.told import stamped
from swimlanes.wall.updates import Wall

PAGE = Path(__file__).with_name("page")
MOST_CONNECTIONS = 300
IDLE_S = 5.0
"""So long a connection may ask for nothing before others get its room."""
_FULL = b'{"sentence": "Too many connections: close some pages of the wall, then try again."}\n'
_STILL_HERE = b": still here\n\n"

_Text = Annotated[str, Meta(max_length=1000)]


class _Code(Struct, forbid_unknown_fields=True):
    code: _Text


class _Hiding(Struct, forbid_unknown_fields=True):
    person: int
    hidden: bool


class _Note(Struct, forbid_unknown_fields=True):
    person: int
    note: _Text


class _Closing(Struct, forbid_unknown_fields=True):
    opened: int


class Missing(Base):
    """Any other address."""

    def prepare(self) -> None:
        """Say so."""
        raise HTTPError(404, "There is nothing at this address of the wall.")


class Page(Base):
    """The page: the same for everybody, without anything that was shared."""

    def get(self) -> None:
        """Show it."""
        self.render("index.html", title=self.wall.room.title)


class Files(StaticFileHandler, Base):
    """The files of the page."""

    def set_extra_headers(self, path: str) -> None:
        """Give them the headers of all else."""
        self.set_default_headers()


class Entrance(Base):
    """Who looks at the page."""

    async def get(self) -> None:
        """Say who it is, if that is known; else whether to log in or to type a code."""
        who = await self.known(self.kept)
        unknown = {"joined": False, "login": not self.wall.identity.code}
        self.finish(unknown if who is None else self._told(who))

    async def post(self) -> None:
        """Let somebody in by the code, the own token or the instructor's key."""
        self.join_code()
        who = await self.who(self.sent(_Code).code)
        self.remember(who.secret)
        self.finish(self._told(who))

    def _told(self, who: Who) -> dict[str, object]:
        number, code = self.wall.room.number_of(who.seat), self.wall.identity.code
        return {"joined": True, "number": number, "instructor": who.instructor, "code": code}


class Events(Base):
    """What changed on the wall, as soon as it does."""

    async def get(self) -> None:
        """Tell it for as long as somebody listens."""
        who, news = await self.who(), self.wall.updates.pages
        seen, taken = "", True
        with self.until_gone(), self.wall.listened_to(self, who):
            while taken:
                newer = await news.newer_than(seen, STILL_HERE_S)
                state, seen = stamped(news.latest, self.wall.room.now_s), news.mark
                event = b"data: %b\n\n" % state if newer else _STILL_HERE
                taken = await self.give(event, STREAM)


class Topic(Base):
    """One topic with its picture."""

    async def get(self, number: str) -> None:
        """Give it to whoever may look, to some after others: slow readers hold what is large."""
        await self.who()
        with self.until_gone():
            async with self.wall.giving:
                await self.give(self.wall.topic(int(number)))


class Join(FromPanels):
    """A new seat."""

    def post(self) -> None:
        """Give its token to whoever knows the code."""
        self.finish({"token": self.join_code().join(self.sent(_Code).code)})


class Share(FromPanels):
    """What somebody shares."""

    async def post(self) -> None:
        """Take one item, for the seat whose token came with it."""
        self.check_json()
        seat = await self.seat()
        self.finish({"number": self.wall.room.share(seat, decoded(self.request.body))})


class Class(FromPanels):
    """What the class is told, for labs."""

    async def get(self) -> None:
        """Tell it: at once if the lab knows something else, or else when there is something new."""
        seat, news = await self.seat(), self.wall.updates.labs
        with self.until_gone(), self.wall.listened_to(self, Who("", seat)):
            known = self.request.headers.get("If-None-Match", "")
            newer = await news.newer_than(known, STILL_HERE_S)
            self.set_header("ETag", news.mark)
            if newer:
                await self.give(stamped(news.latest, self.wall.room.now_s))
            else:
                self.set_status(304)


class Hide(Base):
    """An entry leaves the wall, or comes back."""

    async def post(self, number: str) -> None:
        """Do so."""
        await self.instructor_only()
        wanted = self.sent(_Hiding)
        self.wall.room.hide(int(number), wanted.person, wanted.hidden)
        self.finish({})


class Explain(Base):
    """A note beside an entry."""

    async def post(self, number: str) -> None:
        """Put it there."""
        await self.instructor_only()
        wanted = self.sent(_Note)
        self.wall.room.explain(int(number), wanted.person, wanted.note)
        self.finish({})


class Close(Base):
    """The end of the class."""

    async def post(self) -> None:
        """Forget everything, of the class that was looked at and of no later one."""
        await self.instructor_only()
        if self.sent(_Closing).opened != self.wall.room.opened:
            raise HTTPError(404, "That class is closed. This is the next one: it stays open.")
        self.wall.close()
        self.finish({})


class Reopen(Base):
    """Another class on the same wall."""

    async def post(self) -> None:
        """Begin anew, with the same address and code."""
        await self.instructor_only()
        self.wall.room.reopen()
        self.finish({})


class Table(Base):
    """The class as CSV."""

    async def get(self) -> None:
        """Give it to the instructor."""
        await self.instructor_only()
        self.set_header("Content-Disposition", 'attachment; filename="class.csv"')
        await self.give(recorded.write(entries_of(self.wall.room)), "text/csv; charset=utf-8")


class Server(HTTPServer):
    """A server with so many connections at most."""

    _open = 0

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a connection, or say that there are too many."""
        _give_up_in_time(stream.socket)
        if self._open >= MOST_CONNECTIONS:
            _refuse(stream)
            return
        self._open += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """Make room for another connection."""
        self._open -= 1
        super().on_close(server_conn)


def _refuse(stream: IOStream) -> None:
    if isinstance(stream, SSLIOStream):  # it would have to be greeted before
        stream.close()
        return
    head = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
    kind = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_FULL)
    told = stream.write(head + kind + _FULL)
    told.add_done_callback(lambda _: stream.close())


def _give_up_in_time(line: socket.socket) -> None:
    """Let the system end a connection that takes nothing, whatever it is given."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        limit_ms = int(1000 * TAKEN_WITHIN_S)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, limit_ms)


def server_of(wall: Wall, context: ssl.SSLContext | None = None) -> Server:
    """Return a server that neither many nor slow nor long requests bring to its knees."""
    return Server(
        application(wall),
        ssl_options=context,
        idle_connection_timeout=IDLE_S,
        body_timeout=TAKEN_WITHIN_S,
        max_header_size=16_384,
        max_body_size=MOST_BYTES + 4096,  # a little more is refused in our own words
        max_buffer_size=2 * MOST_BYTES,
    )


def application(wall: Wall) -> Application:
    """Return the application."""
    prefix = wall.identity.prefix
    topic = f"{prefix}topics/([0-9]{{1,6}})"
    return Application(
        [
            (prefix, Page),
            (rf"{prefix}([a-z]+\.(?:css|js))", Files, {"path": PAGE}),
            (f"{prefix}enter", Entrance),
            (f"{prefix}events", Events),
            (topic, Topic),
            (f"{prefix}join", Join),
            (f"{prefix}share", Share),
            (f"{prefix}class", Class),
            (f"{topic}/hide", Hide),
            (f"{topic}/explain", Explain),
            (f"{prefix}close", Close),
            (f"{prefix}reopen", Reopen),
            (f"{prefix}class.csv", Table),
            *poll_pages.routes(prefix),
            *steering_pages.routes(prefix),
            *progress_pages.routes(prefix),
            *hand_pages.routes(prefix),
            *wall.identity.routes,
        ],
        default_handler_class=Missing,
        wall=wall,
        template_path=str(PAGE),
        cookie_secret=secrets.token_bytes(32),
        xsrf_cookies=True,
        # Not the name that Jupyter's pages use on the same computer.
        xsrf_cookie_name="swimlanes-wall-xsrf",
        xsrf_cookie_kwargs={"httponly": True, "samesite": "Strict"},
        log_function=lambda _: None,
    )
