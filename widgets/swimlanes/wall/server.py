"""The wall's addresses: what panels send, what the page shows, and what the instructor does.

The page gets a word whenever something changed (server-sent events), and then asks for what it
shows. Everything is rendered once for all who look.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import ssl
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream, StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler

from swimlanes.brief import cut
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.wall import recorded, view
from swimlanes.wall.identity import Identity, JoinCode, Who, WrongCode
from swimlanes.wall.room import Classroom, NothingThere, TooMuch, entries_of
from swimlanes.wall.shared import MOST_BYTES, NO_JSON, decoded

PAGE = Path(__file__).with_name("page")
EVERY_S = 0.5
"""How often the page hears of changes at most."""
STILL_HERE_S = 15.0
"""After so long without a change it hears that the wall is still there."""
TAKEN_WITHIN_S = 10.0
"""A page that takes nothing for so long has gone."""
MOST_VIEWERS = 150
MOST_OF_A_VIEWER = 5
MOST_CONNECTIONS = 300
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COOKIE = "swimlanes-wall"
_FULL = b"Too many connections: close some pages of the wall, then try again.\n"
_STILL_HERE = b": still here\n\n"
_REFUSALS = {TooMuch: 429, WrongCode: 403, NothingThere: 404, RequestError: 400}
_KEPT_PICTURES = 8

S = TypeVar("S", bound=Struct)
_Text = Annotated[str, Meta(max_length=1000)]


class _Code(Struct, forbid_unknown_fields=True):
    code: _Text


class _Hiding(Struct, forbid_unknown_fields=True):
    person: int
    hidden: bool


class _Note(Struct, forbid_unknown_fields=True):
    person: int
    note: _Text


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
        self.viewers: dict[Events, str | None] = {}
        """Their seats."""
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


class Base(RequestHandler):
    """What all addresses share: who asks, and how a failure looks."""

    @property
    def wall(self) -> Wall:
        """The wall."""
        wall: Wall = self.settings["wall"]
        return wall

    def set_default_headers(self) -> None:
        """Let the page load its own files alone, and stay out of frames and caches."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    async def who(self, secret: str | None = None) -> Who:
        """Return who asks; those who may not even look are refused."""
        who = await self.known(self.get_cookie(COOKIE) if secret is None else secret)
        if who is None:
            identity = self.wall.identity
            # Without a code, nobody is to join.
            raise HTTPError(401 if identity.code else 403, identity.unknown)
        return who

    async def known(self, secret: str | None) -> Who | None:
        """Return whose secret this is, if it is anybody's."""
        return await self.wall.identity.who(secret) if secret else None

    def remember(self, secret: str) -> None:
        """Let the browser keep a secret, for the wall alone."""
        secure = self.request.protocol == "https"
        path = self.wall.identity.prefix
        self.set_cookie(COOKIE, secret, path=path, httponly=True, samesite="Strict", secure=secure)

    def join_code(self) -> JoinCode:
        """Return what takes codes, or say that nothing does."""
        if not isinstance(self.wall.identity, JoinCode):
            raise HTTPError(404, "This wall has no join code: the hub knows you already.")
        return self.wall.identity

    async def instructor_only(self) -> None:
        """Refuse everybody else."""
        if not (await self.who()).instructor:
            raise HTTPError(403, "Only the instructor can do that.")

    def sent(self, kind: type[S]) -> S:
        """Return what was sent as JSON."""
        self.check_json()
        try:
            return msgspec.json.decode(self.request.body, type=kind)
        except NO_JSON as error:
            raise HTTPError(400, "What was sent does not fit: %s.", cut(str(error))) from error

    def check_json(self) -> None:
        """Refuse what a form of another page could send."""
        kind = self.request.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind != "application/json":
            raise HTTPError(415, "The wall takes JSON alone.")

    async def give(self, content: bytes, kind: str = "application/json") -> bool:
        """Answer, and hang up on those who take nothing; return whether it was taken."""
        self.set_header("Content-Type", kind)
        self.write(content)
        try:
            await asyncio.wait_for(asyncio.ensure_future(self.flush()), TAKEN_WITHIN_S)
        except (StreamClosedError, TimeoutError):
            self.request.connection.close()  # type: ignore[union-attr]
            return False
        return True

    def write_error(self, status_code: int, **more: Any) -> None:  # noqa: ANN401
        """Say a failure in one sentence."""
        error = more.get("exc_info", (None, None))[1]
        if isinstance(error, SwimlanesError):
            kinds = (status for kind, status in _REFUSALS.items() if isinstance(error, kind))
            self.set_status(next(kinds, 503))
            sentence = str(error)
        elif isinstance(error, HTTPError) and error.log_message:
            sentence = error.log_message % error.args if error.args else error.log_message
        else:
            sentence = self._reason
        self.set_header("Content-Type", "application/json")
        self.finish(msgspec.json.encode({"sentence": sentence}))

    def log_exception(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Log what nobody foresaw; a sentence to the sender is enough for the rest."""
        if not isinstance(error, SwimlanesError | HTTPError | StreamClosedError):
            super().log_exception(kind, error, trace)


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
        who = await self.known(self.get_cookie(COOKIE))
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
        who = await self.who()
        viewers, updates = self.wall.viewers, self.wall.updates
        self._refuse_too_many(who)
        viewers[self] = who.seat
        frame, taken = b"", True
        try:
            while taken and self in viewers:
                newer = await updates.newer_than(frame)
                told = _STILL_HERE if newer is frame else newer
                taken = await self.give(told, "text/event-stream")
                frame = newer
        finally:
            viewers.pop(self, None)

    def _refuse_too_many(self, who: Who) -> None:
        """Let nobody fill the wall for all; there is room for the instructor always."""
        seats = list(self.wall.viewers.values())
        if who.seat and seats.count(who.seat) >= MOST_OF_A_VIEWER:
            raise TooMuch(f"You have this wall on {MOST_OF_A_VIEWER} pages already: close one.")
        if len(seats) >= MOST_VIEWERS and not who.instructor:
            raise TooMuch(f"{MOST_VIEWERS} pages show this wall already: close one of yours.")

    def on_connection_close(self) -> None:
        """Make room for others."""
        self.wall.viewers.pop(self, None)


class Topic(Base):
    """One topic with its picture."""

    async def get(self, number: str) -> None:
        """Give it to whoever may look."""
        await self.who()
        await self.give(self.wall.topic(int(number)))


class FromPanels(Base):
    """What panels send: they bring what proves who they are, and no cookie does."""

    def check_xsrf_cookie(self) -> None:
        """Do without: no other page can know a token or a code."""


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
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        seat = (await self.who(token if scheme == "Bearer" else "")).seat
        if seat is None:
            raise HTTPError(403, "Only a participant who has joined can share something.")
        self.finish({"number": self.wall.room.share(seat, decoded(self.request.body))})


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
        """Forget everything."""
        await self.instructor_only()
        self.wall.close()
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
        if self._open >= MOST_CONNECTIONS:
            head = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
            told = stream.write(head + b"Content-Length: %d\r\n\r\n" % len(_FULL) + _FULL)
            told.add_done_callback(lambda _: stream.close())
            return
        self._open += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """Make room for another connection."""
        self._open -= 1
        super().on_close(server_conn)


def server_of(wall: Wall, context: ssl.SSLContext | None = None) -> Server:
    """Return a server that neither many nor slow nor long requests bring to its knees."""
    return Server(
        application(wall),
        ssl_options=context,
        idle_connection_timeout=60.0,
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
            (f"{prefix}(page.css|page.js)", Files, {"path": PAGE}),
            (f"{prefix}enter", Entrance),
            (f"{prefix}events", Events),
            (topic, Topic),
            (f"{prefix}join", Join),
            (f"{prefix}share", Share),
            (f"{topic}/hide", Hide),
            (f"{topic}/explain", Explain),
            (f"{prefix}close", Close),
            (f"{prefix}class.csv", Table),
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
