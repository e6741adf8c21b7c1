"""What the class is told, from its wall to a lab's open pages: an extension of Jupyter's server.

A lab has one connection to the wall, as long as a page listens, and none without a wall. A page
hears something only if something changes, so that it costs a measurement nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import httpx  # noqa: TID251 - told to ask no proxy; unlike others, it can be cancelled
import msgspec
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from msgspec import Struct
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from swimlanes.course.texts import NOTEBOOK
from swimlanes.errors import SwimlanesError
from swimlanes.wall import client, clock
from swimlanes.wall.news import STILL_HERE_S, News
from swimlanes.wall.shared import NO_JSON
from swimlanes.wall.told import MOST_BYTES, Sent, Told, stamped, taken

LOOK_EVERY_S = 2.0
"""How often a lab looks into its home whether it has joined a wall meanwhile."""
AT_MOST_EVERY_S = 0.5
"""A wall is not asked more often, whatever it answers."""
AGAIN_S = 5.0, 60.0
"""After how long a wall that does not answer is asked again, at first and at most."""
HEARTBEAT_S = 45.0
MOST_PAGES = 30
_NOTHING = msgspec.json.encode(Told())


class _Heard(NamedTuple):
    mark: str
    content: bytes


class Notices:
    """What the wall tells, while somebody listens; paths begin in the server's root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._asked: client.Place | None = None
        self._mark = ""
        self.news = News(_NOTHING)
        self.pages = 0
        self._following: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Follow the wall for a page."""
        self.pages += 1
        if not self._following:
            self._look()  # not even at first does a page hear of a wall that was left
            self._following = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            self.pages -= 1
            if not self.pages:
                self._following.cancel()
                self._following = None

    def _look(self) -> client.Place | None:
        """Return where this lab has a seat.

        What the same wall told before holds on: a page that comes back loses nothing by that.
        """
        if (place := client.find()) != self._asked:
            self._asked, self._mark = place, ""
            self.news.tell(_NOTHING)
        return place

    async def _follow(self) -> None:
        """Hear the wall that this lab has joined, and as soon as that is another one, that one."""
        while True:
            place = self._look()
            hearing = asyncio.create_task(self._hear(place))
            try:
                while client.find() == place:
                    await asyncio.sleep(LOOK_EVERY_S)
            finally:
                hearing.cancel()

    async def _hear(self, place: client.Place | None) -> None:
        """Tell what a wall tells; where there is none, nothing."""
        pause_s = 0.0  # no pause while the wall answers
        while place is not None:
            if heard := await _asked(place, self._mark, self._root):
                self._mark, pause_s = heard.mark, 0.0
                if heard.content:
                    self.news.tell(heard.content)
            else:
                if pause_s:  # one lost answer closes nothing, least of all a vote half made
                    self.news.tell(_NOTHING)
                self._mark, pause_s = "", min(2 * pause_s or AGAIN_S[0], AGAIN_S[1])
            await asyncio.sleep(pause_s or AT_MOST_EVERY_S)


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates that this computer trusts."""
    return ssl.create_default_context()


async def _asked(place: client.Place, mark: str, root: Path) -> _Heard | None:
    """Return what the wall tells: no content if it is what was marked, None if it does not tell.

    Whoever cancels this ends the connection: the wall counts those of a seat.
    """
    try:
        async with asyncio.timeout(STILL_HERE_S + client.WITHIN_S), _asking(place, mark) as answer:
            if answer.status_code == HTTPStatus.NOT_MODIFIED:
                return _Heard(mark, b"")
            # Encoded anew, it holds nothing but what was looked at.
            told = msgspec.json.encode(_in_this_lab(taken(await _content(answer)), root))
    except Exception:  # whatever it answers, the lab goes on
        return None
    known = answer.headers.get("ETag", "")
    return _Heard(known, told) if answer.status_code == HTTPStatus.OK else None


