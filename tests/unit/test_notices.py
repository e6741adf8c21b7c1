"""What the class is told, in a lab: from a real wall, and from what only answers at its address."""

import asyncio
import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import msgspec
import pytest

from swimlanes import notices
from swimlanes.notices import Notices
from swimlanes.wall import client, clock, server
from swimlanes.wall.told import MOST_BYTES, Announcement, Told, stamped
from swimlanes.wall.updates import MOST_OF_A_VIEWER

from ..wall import serving


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


def test_a_lab_hears_what_the_class_is_told_from_when_it_joins(opened, run_async, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    polls = opened.room.polls

    async def listen():
        following = Notices(Path.home())
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


def test_one_answer_that_is_lost_takes_nothing_away(run_async, monkeypatch):
    monkeypatch.setattr(notices, "AGAIN_S", (0.01, 0.01))
    monkeypatch.setattr(client, "find", lambda: client.Place(base, "token"))
    answers, known = [200, 500, 500, 200, 500, 500], []

    def answer(handler):
        known.append(told(following).announcement)
        handler.send_response(answers[len(known) - 1] if len(known) <= len(answers) else 500)
        handler.end_headers()
        handler.wfile.write(json.dumps(TOLD).encode())

    async def listen():
        with following.listening():
            async with asyncio.timeout(30):
                while len(known) < len(answers):
                    await asyncio.sleep(0.01)

    following = Notices(Path.home())
    with serving(answered_by(answer)) as base:
        run_async(listen())
    line = msgspec.convert(TOLD["announcement"], Announcement)
    assert known == [None, line, line, None, line, line]


@pytest.fixture
def patient(monkeypatch):
    """Let a quiet wall be quiet for longer than any test waits."""
    monkeypatch.setattr(server, "STILL_HERE_S", 600)
    monkeypatch.setattr(notices, "STILL_HERE_S", 600)


def test_a_page_that_comes_back_hears_nothing_twice(opened, run_async, eventually, patient):
    opened.room.steering.announce("Break")

    async def listen():
        await asyncio.to_thread(client.join, opened.base, opened.identity.code)
        with following.listening():
            await until(following, lambda now: now.announcement)
        await asyncio.to_thread(eventually, lambda: not opened.wall.viewers)
        hearing = asyncio.create_task(following.news.newer_than(following.news.mark, 600))
        with following.listening():
            await asyncio.to_thread(eventually, lambda: opened.wall.viewers)
            assert not hearing.done()
        client._remember(client.Place(opened.base, "elsewhere"))
        with following.listening():
            assert told(following) == Told(), "that was told by a wall that was left"

    following = Notices(Path.home())
    run_async(listen())


def test_a_page_that_comes_and_goes_leaves_no_connection(opened, run_async, eventually, patient):
    async def come_and_go():
        await asyncio.to_thread(client.join, opened.base, opened.identity.code)
        for _ in range(MOST_OF_A_VIEWER + 1):
            with following.listening():
                await asyncio.to_thread(eventually, lambda: opened.wall.viewers)
            await asyncio.to_thread(eventually, lambda: not opened.wall.viewers)

    following = Notices(Path.home())
    run_async(come_and_go())


@pytest.mark.parametrize("now", ["fails", "is quiet"])
def test_who_joins_another_wall_hears_of_that_at_once(run_async, monkeypatch, patient, now):
    monkeypatch.setattr(notices, "AGAIN_S", (60.0, 60.0))
    monkeypatch.setattr(client, "find", lambda: places[-1])
    asked, ended = [], threading.Event()

    def answer(handler):
        asked.append(handler.path)
        again = handler.path == "/first/class" and len(asked) > 1
        if again and now == "is quiet":
            ended.wait(60)
        handler.send_response(500 if again else 200)
        handler.end_headers()
        line = TOLD["announcement"] | {"text": handler.path}
        handler.wfile.write(json.dumps(TOLD | {"announcement": line}).encode())

    async def listen():
        with following.listening():
            await until(following, lambda now: now.announcement)
            async with asyncio.timeout(30):
                while len(asked) < 2:
                    await asyncio.sleep(0.01)
            places.append(client.Place(f"{base}/second", "token"))
            await until(
                following, lambda now: getattr(now.announcement, "text", "")[:7] == "/second"
            )

    following = Notices(Path.home())
    with serving(answered_by(answer)) as base:
        places = [client.Place(f"{base}/first", "token")]
        run_async(listen())
        ended.set()


@pytest.mark.attack("answer labs with rubbish, megabytes or a way elsewhere", "nothing is taken")
@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, b"<b>"),
        (200, b"[" * 20_000),
        (200, b'[{"poll": null}]'),
        (200, b'{"poll": null}' + b" " * MOST_BYTES),
        (302, b'{"poll": null}'),
        (500, b'{"poll": null}'),
        (401, b'{"sentence": "The wall does not know you."}'),
    ],
)
def test_a_wall_that_is_none_tells_nothing(answering, run_async, status, content):
    assert run_async(answering(status, content)) is None


