"""The wall as panels and pages meet it, on a real connection."""

import asyncio
import contextlib
import json
import socket
import ssl
import threading
import tracemalloc

import httpx
import msgspec
import pytest
from tornado.iostream import SSLIOStream
from tornado.netutil import ssl_wrap_socket

from swimlanes.drawing import look
from swimlanes.wall import base, client, server, updates, view
from swimlanes.wall.shared import MOST_BYTES, SharedGuess, encoded

GUESS = SharedGuess("threads", 4, 3.5)


@pytest.fixture(params=["code", "hub"])
def identity(request):
    """Tell who is who in each way."""
    return request.getfixturevalue({"code": "identity", "hub": "hub_identity"}[request.param])


@pytest.fixture
def instructor(opened):
    with opened.asking(opened.key) as asking:
        yield asking


def share(opened, content, token, **headers):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"} | headers
    return httpx.post(f"{opened.base}/share", content=content, headers=headers, trust_env=False)


def heard(asking, until, act=lambda: None):
    """Return what a page hears until `until` holds of it; `act` is called after the first."""
    with asking.stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        frames = [json.loads(next(lines).removeprefix("data: "))]
        act()
        for line in lines:
            if line.startswith("data: "):
                frames.append(json.loads(line.removeprefix("data: ")))
            if until(frames[-1]):
                return frames


def test_what_a_panel_shares_is_on_the_wall(opened, study_of):
    place = opened.place()
    with opened.asking(place.token) as own, opened.asking(opened.place().token) as other:
        assert own.get("/enter").json()["number"] is None
        first, second = heard(
            other, lambda state: state["people"], lambda: client.share(place, study_of())
        )
        assert (first["topics"], first["news"]) == ([], "")
        assert (second["people"], second["news"]) == (1, "Person 1 shared.")
        topic = other.get(f"/topics/{second['topics'][0]['number']}").json()
        assert 'data-person="1"' in topic["picture"]
        assert topic["rows"][0]["cells"] == ["2", "1.87 (2 lanes)"]
        assert own.get("/enter").json()["number"] == 1
        assert other.get("/enter").json()["number"] is None


def test_a_picture_is_drawn_once_for_all_who_look(opened, monkeypatch, study_of):
    drawn, draw = [], view.topic
    monkeypatch.setattr(view, "topic", lambda topic: drawn.append(1) or draw(topic))
    with opened.asking(opened.place().token) as asking:
        heard(asking, lambda state: state["people"], lambda: opened.room.share("a", study_of()))
        for _ in range(5):
            assert asking.get("/topics/1").status_code == 200
    assert len(drawn) == 1


def test_many_changes_are_told_at_once(opened, monkeypatch):
    monkeypatch.setattr(updates, "EVERY_S", 1.0)
    places = [opened.place() for _ in range(20)]

    def all_share():
        for place in places:
            client.share(place, GUESS)

    with opened.asking(opened.place().token) as asking:
        frames = heard(asking, lambda state: state["people"] == len(places), all_share)
    assert len(frames) < 15


def test_without_a_fair_serial_run_nothing_counts(opened, study_of):
    opened.room.share("a", study_of(fair=False))
    with opened.asking(opened.place().token) as asking:
        topic = asking.get("/topics/1").json()
    assert topic["rows"][0]["cells"] == ["2", "no fair measurement"]
    assert topic["picture"].count(f"fill:{look.PAPER}") == 5


def test_a_speedup_beyond_what_is_possible_does_not_count(opened, study_of):
    study = study_of()
    points = [msgspec.structs.replace(point, possible=point.possible / 2) for point in study.points]
    opened.room.share("a", msgspec.structs.replace(study, points=points))
    with opened.asking(opened.place().token) as asking:
        topic = asking.get("/topics/1").json()
    assert topic["rows"][0]["cells"] == ["2", "no fair measurement"]


@pytest.mark.attack("look at the wall without the code", "refused in one sentence")
@pytest.mark.parametrize("path", ["/events", "/topics/1", "/class.csv"])
def test_who_has_not_joined_sees_nothing(opened, path):
    with opened.asking() as stranger:
        answer = stranger.get(path)
        assert answer.status_code == opened.unknown
        assert answer.json()["sentence"] == opened.identity.unknown
        assert stranger.get("/enter").json() == {"joined": False, "login": bool(opened.hub)}


