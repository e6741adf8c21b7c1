import contextlib
import json
import os
import stat
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import BaseRequestHandler

import pytest

from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.wall import client
from swimlanes.wall.shared import SharedGuess

from ...wall import serving

GUESS = SharedGuess("threads", 4, 3.5)


@pytest.fixture
def answering():
    """Return a function that starts a server which answers every request in one way."""
    opened = contextlib.ExitStack()

    def start(status=200, content=b"{}", **headers):
        asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked.append((self.path, dict(self.headers), json.loads(body or b"{}")))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST  # what a redirection would make of it

            def log_message(self, *_):
                pass

        return opened.enter_context(serving(Handler)), asked

    with opened:
        yield start


def test_joining_brings_a_seat_that_is_remembered_for_its_owner_alone(answering, home):
    address, asked = answering(content=b'{"token": "t0"}')
    place = client.join(f"  {address}/#KQ7M-ZT2P ")
    assert place == client.Place(address, "t0") == client.find()
    assert asked[0][0] == "/join"
    assert asked[0][2] == {"code": "KQ7M-ZT2P"}
    assert place.page == f"{address}/#t0"
    (file,) = (path for path in home.rglob("*") if path.is_file())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_home_that_takes_no_file_still_joins(answering, home):
    (home / ".config").write_text("")
    address, _ = answering(content=b'{"token": "t0"}')
    assert client.join(address, "code").token == "t0"
    assert client.find() is None


def test_what_is_shared_goes_with_the_token(answering, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    address, asked = answering(content=b'{"number": 7}')
    assert client.share(client.Place(address, "t0"), GUESS).words == "the grey hexagon, person 7"
    path, headers, body = asked[0]
    assert (path, headers["Authorization"]) == ("/share", "Bearer t0")
    assert body == {"kind": "guess", "mode": "threads", "workers": 4, "speedup": 3.5}


def test_the_wall_that_is_set_comes_first(answering, monkeypatch):
    joined, _ = answering(content=b'{"token": "t0"}')
    client.join(joined, "code")
    monkeypatch.setenv("SWIMLANES_WALL", "10.0.0.5:8890/")
    assert client.address_set() == "http://10.0.0.5:8890"
    assert client.find() is None  # a seat at another wall is none here
    monkeypatch.setenv("SWIMLANES_WALL_TOKEN", "t1")
    assert client.find() == client.Place("http://10.0.0.5:8890", "t1")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"address": "ftp://x", "token": "t"}', "\0"])
def test_a_damaged_file_is_no_wall(home, content):
    file = home / ".config" / "swimlanes" / "wall.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert client.find() is None


def test_a_pipe_in_its_place_hangs_nobody(home):
    file = home / ".config" / "swimlanes" / "wall.json"
    file.parent.mkdir(parents=True)
    os.mkfifo(file)
    assert client.find() is None


@pytest.mark.parametrize(
    "address",
    ["", "http://", "ftp://x", "http://a b", "http://u:p@host", "http://host:99999", "http://[::1",
     "http://höst", "file:///etc/passwd", "http://host\x01"],
)  # fmt: skip
def test_what_is_no_address_is_told(address):
    with pytest.raises(RequestError, match="is no address of a wall"):
        client.join(address, "code")


def test_an_address_without_a_code_is_told():
    with pytest.raises(RequestError, match="join code, too"):
        client.join("http://127.0.0.1:9")


def test_the_wall_s_own_sentence_is_told(answering):
    address, _ = answering(429, b'{"sentence": "Too \\u001b[31mmuch. Wait a little."}')
    with pytest.raises(client.Refused, match=r"Too .\[31mmuch. Wait a little.") as refusal:
        client.share(client.Place(address, "t0"), GUESS)
    assert not isinstance(refusal.value, client.NotJoined)
    address, _ = answering(401, b'{"sentence": "Join again."}')
    with pytest.raises(client.NotJoined, match="Join again"):
        client.share(client.Place(address, "t0"), GUESS)


@pytest.mark.parametrize(
    "answer",
    [(404, b"<html>"), (200, b"<html>"), (200, b'{"number": 0}'), (200, b'{"number": "<b>"}'),
     (500, b'{"sentence": 7}'), (200, b'{"number": 1' + b" " * 10_000 + b"}")],
)  # fmt: skip
def test_what_is_no_wall_is_told(answering, answer):
    address, _ = answering(*answer)
    with pytest.raises(client.Refused, match=f"What answers at '{address}' is no wall"):
        client.share(client.Place(address, "t0"), GUESS)