@pytest.mark.attack("answer labs with a header without end", "nothing is taken")
def test_a_wall_with_an_endless_header_tells_nothing(answering, run_async):
    assert run_async(answering(200, b'{"poll": null}', "x" * 200_000)) is None


def test_what_is_told_does_not_steer_the_page(answering, run_async):
    told = {"announcement": {"name": "a", "text": "red \x1b[31m \u202e\x00", "link": ""}}
    heard = run_async(answering(200, json.dumps(told).encode()))
    text = json.loads(heard.content)["announcement"]["text"]
    assert text.isprintable()
    assert text.startswith("red ")


def test_only_what_is_known_is_handed_on(answering, run_async):
    content = json.dumps({"poll": None, "evil": "<script>"}).encode()
    heard = run_async(answering(200, content))
    assert json.loads(heard.content) == json.loads(msgspec.json.encode(Told()))
    assert run_async(answering(304, b"")).content == b""


@pytest.fixture
def lesson(home):
    """Put a lesson into the course of this lab; return its file."""
    file = home / "course/04-processes.ipynb"
    file.parent.mkdir()
    file.touch()
    return file


TOLD = {
    "now_s": 1000.0,
    "poll": {
        "poll": "a",
        "question": "?",
        "code": "",
        "instruction": "",
        "several": False,
        "choices": [],
    },
    "announcement": {"name": "b", "text": "<b>Break</b>", "link": "https://example.org/"},
    "lesson": {"name": "c", "file": "04-processes.ipynb", "title": "04 · Processes"},
    "timer": {"name": "d", "minutes": 5, "ends_s": 1060.0},
}


def test_a_lab_has_the_lesson_in_its_own_course_and_the_timer_by_its_own_clock(
    answering, run_async, lesson
):
    before_s = clock.now_s()
    now = in_lab(answering, run_async, TOLD)
    assert before_s + 60 <= now["timer"]["ends_s"] + 0.01 <= clock.now_s() + 60.02
    assert now["lesson"]["path"] == "course/04-processes.ipynb"
    assert now["announcement"] == TOLD["announcement"]
    assert b'"now_s":7.00,' in stamped(msgspec.json.encode(now), 7)


@pytest.mark.attack("send a lab one value that is none", "the others are shown all the same")
@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("announcement", {"link": "javascript:alert(1)"}),
        ("announcement", {"link": "https://example.org/\n"}),
        ("announcement", {"text": "x" * 201}),
        ("lesson", {"file": 4}),
        ("timer", {"minutes": 1000}),
        ("timer", {"ends_s": "soon"}),
        ("poll", {"choices": [{"text": "a"}] * 101}),
    ],
)
def test_one_bad_value_leaves_the_others(answering, run_async, kind, changed):
    now = in_lab(answering, run_async, TOLD | {kind: TOLD[kind] | changed})
    assert now[kind] is None
    assert all(now[other] for other in TOLD.keys() - {kind, "now_s"})


@pytest.mark.attack("lead labs to files outside of their course", "no file is offered")
@pytest.mark.parametrize(
    "file",
    [
        "99.ipynb",
        "../mine.ipynb",
        "{home}/mine.ipynb",
        "notes.txt",
        "sub",
        "\0.ipynb",
        "x" * 5000 + ".ipynb",
        "",
    ],
)
def test_a_lesson_that_the_course_has_not_has_no_path(answering, run_async, lesson, home, file):
    for name in ("mine.ipynb", "course/notes.txt", "course/sub/x"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).touch()
    told = TOLD | {"lesson": TOLD["lesson"] | {"file": file.format(home=home)}}
    assert in_lab(answering, run_async, told)["lesson"]["path"] == ""
    assert notices._path_of(lesson.name, home / "elsewhere") == ""


@pytest.mark.attack("let a timer run for years in labs", "no longer than its minutes")
def test_a_timer_runs_for_its_minutes_at_most(answering, run_async):
    for ends_s, most_s in ((1e12, 300), (0, 0)):
        told = TOLD | {"timer": TOLD["timer"] | {"ends_s": ends_s}}
        timer = in_lab(answering, run_async, told)["timer"]
        assert timer["ends_s"] <= clock.now_s() + most_s + 0.01


def in_lab(answering, run_async, told):
    return json.loads(run_async(answering(200, json.dumps(told).encode())).content)


@pytest.fixture
def answering():
    """Return a function that asks something that answers like this at a wall's address."""
    with contextlib.ExitStack() as opened:

        async def asked(status, content, header=""):
            def answer(handler):
                handler.send_response(200 if handler.path == "/elsewhere" else status)
                handler.send_header("Location", "/elsewhere")
                handler.send_header("X-More", header)
                handler.send_header("Content-Length", str(len(content)))
                handler.end_headers()
                handler.wfile.write(content)

            base = opened.enter_context(serving(answered_by(answer)))
            place = client.Place(base, "token")
            return await notices._asked(place, "", Path.home())

        yield asked


def answered_by(answer):
    """Return what handles a request by a function."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *_):
            pass

    return Handler