@pytest.mark.attack("share for others, or without a seat", "refused in one sentence, nothing kept")
def test_a_seat_shares_for_itself_alone(opened):
    token = opened.place().token
    wrongs = [("nobody", opened.unknown), (f"x{token}", opened.unknown)]
    if not opened.hub:  # there, an instructor has a panel, too
        wrongs += [(opened.identity.code, 403), (opened.key, 403)]
    for wrong, status in wrongs:
        answer = share(opened, encoded(GUESS), wrong)
        assert (answer.status_code, list(answer.json())) == (status, ["sentence"])
    with opened.asking(token) as asking:  # a cookie alone is no proof
        assert asking.post("/share", content=encoded(GUESS)).status_code == 415
        kind = {"Content-Type": "application/json"}
        assert (
            asking.post("/share", content=encoded(GUESS), headers=kind).status_code
            == opened.unknown
        )
    named = json.loads(encoded(GUESS)) | {"person": 1}
    assert share(opened, json.dumps(named), token).status_code == 400
    assert opened.room.people == 0


@pytest.mark.attack("send what is no record", "refused in one sentence, nothing kept")
def test_what_is_no_record_is_refused_in_a_sentence(opened):
    token = opened.place().token
    too_long = b" " * (MOST_BYTES + 1)
    for content, sentence in (
        (b"{}", "lacks the field `kind`"),
        (b"\xff\xfe", "is no JSON"),
        (b"[" * 20_000, "is no JSON"),
        (too_long, f"at most {MOST_BYTES} bytes"),
    ):
        answer = share(opened, content, token)
        assert answer.status_code == 400
        assert sentence in answer.json()["sentence"]
    answer = share(opened, encoded(GUESS), token, **{"Content-Type": "text/plain"})
    assert answer.json()["sentence"] == "The wall takes JSON alone."
    assert opened.room.people == 0


@pytest.mark.attack("send megabytes", "cut off before they are read")
def test_a_flood_of_bytes_is_cut_off(opened):
    token = opened.place().token
    with contextlib.suppress(httpx.TransportError):  # the wall hung up in the middle
        assert share(opened, b" " * 20_000_000, token).status_code == 400
    assert share(opened, encoded(GUESS), token).status_code == 200


@pytest.mark.attack("share without end", "429 in one sentence, others go on")
def test_a_flood_of_records_is_refused(opened):
    places = [opened.place() for _ in "12"]
    for _ in range(20):
        client.share(places[0], GUESS)
    with pytest.raises(client.Refused, match="within a minute"):
        client.share(places[0], GUESS)
    assert client.share(places[1], GUESS).number == 2


@pytest.mark.attack("open ever more pages", "503 or 429 in one sentence, and room again afterwards")
def test_there_are_so_many_pages_and_connections(opened, monkeypatch, eventually):
    monkeypatch.setattr(updates, "MOST_VIEWERS", 1)
    with opened.asking(opened.place().token) as one, opened.asking(opened.place().token) as two:
        with one.stream("GET", "/events") as stream:
            lines = stream.iter_lines()
            next(lines)
            assert "pages show this wall" in two.get("/events").json()["sentence"]
        eventually(lambda: _first_status(two) == 200)
    monkeypatch.setattr(updates, "MOST_VIEWERS", 150)
    with contextlib.ExitStack() as pages:
        own = pages.enter_context(opened.asking(opened.place().token))
        looks = [own.stream("GET", "/events") for _ in range(updates.MOST_OF_A_VIEWER)]
        listening = [pages.enter_context(look).iter_lines() for look in looks]
        assert all(map(next, listening))
        assert _first_status(own) == 429
        with opened.asking(opened.place().token) as other:
            assert _first_status(other) == 200
        monkeypatch.setattr(updates, "MOST_VIEWERS", 1)
        with opened.asking(opened.key) as instructor:
            assert _first_status(instructor) == 200
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)
    port = opened.port
    held = []  # pages that closed may count for a while, so it takes a few until all room is taken
    eventually(lambda: b"Too many connections" in _told(port, held))
    for each in held:
        each.close()
    eventually(lambda: httpx.get(f"{opened.base}/", trust_env=False).status_code == 200)


def _first_status(asking):
    with asking.stream("GET", "/events") as stream:
        return stream.status_code


def _told(port, held):
    """Return what a connection is told that asks for nothing, and hold it."""
    held.append(socket.create_connection(("127.0.0.1", port)))
    held[-1].settimeout(0.5)
    with contextlib.suppress(TimeoutError):
        return held[-1].recv(1000)
    return b""


@pytest.mark.attack("listen and never read", "given up, so that its place is free")
def test_a_reader_that_takes_nothing_is_given_up(opened, monkeypatch, eventually, study_of):
    monkeypatch.setattr(base, "TAKEN_WITHIN_S", 0.2)
    monkeypatch.setattr(view, "state", lambda room: b"x" * 8_000_000)
    opened.room.share("a", study_of())
    with slow_reader(opened, "events") as slow:
        slow.recv(10)
        assert opened.wall.viewers
        eventually(lambda: not opened.wall.viewers)


