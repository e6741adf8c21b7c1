"""What all addresses of the wall share: who asks, what was sent, and how an answer looks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from types import TracebackType
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from tornado.httputil import split_host_and_port
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from swimlanes.brief import cut
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.wall.identity import JoinCode, Who, WrongCode
from swimlanes.wall.refusals import NothingThere, TooMuch
from swimlanes.wall.shared import NO_JSON
from swimlanes.wall.updates import Wall

TAKEN_WITHIN_S = 10.0
"""A page that takes nothing for so long has gone."""
WHOLE_WITHIN_S = 60.0
"""So long it may take at most until somebody has an answer."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COOKIE = "swimlanes-wall"
STREAM = "text/event-stream"
"""What comes piece by piece, and never to an end."""
_PIECE = 65_536
"""So many bytes at most wait for one who is slow to read: many such readers take little memory."""
_REFUSALS = {TooMuch: 429, WrongCode: 403, NothingThere: 404, RequestError: 400}

S = TypeVar("S", bound=Struct)


def cookie_of(host: str) -> str:
    """Return the cookie's name at an address: cookies know no ports, and each may have a wall."""
    port = split_host_and_port(host)[1]
    return COOKIE if port is None else f"{COOKIE}-{port}"


class Base(RequestHandler):
    """What all addresses share: who asks, and how a failure looks."""

    _begun = _gone = False
    _waiting: asyncio.Task[Any] | None = None

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
        who = await self.known(self.kept if secret is None else secret)
        if who is None:
            identity = self.wall.identity
            # Without a code, nobody is to join.
            raise HTTPError(401 if identity.code else 403, identity.unknown)
        return who

    async def known(self, secret: str | None) -> Who | None:
        """Return whose secret this is, if it is anybody's."""
        return await self.wall.identity.who(secret) if secret else None

    @property
    def kept(self) -> str | None:
        """The secret that the browser keeps for this wall."""
        return self.get_cookie(cookie_of(self.request.host))

    def remember(self, secret: str) -> None:
        """Let the browser keep a secret, for the wall alone."""
        secure = self.request.protocol == "https"
        path = self.wall.identity.prefix
        name = cookie_of(self.request.host)
        self.set_cookie(name, secret, path=path, httponly=True, samesite="Strict", secure=secure)

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
        if kind != STREAM:
            self.set_header("Content-Length", len(content))
        self._begun = True
        try:
            async with asyncio.timeout(WHOLE_WITHIN_S):
                for start in range(0, len(content), _PIECE):
                    self.write(content[start : start + _PIECE])
                    async with asyncio.timeout(TAKEN_WITHIN_S):
                        await self.flush()
        except (StreamClosedError, TimeoutError):
            self.request.connection.close()  # type: ignore[union-attr]
            return False
        return True

    def send_error(self, status_code: int = 500, **more: Any) -> None:  # noqa: ANN401
        """Say a failure, unless an answer has begun, as where the wall ends while pages listen."""
        if self._begun:
            self.finish()
        else:
            super().send_error(status_code, **more)

    @contextlib.contextmanager
    def until_gone(self) -> Iterator[None]:
        """Let something wait no longer than somebody waits for it, so that nobody piles it up."""
        self._waiting = asyncio.current_task()
        try:
            yield
        except asyncio.CancelledError:
            if not self._gone:  # the wall ends
                raise

    def on_connection_close(self) -> None:
        """Make room for others as soon as one who waited has gone."""
        if self._waiting:
            self._gone = True
            self._waiting.cancel()

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


class Nothing(Struct, forbid_unknown_fields=True):
    """What is sent where the address says all."""


class FromPanels(Base):
    """What panels send: they bring what proves who they are, and no cookie does."""

    def check_xsrf_cookie(self) -> None:
        """Do without: no other page can know a token or a code."""

    async def seat(self) -> str:
        """Return whose seat's token came with what is sent."""
        return (await self.sender())[0]

    async def sender(self) -> tuple[str, str]:
        """Return the seat whose token came with what is sent, and its account's name, if any."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        who = await self.who(token if scheme == "Bearer" else "")
        if who.seat is None:
            raise HTTPError(403, "Only a participant who has joined can do that.")
        return who.seat, who.name
