"""The page's addresses. Each asks the hub who is there, and lets instructors in alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler, authenticated

from classroom.engine import Engine
from classroom.errors import ClassroomError
from classroom.roster import Account, read_roster
from classroom.services import WALL_PAGE
from classroom.settings import CLASS_FOLDER, ROSTER
from classroom.words import counted
from instructor import doctor, work
from instructor.errors import PageError
from instructor.hub import Hub
from instructor.notices import Notices
from instructor.people import MIB, Person, ago, people
from instructor.servers import for_everybody
from instructor.usage import seats_and_usage

T = TypeVar("T")
COLLECTING = ThreadPoolExecutor(4)
TAKEN_WITHIN_S = 60
"""A download that takes nothing for so long has been given up."""
STATIC = Path(__file__).with_name("static")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
templates = Environment(
    loader=PackageLoader("instructor"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
templates.globals |= {"MIB": MIB, "WALL_PAGE": WALL_PAGE, "ago": ago}


@dataclass
class Room:
    """What every page needs: where to ask, and what has happened."""

    class_name: str
    image: str
    hub: Hub
    engine: Engine
    prefix: str
    notices: Notices = field(default_factory=Notices)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def people(self) -> tuple[list[Person], str]:
        """Return everybody, and what stands in the way of knowing more about them."""
        members, measured = await asyncio.gather(
            self.hub.members(),
            asyncio.to_thread(seats_and_usage, self.engine),
            return_exceptions=True,
        )
        if isinstance(members, BaseException):
            raise members
        if isinstance(measured, PageError):
            return people(members, _accounts(), {}, {}), str(measured)
        if isinstance(measured, BaseException):
            raise measured
        return people(members, _accounts(), *measured), ""

    def begin(self, acting: Coroutine[object, object, None]) -> None:
        """Let something go on while the page is answered."""
        task = asyncio.create_task(acting)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


def _accounts() -> dict[str, Account]:
    return read_roster(CLASS_FOLDER / ROSTER).accounts


class Page(HubOAuthenticated, RequestHandler):
    """What all pages share: who may see them, and how a failure looks."""

    @property
    def room(self) -> Room:
        """The class."""
        return self.settings["room"]

    def set_default_headers(self) -> None:
        """Let the page load its own files alone, and stay out of frames and caches."""
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")

    def show(self, template: str, **values: object) -> None:
        """Answer with a template."""
        page = templates.get_template(template)
        xsrf = self.xsrf_token.decode()
        self.finish(page.render(room=self.room, now=datetime.now(UTC), xsrf=xsrf, **values))

    def write_error(self, status_code: int, **more: object) -> None:
        """Show a failure in one sentence."""
        error = more.get("exc_info", (None, None))[1]
        if isinstance(error, ClassroomError):
            self.set_status(503)
            sentence = str(error)
        else:
            sentence = getattr(error, "log_message", None) or self._reason
        self.finish(templates.get_template("error.html").render(room=self.room, sentence=sentence))

    def log_exception(self, kind: type, error: BaseException, trace: TracebackType) -> None:
        """Log what nobody foresaw; a sentence on the page is enough for the rest."""
        if not isinstance(error, ClassroomError):
            super().log_exception(kind, error, trace)


class Overview(Page):
    """Who is in."""

    @authenticated
    async def get(self) -> None:
        """Show the page."""
        everybody, trouble = await self.room.people()
        self.show("overview.html", people=everybody, trouble=trouble)


class People(Page):
    """The part of the overview that changes."""

    @authenticated
    async def get(self) -> None:
        """Show it alone."""
        everybody, trouble = await self.room.people()
        self.show("people.html", people=everybody, trouble=trouble)


class StartAll(Page):
    """Start the servers of those who are not in."""

    @authenticated
    async def post(self) -> None:
        """Begin, and go back to the overview."""
        everybody, _ = await self.room.people()
        # An instructor's own would take cores that a participant may need.
        names = {p.name: p.title for p in everybody if p.state == "stopped" and not p.admin}
        room = self.room
        if names:
            room.notices.say(f"Starting {counted(len(names), 'server')}.")
            room.begin(for_everybody(room.hub.start, names, "started", room.notices))
        else:
            room.notices.say("All servers are running already.")
        self.redirect(room.prefix, status=303)


class Stop(Page):
    """Stop all servers or one, once that was confirmed."""

    @authenticated
    async def get(self, name: str | None = None) -> None:
        """Ask."""
        self.show("stop.html", running=await self._running(name), action=self.request.path)

    @authenticated
    async def post(self, name: str | None = None) -> None:
        """Begin, and go back to the overview."""
        names = {person.name: person.title for person in await self._running(name)}
        room = self.room
        if names:
            room.notices.say(f"Stopping {counted(len(names), 'server')}.")
            room.begin(for_everybody(room.hub.stop, names, "stopped", room.notices))
        else:
            room.notices.say("No server is running.")
        self.redirect(room.prefix, status=303)

    async def _running(self, name: str | None) -> list[Person]:
        everybody, _ = await self.room.people()
        return [person for person in everybody if person.is_in and name in (None, person.name)]


class Doctor(Page):
    """A participant's doctor report."""

    @authenticated
    async def get(self, name: str) -> None:
        """Have it made, and show it."""
        if name not in {member.name for member in await self.room.hub.members()}:
            raise HTTPError(404, f"There is no participant {name!r} in this class.")
        report = await asyncio.to_thread(doctor.report, self.room.engine, name)
        account = _accounts().get(name)
        self.show("doctor.html", name=account.full_name if account else name, report=report)


class Work(Page):
    """Everybody's notebooks."""

    collection: work.Collection | None = None

    @authenticated
    async def get(self) -> None:
        """Send the zip file while it is made."""
        self.collection = work.Collection(self.room.engine, self.room.image)
        pieces = self.collection.pieces()
        name = f"work-{self.room.class_name}-{datetime.now(UTC):%Y-%m-%d-%H%M}.zip"
        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        try:
            while (piece := await self._collecting(next, pieces, None)) is not None:
                self.write(piece)
                await asyncio.wait_for(self.flush(), TAKEN_WITHIN_S)
        except (StreamClosedError, TimeoutError):
            self.request.connection.close()  # Half a file must not look whole.
        finally:
            self.collection.cancel()
            await self._collecting(pieces.close)

    def on_connection_close(self) -> None:
        """Read no further home for a download that was cancelled."""
        if self.collection:
            self.collection.cancel()

    async def _collecting(self, act: Callable[..., T], *arguments: object) -> T:
        # In threads of their own: those of the other pages stay free, however many wait here.
        return await asyncio.get_running_loop().run_in_executor(COLLECTING, act, *arguments)


def application(room: Room, cookie_secret: bytes) -> Application:
    """Return the application below ``room.prefix``."""
    prefix = room.prefix
    return Application(
        [
            (prefix, Overview),
            (f"{prefix}people", People),
            (f"{prefix}start", StartAll),
            (f"{prefix}stop(?:/([^/]+))?", Stop),
            (f"{prefix}doctor/([^/]+)", Doctor),
            (f"{prefix}work.zip", Work),
            (f"{prefix}oauth_callback", HubOAuthCallbackHandler),
            (f"{prefix}static/(.*)", StaticFileHandler, {"path": STATIC}),
        ],
        room=room,
        cookie_secret=cookie_secret,
        xsrf_cookies=True,
    )
