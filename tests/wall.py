"""A real wall in the tests' own process, what asks it as its page does, and a hub's answers."""

import asyncio
import json
import linecache
import re
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs

import httpx
import pytest
from tornado.netutil import bind_sockets

from swimlanes.wall import base, client, server, updates
from swimlanes.wall.identity import JoinCode
from swimlanes.wall.room import Classroom

LOOK, STEER = "access:services!service=wall", "custom:wall:steer"


class StubHub:
    """What a hub says of tokens; it keeps count of the questions."""

    def __init__(self):
        self.owners, self.asked, self.fails = {}, [], False
        self.codes = {}

    def token_of(self, name, *scopes, kind="user"):
        token = f"token-of-{name}-{len(self.owners)}"
        self.owners[token] = {"kind": kind, "name": name, "scopes": list(scopes)}
        return token

    def answer(self, path, headers, body):
        """Return a status and what is told."""
        if self.fails:
            return 503, {}
        if path == "/hub/api/oauth2/token":
            code = parse_qs(body)["code"][0]
            return 200, {"access_token": self.codes.pop(code)}
        self.asked.append(headers["Authorization"].removeprefix("token "))
        owner = self.owners.get(self.asked[-1])
        return (200, owner) if owner else (403, {"message": "Missing or invalid credentials."})


@pytest.fixture
def stub_hub():
    """Serve a hub's interface for programs, at ``url``."""
    stub = StubHub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            status, told = stub.answer(self.path, self.headers, body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with serving(Handler) as base:
        stub.url = f"{base}/hub/api"
        yield stub


@contextmanager
def serving(handler):
    """Serve connections by a handler, and give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # somebody did not wait for an answer
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def identity():
    """Tell who is who by a join code."""
    return JoinCode("KQ7M-ZT2P")


@pytest.fixture
def hub_identity(stub_hub):
    """Tell who is who by the hub."""
    from swimlanes.wall.hub import HubIdentity

    return HubIdentity(stub_hub.url, "a-secret-of-the-wall")


class Opened(NamedTuple):
    base: str
    wall: updates.Wall
    hub: StubHub | None = None

    def place(self):
        """Return where another participant's panel shares."""
        if self.hub:
            return client.Place(self.base, self.hub.token_of(f"p{len(self.hub.owners)}", LOOK))
        return client.join(self.base, self.identity.code)

    @property
    def key(self):
        """What an instructor's browser has."""
        return self.hub.token_of("teacher", LOOK, STEER) if self.hub else self.identity.key

    @property
    def port(self):
        return httpx.URL(self.base).port

    @property
    def cookie(self):
        """Where a browser keeps a secret."""
        return base.cookie_of(httpx.URL(self.base).netloc.decode())

    @property
    def unknown(self):
        """The status of what nobody known has sent: only where codes are, one can join."""
        return 403 if self.hub else 401

    @property
    def room(self):
        return self.wall.room

    @property
    def identity(self):
        return self.wall.identity

    @contextmanager
    def asking(self, secret=None):
        """Give a client of the page; with a secret it has entered."""
        with httpx.Client(base_url=self.base, timeout=60, trust_env=False) as asking:
            page = asking.get("/").text
            asking.headers["X-XSRFToken"] = re.search('name="xsrf" content="([^"]+)"', page)[1]
            if secret and self.hub:
                asking.cookies.set(self.cookie, secret)
            elif secret:
                assert asking.post("/enter", json={"code": secret}).status_code == 200
            yield asking


@pytest.fixture
def opened(monkeypatch, identity, request):
    """Open a wall at a port of its own, in a thread, which ends with the test."""
    monkeypatch.setattr(updates, "EVERY_S", 0.02)
    # For each template tornado forgets the lines of all code, also those of other tests' cells.
    monkeypatch.setattr(linecache, "clearcache", lambda: None)
    ready, ends = Future(), []

    async def show():
        wall = updates.Wall(Classroom("Tuesday's <class>"), identity)
        done, loop = asyncio.Event(), asyncio.get_running_loop()
        serving = server.server_of(wall)
        sockets = bind_sockets(0, "127.0.0.1")
        serving.add_sockets(sockets)
        ends.append(lambda: loop.call_soon_threadsafe(done.set))
        rendering = asyncio.create_task(wall.updates.keep_up())
        ready.set_result((sockets[0].getsockname()[1], wall))
        await done.wait()
        rendering.cancel()
        serving.stop()
        await serving.close_all_connections()

    thread = threading.Thread(target=asyncio.run, args=(show(),))
    thread.start()
    port, wall = ready.result(60)
    hub = None if isinstance(identity, JoinCode) else request.getfixturevalue("stub_hub")
    yield Opened(f"http://127.0.0.1:{port}{identity.prefix.rstrip('/')}", wall, hub)
    ends[0]()
    thread.join()
