"""Who is who by what a hub says, asked on a real connection."""

import threading
import time
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from swimlanes.errors import RequestError
from swimlanes.wall import base, client, hub
from swimlanes.wall.hub import KNOWN_S, LOOK, STEER, HubIdentity
from swimlanes.wall.shared import SharedGuess

GUESS = SharedGuess("threads", 4, 3.5)


@pytest.fixture
def identity(hub_identity):
    """Let the wall ask the hub."""
    return hub_identity


@pytest.fixture
def who(identity, run_async):
    """Return a function that says who has a secret."""
    return lambda secret: run_async(identity.who(secret))


def test_somebody_has_one_seat_in_panel_and_browser_and_no_name(stub_hub, who, run_async):
    panel, browser, other = (
        who(stub_hub.token_of(name, LOOK, *more))
        for name, more in (("ada", ()), ("ada", (STEER,)), ("bo", ()))
    )
    assert panel.seat == browser.seat != other.seat
    assert (panel.instructor, browser.instructor) == (False, True)
    assert "ada" not in panel.seat
    anew = HubIdentity(stub_hub.url, "a-secret-of-the-wall")
    assert run_async(anew.who(panel.secret)).seat != panel.seat, "of a wall that was started anew"


@pytest.mark.attack("come with a token of something else", "nobody is let in")
def test_only_people_of_the_class_are_known(stub_hub, who):
    for token in (
        stub_hub.token_of("ada"),
        stub_hub.token_of("ada", "access:services!service=other", STEER),
        stub_hub.token_of("culler", LOOK, kind="service"),
        "unknown",
        "",
        "é",
        "a\r\nX-Evil: yes",
        "x" * 10_000,
    ):
        assert who(token) is None, token
    assert "unknown" in stub_hub.asked
    assert not any("\n" in token or len(token) > 200 for token in stub_hub.asked)


def test_the_hub_is_asked_once_for_a_while(stub_hub, who, monkeypatch):
    token = stub_hub.token_of("ada", LOOK)
    assert [who(token) is None for _ in range(5)] == [False] * 5
    assert stub_hub.asked == [token]
    del stub_hub.owners[token]
    later = SimpleNamespace(monotonic=lambda: time.monotonic() + KNOWN_S)
    monkeypatch.setattr("jupyterhub.services.auth.time", later)
    assert who(token) is None, "expired meanwhile"


def test_a_hub_that_does_not_answer_is_told_in_a_sentence(opened, monkeypatch):
    place = opened.place()
    opened.hub.fails = True
    with pytest.raises(client.Refused, match="The hub does not answer just now: try again"):
        client.share(place, GUESS)
    opened.hub.fails = False
    assert client.share(place, GUESS).number == 1
    monkeypatch.setattr(hub, "WITHIN_S", 0.1)
    hanging = threading.Event()
    monkeypatch.setattr(opened.hub, "answer", lambda *_: hanging.wait(60) or (500, {}))
    with pytest.raises(client.Refused, match="The hub does not answer"):
        client.share(opened.place(), GUESS)
    assert client.share(place, GUESS).number == 1, "others need not wait"
    hanging.set()


def test_a_panel_that_the_hub_forgot_is_not_told_to_join(opened):
    with pytest.raises(client.Refused, match="stop your server on the hub's page") as told:
        client.share(client.Place(opened.base, "unknown"), GUESS)
    assert not isinstance(told.value, client.NotJoined)


def test_a_browser_logs_in_at_the_hub_and_comes_back(opened):
    stub = opened.hub
    with httpx.Client(base_url=f"http://127.0.0.1:{opened.port}", trust_env=False) as browser:
        to_hub = urlsplit(browser.get(f"{hub.PREFIX}login").headers["Location"])
        asked = {name: value[0] for name, value in parse_qs(to_hub.query).items()}
        assert to_hub.path == "/hub/api/oauth2/authorize"
        assert asked["client_id"] == "service-wall"
        assert asked["redirect_uri"] == f"{hub.PREFIX}oauth_callback"
        stub.codes["code"] = stub.token_of("teacher", LOOK, STEER)
        back = {"code": "code", "state": asked["state"]}
        answer = browser.get(asked["redirect_uri"], params=back)
        assert answer.headers["Location"] == f"{hub.PREFIX}login"
        (kept,) = (cookie for cookie in browser.cookies.jar if cookie.name == opened.cookie)
        assert kept.path == hub.PREFIX
        assert kept.has_nonstandard_attr("HttpOnly")
        assert kept.get_nonstandard_attr("SameSite") == "Strict"
        answer = browser.get(f"{hub.PREFIX}login")
        assert answer.headers["Location"] == hub.PREFIX
        assert browser.get(f"{hub.PREFIX}enter").json()["instructor"] is True


@pytest.mark.attack("come back from the hub with a guessed state", "refused, no question asked")
def test_nobody_is_logged_in_by_somebody_else(opened):
    opened.hub.codes["code"] = opened.hub.token_of("mallory", LOOK)
    path = f"{opened.base}/oauth_callback"
    for query in ({"code": "code", "state": "guess"}, {"code": "code"}, {"error": "denied"}, {}):
        answer = httpx.get(path, params=query, trust_env=False)
        assert answer.status_code in (400, 403)
        assert answer.text.startswith("You could not be logged in")
        assert "Set-Cookie" not in answer.headers or base.COOKIE not in str(answer.headers)
    assert opened.hub.asked == []


def test_a_wall_that_is_no_service_of_a_hub_says_so(monkeypatch):
    for name in ("JUPYTERHUB_API_URL", "JUPYTERHUB_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(RequestError, match="There is no JUPYTERHUB_API_URL: --hub is for a wall"):
        HubIdentity.set_by_hub()


def test_a_lab_of_the_class_finds_its_wall_and_shows_no_token(monkeypatch):
    monkeypatch.setenv("SWIMLANES_WALL", "http://hub:8081/services/wall")
    monkeypatch.setenv("SWIMLANES_WALL_TOKEN", "secret")
    monkeypatch.setenv("SWIMLANES_WALL_PAGE", "https://class.example.org/services/wall/")
    place = client.find()
    assert (place.address, place.token) == ("http://hub:8081/services/wall", "secret")
    assert place.page == place.shown == "https://class.example.org/services/wall/"