def test_a_token_follows_no_redirection(answering):
    elsewhere, asked = answering(content=b'{"number": 7}')
    address, _ = answering(302, Location=f"{elsewhere}/share")
    with pytest.raises(client.Refused, match="is no wall"):
        client.share(client.Place(address, "t0"), GUESS)
    assert asked == []


def test_a_wall_that_is_not_there_is_told():
    with pytest.raises(client.Refused, match=r"does not answer \(Connection refused\)"):
        client.share(client.Place("http://127.0.0.1:9", "t0"), GUESS)


def test_a_wall_that_says_nothing_hangs_nobody(monkeypatch):
    monkeypatch.setattr(client, "WITHIN_S", 0.2)
    monkeypatch.setattr(client, "_ask", lambda *_: None)
    with pytest.raises(client.Refused, match=r"nothing within 0\.2 s"):
        client.share(client.Place("http://127.0.0.1:9", "t0"), GUESS)


@pytest.mark.attack("answer a lab byte by byte, without end", "cut, and nothing is left")
@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_leaves_nothing_behind(monkeypatch, eventually, head):
    monkeypatch.setattr(client, "WITHIN_S", 0.3)
    threads, hung_up = set(threading.enumerate()), threading.Event()

    class Dripping(BaseRequestHandler):
        def handle(self):
            self.request.sendall(head)
            with contextlib.suppress(OSError):
                while not hung_up.wait(0.02):
                    self.request.sendall(b" ")
            hung_up.set()

    with serving(Dripping) as address:
        with pytest.raises(client.Refused, match=r"does not answer \("):
            client.share(client.Place(address, "t0"), GUESS)
        assert hung_up.wait(30)
    eventually(lambda: set(threading.enumerate()) <= threads)


@pytest.mark.attack("answer a lab with what steers a terminal", "shown as what it is")
def test_a_status_that_is_none_steers_no_page():
    class Odd(BaseRequestHandler):
        def handle(self):
            self.request.recv(10_000)
            self.request.sendall(b"HTTP/1.1 \x1b[31m 200\r\n\r\n")

    told = pytest.raises(client.Refused, match=r"does not answer \(HTTP/1.1")
    with serving(Odd) as address, told as refused:
        client.share(client.Place(address, "t0"), GUESS)
    assert str(refused.value).isprintable()


def test_a_lab_without_threads_blames_no_wall(answering, monkeypatch):
    address, _ = answering()
    monkeypatch.setattr(threading.Timer, "start", fail_to_start)
    with pytest.raises(client.Refused, match="This lab could not ask the wall: can't start"):
        client.share(client.Place(address, "t0"), GUESS)


def test_in_the_background_what_came_is_told(answering):
    address, _ = answering(content=b'{"token": "t0"}')
    came, done = [], threading.Event()

    def told(result):
        came.append(result)
        done.set()

    client.in_background(lambda: client.join(address, "code"), told)
    assert done.wait(30)
    done.clear()
    client.in_background(lambda: client.join("", "code"), told)
    assert done.wait(30)
    assert came[0] == client.Place(address, "t0")
    assert isinstance(came[1], SwimlanesError)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, client.Declined),
        (401, client.NotJoined),
        (404, client.Declined),
        (429, client.Refused),
        (503, client.Refused),
    ],
)
def test_a_refusal_is_for_good_or_for_now(answering, status, kind):
    address, _ = answering(status, b'{"sentence": "No."}')
    with pytest.raises(client.Refused, match="No") as refused:
        client.share(client.Place(address, "t0"), GUESS)
    assert refused.type is kind


def test_whoever_waits_hears_of_any_failure(monkeypatch, eventually):
    came = []
    client.in_background(lambda: 1 / 0, came.append)
    eventually(lambda: came)
    monkeypatch.setattr(threading.Thread, "start", fail_to_start)
    client.in_background(lambda: 1, came.append)
    assert [type(each) for each in came] == [client.Refused] * 2
    assert str(came[1]) == "This lab could not ask the wall: can't start new thread. Try again."


def fail_to_start(_):
    raise RuntimeError("can't start new thread")