@pytest.mark.attack("ask for large pictures and read nothing", "they wait in little memory")
def test_many_slow_readers_take_little_memory(opened, monkeypatch, eventually):
    bytes_count, readers = 20_000_000, 10
    picture = b"x" * bytes_count
    monkeypatch.setattr(view, "topic", lambda _: picture)
    monkeypatch.setattr(opened.room, "topic", lambda _: None)
    tracemalloc.start()
    with contextlib.ExitStack() as held:
        held.callback(tracemalloc.stop)
        for _ in range(readers):
            slow = held.enter_context(slow_reader(opened, "topics/1"))
            assert slow.recv(15) == b"HTTP/1.1 200 OK"
        assert tracemalloc.get_traced_memory()[1] < bytes_count
        with opened.asking(opened.key) as other:
            assert other.get("/topics/1").content == picture


@pytest.mark.attack("ask for ever newer pictures and read nothing", "a few at a time")
def test_so_many_pictures_at_most_are_given_at_a_time(opened, monkeypatch):
    assert opened.wall.giving._value * 1_600_000 < 30_000_000
    monkeypatch.setattr(opened.wall, "giving", asyncio.Semaphore(1))
    monkeypatch.setattr(opened.wall, "topic", lambda _: b"x" * 20_000_000)
    with contextlib.ExitStack() as held:
        first = held.enter_context(slow_reader(opened, "topics/1"))
        assert first.recv(15) == b"HTTP/1.1 200 OK"
        second = held.enter_context(slow_reader(opened, "topics/2"))
        second.settimeout(0.5)
        with pytest.raises(TimeoutError):
            second.recv(15)
        first.close()
        second.settimeout(30)
        assert second.recv(15) == b"HTTP/1.1 200 OK"


@pytest.mark.attack("ask for thousands of files and read nothing", "hung up, so that others get in")
def test_whoever_reads_no_file_is_hung_up(opened, monkeypatch, eventually):
    monkeypatch.setattr(server, "TAKEN_WITHIN_S", 0.5)
    with slow_reader(opened, "page.js", times=1000):
        monkeypatch.setattr(server, "MOST_CONNECTIONS", 1)
        eventually(lambda: httpx.get(f"{opened.base}/", trust_env=False).status_code == 503)
        eventually(lambda: httpx.get(f"{opened.base}/", trust_env=False).status_code == 200)


