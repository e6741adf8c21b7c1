"""A real wall in the tests' own process, and what asks it as its page does."""

import asyncio
import re
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import NamedTuple

import httpx
import pytest
from tornado.netutil import bind_sockets

from swimlanes.wall import server
from swimlanes.wall.identity import JoinCode
from swimlanes.wall.room import Classroom


class Opened(NamedTuple):
    base: str
    wall: server.Wall

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
            if secret:
                assert asking.post("/enter", json={"code": secret}).status_code == 200
            yield asking


@pytest.fixture
def opened(monkeypatch):
    """Open a wall at a port of its own, in a thread, which ends with the test."""
    monkeypatch.setattr(server, "EVERY_S", 0.02)
    ready, ends = Future(), []

    async def show():
        wall = server.Wall(Classroom("Tuesday's <class>"), JoinCode("KQ7M-ZT2P"))
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
    yield Opened(f"http://127.0.0.1:{port}", wall)
    ends[0]()
    thread.join()