@contextlib.asynccontextmanager
async def _asking(place: client.Place, mark: str) -> AsyncIterator[httpx.Response]:
    """Ask the wall directly, and follow it nowhere: the token is for the wall and nobody else."""
    limits = httpx.Timeout(None, connect=client.WITHIN_S)
    headers = {**place.proof, "If-None-Match": mark, "Accept-Encoding": "identity"}
    async with (
        httpx.AsyncClient(verify=_trusted(), trust_env=False, timeout=limits) as asking,
        asking.stream("GET", f"{place.address}/class", headers=headers) as answer,
    ):
        yield answer


async def _content(answer: httpx.Response) -> bytes:
    """Return what came, but no more than a wall tells; a little may unpack to very much."""
    content = b""
    async for piece in answer.aiter_raw():
        content += piece
        if len(content) > MOST_BYTES:
            raise ValueError(len(content))
    return content


def _in_this_lab(sent: Sent, root: Path) -> Told:
    """Return what is told with the path of the lesson here, and a timer by the clock of here."""
    lesson, timer = sent.lesson, sent.timer
    if lesson:
        lesson = msgspec.structs.replace(lesson, path=_path_of(lesson.file, root))
    if timer:
        left_s = min(max(0.0, timer.ends_s - sent.now_s), 60.0 * timer.minutes)
        timer = msgspec.structs.replace(timer, ends_s=round(clock.now_s() + left_s, 2))
    return Told(sent.poll, sent.announcement, lesson, timer)


def _path_of(file: str, root: Path) -> str:
    """Return a lesson's path from the server's root, empty if the course here has it not."""
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        course = Path.home().resolve() / "course"
        page = course / file
        if ".." not in page.parts and page.is_relative_to(course) and page.suffix == NOTEBOOK:
            return page.relative_to(root).as_posix() if page.is_file() else ""
    return ""


class ClassHandler(JupyterHandler):
    """What a page listens to."""

    @authenticated
    async def get(self) -> None:
        """Tell what there is, and then what is new."""
        notices: Notices = self.settings["swimlanes_notices"]
        if notices.pages >= MOST_PAGES:
            self.set_status(429)
            return
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self._listening = asyncio.current_task()
        mark = ""
        with notices.listening(), contextlib.suppress(StreamClosedError, asyncio.CancelledError):
            while True:
                newer = await notices.news.newer_than(mark, HEARTBEAT_S)
                mark = notices.news.mark
                state = stamped(notices.news.latest, clock.now_s())
                self.write(b"data: %b\n\n" % state if newer else b":\n\n")
                await self.flush()

    def on_connection_close(self) -> None:
        """Let the wall alone as soon as nobody listens."""
        if listening := getattr(self, "_listening", None):
            listening.cancel()


class _Vote(Struct, forbid_unknown_fields=True):
    poll: str
    chosen: tuple[int, ...]


class VoteHandler(JupyterHandler):
    """What a page votes for."""

    @authenticated
    async def post(self) -> None:
        """Hand it on to the wall, and say what is in the way."""
        try:
            vote = msgspec.json.decode(self.request.body, type=_Vote)
            if (place := client.find()) is None:
                raise client.Refused("This lab has joined no wall: join it in the panel first.")
            await asyncio.to_thread(client.vote, place, vote.poll, vote.chosen)
        except SwimlanesError as error:
            self.finish({"sentence": str(error)})
        except NO_JSON:
            self.set_status(400)
            self.finish({"sentence": "This is no vote."})
        else:
            self.finish({"sentence": ""})


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Say to Jupyter's server what it loads."""
    return [{"module": "swimlanes.notices"}]


def _load_jupyter_server_extension(server: Any) -> None:  # noqa: ANN401 - a ServerApp
    """Add our addresses to Jupyter's."""
    server.web_app.settings["swimlanes_notices"] = Notices(Path(server.root_dir).resolve())
    base = server.web_app.settings["base_url"]
    handlers = [
        (url_path_join(base, "swimlanes", "class"), ClassHandler),
        (url_path_join(base, "swimlanes", "vote"), VoteHandler),
    ]
    server.web_app.add_handlers(".*$", handlers)