def slow_reader(opened, path, times=1):
    """Return a connection that asks, and takes next to nothing by itself."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", opened.port))
    token = opened.place().token
    head = f"GET {opened.identity.prefix}{path} HTTP/1.1\r\nHost: x\r\n"
    head += f"Cookie: {base.COOKIE}={token}\r\nAuthorization: Bearer {token}\r\n"
    head += f"If-None-Match: {opened.wall.updates.labs.mark}\r\n\r\n"
    line.sendall(head.encode() * times)
    return line


@pytest.mark.attack("ask for what there will be, and hang up, without end", "nothing is kept")
@pytest.mark.parametrize("path", ["events", "class", "topics/1"])
def test_whoever_hangs_up_leaves_nothing_that_waits(opened, monkeypatch, eventually, path, caplog):
    monkeypatch.setattr(server, "STILL_HERE_S", 600)
    wall = opened.wall
    wall.giving = asyncio.Semaphore(0)
    waited_for = {"events": wall.updates.pages._newer, "class": wall.updates.labs._newer}
    waited_for = waited_for.get(path, wall.giving)
    with slow_reader(opened, path):
        eventually(lambda: waited_for._waiters)
    eventually(lambda: not waited_for._waiters and not wall.viewers)
    assert not caplog.records


@pytest.mark.attack("open connections to a full wall with TLS, and greet nobody", "closed at once")
def test_who_is_one_too_many_with_tls_is_closed_at_once(run_async):
    async def refuse():
        one, other = socket.socketpair()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        lazy = {"server_side": True, "do_handshake_on_connect": False}
        server._refuse(SSLIOStream(ssl_wrap_socket(one, context, **lazy)))
        with other:
            return other.recv(1)

    assert run_async(refuse()) == b""


@pytest.fixture
def impatient(monkeypatch):
    """Let connections ask for nothing for a short time only; before a wall is opened."""
    monkeypatch.setattr(server, "IDLE_S", 0.2)


@pytest.mark.attack("hold connections and ask for nothing", "closed after seconds, others get in")
@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nX: "])
def test_a_connection_that_asks_for_nothing_is_closed(impatient, opened, monkeypatch, sent):
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 1)
    with socket.create_connection(("127.0.0.1", opened.port)) as silent:
        silent.settimeout(30)
        silent.sendall(sent)
        assert silent.recv(1000) == b""
        assert httpx.get(f"{opened.base}/", trust_env=False).status_code == 200


def test_only_the_instructor_steers(opened, instructor, study_of, eventually):
    token = opened.place().token
    opened.room.share("a", study_of())
    topic = f"/topics/{opened.room.topics[0].number}"
    acts = {
        f"{topic}/hide": {"person": 1, "hidden": True},
        f"{topic}/explain": {"person": 1, "note": "on battery"},
        "/close": {"opened": 1},
        "/reopen": {},
    }
    with opened.asking(token) as participant:
        for path, sent in acts.items():
            answer = participant.post(path, json=sent)
            assert answer.status_code == 403
            assert answer.json()["sentence"] == "Only the instructor can do that."
        assert participant.get("/class.csv").status_code == 403
    for path, sent in acts.items():
        if path == "/close":
            eventually(lambda: instructor.get(topic).json()["rows"][0]["note"])
            (row,) = instructor.get(topic).json()["rows"]
            assert (row["hidden"], row["cells"], row["note"]) == (True, [], "on battery")
            assert "on battery" in instructor.get("/class.csv").text
        assert instructor.post(path, json=sent).status_code == 200
    late = instructor.post("/close", json=acts["/close"])
    assert (late.status_code, "it stays open" in late.json()["sentence"]) == (404, True)
    assert (opened.room.open, opened.room.opened, opened.room.people) == (True, 2, 0)
    assert instructor.get(topic).status_code == 404


@pytest.mark.attack("let the instructor's browser act for another page", "refused, nothing done")
def test_another_page_cannot_steer(opened, instructor):
    del instructor.headers["X-XSRFToken"]
    assert instructor.post("/close", json={}).status_code == 403
    form = instructor.post("/close", data={"a": "b"}, headers={"Content-Type": "text/plain"})
    assert form.status_code == 403
    assert opened.room.open


def test_what_does_not_fit_is_told(opened, instructor, study_of):
    opened.room.share("a", study_of())
    for path, sent, status in (
        ("/topics/99/hide", {"person": 1, "hidden": True}, 404),
        ("/topics/1/hide", {"person": 9, "hidden": True}, 404),
        ("/topics/1/hide", {"person": 1}, 400),
        ("/topics/1/explain", {"person": 1, "note": "x" * 101}, 400),
        ("/enter", {"code": "nonsense"}, 404 if opened.hub else 401),
        ("/join", {"code": "nonsense"}, 404 if opened.hub else 403),
        ("/nowhere", {}, 404),
        ("/close", {}, 400),
        ("/close", {"opened": 1}, 200),
    ):
        answer = instructor.post(path, json=sent)
        assert answer.status_code == status, path
        if status != 200:
            assert answer.json()["sentence"]


def test_every_answer_keeps_pages_apart(opened, instructor):
    for path in ("/", "/page.js", "/page.css", "/enter", "/topics/99", "/nowhere"):
        headers = instructor.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe" not in headers["Content-Security-Policy"], path
        assert headers["Cache-Control"] == "no-store", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
    cookies = {cookie.name: cookie for cookie in instructor.cookies.jar}
    for name in ("swimlanes-wall-xsrf",) if opened.hub else (opened.cookie, "swimlanes-wall-xsrf"):
        assert cookies[name].has_nonstandard_attr("HttpOnly")
        assert cookies[name].get_nonstandard_attr("SameSite") == "Strict"


def test_another_wall_on_the_same_computer_throws_nobody_out(opened, instructor):
    if not opened.hub:  # which lets a wall remember
        elsewhere = {"Host": f"127.0.0.1:{opened.port + 1}", "Content-Type": "application/json"}
        there = instructor.post("/enter", json={"code": opened.identity.code}, headers=elsewhere)
        assert (there.status_code, there.json()["instructor"]) == (200, False)
        assert instructor.get("/enter", headers=elsewhere).json()["instructor"] is False
    assert instructor.get("/enter").json()["instructor"] is True


def test_a_title_is_text(opened):
    with opened.asking() as stranger:
        page = stranger.get("/").text
    assert "<class>" not in page
    assert "Tuesday&#x27;s &lt;class&gt;" in page or "Tuesday&#39;s &lt;class&gt;" in page


def test_thirty_people_share_at_once_and_nothing_is_lost(opened):
    places = [opened.place() for _ in range(30)]

    def share_three(place):
        for workers in (2, 3, 4):
            client.share(place, SharedGuess("threads", workers, 1.5))

    threads = [threading.Thread(target=share_three, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(topic.entries) for topic in opened.room.topics] == [30, 30, 30]
