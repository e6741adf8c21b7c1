"""What the class is told, in a lab: from a real wall, and from what only answers at its address."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from swimlanes import notices
from swimlanes.notices import Notices
from swimlanes.wall import client
from swimlanes.wall.told import MOST_BYTES, Told


@pytest.fixture(autouse=True)
def home(home, monkeypatch):
    """Begin in a home of its own, and look often whether it has joined a wall."""
    monkeypatch.setattr(notices, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(notices, "AT_MOST_EVERY_S", 0.01)
    return home


def told(following):
    return msgspec.json.decode(following.news.latest, type=Told)


async def until(following, condition):
    """Wait until what is told fits."""
    async with asyncio.timeout(30):
        while not condition(told(following)):
            await following.news.newer_than(following.news.mark, 30)


def test_a_lab_hears_what_the_class_is_told_from_when_it_joins(opened, run_async):
    polls = opened.room.polls

    async def listen():
        following = Notices()
        with following.listening(), following.listening():
            assert told(following) == Told()
            await asyncio.to_thread(client.join, opened.base, opened.identity.code)
            polls.open("04/own-globals")
            await until(following, lambda now: now.poll)
            assert not told(following).poll.ended
            polls.end()
            await until(following, lambda now: now.poll.ended)
            assert len(opened.wall.viewers) <= 1, "one connection for all pages"
            polls.put_away()
            await until(following, lambda now: not now.poll)
        assert following.pages == 0
        assert following._following is None

    run_async(listen())


@pytest.mark.attack("answer labs with rubbish, megabytes or a way elsewhere", "nothing is taken")
@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, b"<b>"),
        (200, b"[" * 20_000),
        (200, b'{"poll": {"poll": 1}}'),
        (200, b'{"poll": null}' + b" " * MOST_BYTES),
        (302, b'{"poll": null}'),
        (500, b'{"poll": null}'),
        (401, b'{"sentence": "The wall does not know you."}'),
    ],
)
def test_a_wall_that_is_none_tells_nothing(answering, run_async, status, content):
    assert run_async(answering(status, content)) is None


def test_only_what_is_known_is_handed_on(answering, run_async):
    content = json.dumps({"poll": None, "evil": "<script>"}).encode()
    heard = run_async(answering(200, content))
    assert json.loads(heard.content) == {"poll": None}
    assert run_async(answering(304, b"")).content == b""


@pytest.fixture
def answering():
    """Return a function that asks something that answers like this at a wall's address."""
    servers = []

    async def asked(status, content):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/elsewhere" else status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        serving.handle_error = lambda *_: None  # the lab hung up in the middle
        threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(serving)
        place = client.Place(f"http://127.0.0.1:{serving.server_port}", "token")
        return await notices._asked(notices._asking(), place, "")

    yield asked
    for serving in servers:
        serving.shutdown()
        serving.server_close()
