"""The wall of a class: who may look, who shares, who steers."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import expect

from swimlanes.wall.base import cookie_of

from .conftest import ADMIN

WALL = "/services/wall/"
RECORD = {"kind": "guess", "mode": "threads", "workers": 4, "speedup": 3.5}
SHARE = """
from swimlanes.wall import client
from swimlanes.wall.shared import SharedGuess
place = client.find()
print(place.page)
try:
    for _ in range(TIMES):
        print(client.share(place, SharedGuess("threads", 4, 3.5)).words)
except client.Refused as refused:
    print(refused)
"""

VOTE = """
import json
import time
from urllib.request import Request, urlopen
from swimlanes.wall import client
place = client.find()
asks = Request(f"{place.address}/class", headers={"Authorization": f"Bearer {place.token}"})
poll = None
while not poll:  # the wall tells labs of it within half a second
    with urlopen(asks, timeout=30) as answer:
        poll = json.load(answer)["poll"]
    time.sleep(0.1)  # the door refuses a server that asks without end
client.vote(place, poll["poll"], [0])
print("voted")
"""

TELL = """
from swimlanes import course
from swimlanes.wall import client
from swimlanes.wall.progress import Progress, exercises_of
first = exercises_of(course.material(course.originals()).lessons)[0].name
client.tell_progress(client.find(), Progress((), (first,)), begins=True)
client.tell_progress(client.find(), Progress((first,)), begins=False)
"""
TAKE_BACK = """
from swimlanes.wall import client
client.take_back_progress(client.find())
"""

HAND = """
from swimlanes.wall import client
print(client.raise_hand(client.find(), "").who)
"""
LOWER = """
from swimlanes.wall import client
print(client.hand(client.find()).up)
client.lower_hand(client.find())
"""


@pytest.fixture(scope="module")
def class_hub(class_hub):
    """Give the class when ada's server runs, and its wall answers."""
    class_hub.spawn("ada")
    class_hub.eventually(lambda: httpx.get(f"{class_hub.url}{WALL}enter").status_code == 200)
    return class_hub


def shares(class_hub, name, times=1):
    """Let a panel share, by what its server knows; return what it says."""
    program = SHARE.replace("TIMES", str(times))
    return class_hub.exec(name, "python", "-c", program).stdout.splitlines()


@contextmanager
def looking(class_hub, name):
    """Let somebody's browser, which is logged in at the hub, open the wall."""
    web = class_hub.person(name).web
    page = web.get(f"{WALL}login")
    assert (page.status_code, page.url.path) == (200, WALL)
    token = re.search('name="xsrf" content="([^"]+)"', page.text)[1]
    with httpx.Client(base_url=f"{class_hub.url}{WALL}", cookies=web.cookies, timeout=60) as own:
        own.headers["X-XSRFToken"] = token
        yield own


def heard(own):
    """Return what a page of the wall hears first."""
    with own.stream("GET", "events") as events:
        return json.loads(next(events.iter_lines()).removeprefix("data: "))


def test_what_a_panel_shares_is_on_the_wall_and_the_instructor_steers(class_hub):
    page, words = shares(class_hub, "ada")
    assert page == f"{class_hub.url}{WALL}"
    assert "person 1" in words
    with looking(class_hub, "ada") as ada, looking(class_hub, "bo") as bo:
        assert ada.get("enter").json() == {
            "joined": True, "number": 1, "instructor": False, "code": ""
        }  # fmt: skip
        assert bo.get("enter").json()["number"] is None
        # What pages hear is rendered at most twice a second.
        class_hub.eventually(lambda: heard(bo)["people"] == 1)
        topic = f"topics/{heard(bo)['topics'][0]['number']}"
        for path, sent in (
            (f"{topic}/hide", {"person": 1, "hidden": True}),
            (f"{topic}/explain", {"person": 1, "note": "mine"}),
            ("tell/announcement", {"text": "mine"}),
            ("close", {"opened": 1}),
        ):
            assert ada.post(path, json=sent).status_code == 403, path
        assert ada.get("class.csv").status_code == 403
        with looking(class_hub, ADMIN) as instructor:
            hidden = instructor.post(f"{topic}/hide", json={"person": 1, "hidden": True})
            assert hidden.status_code == 200
            assert "threads" in instructor.get("class.csv").text
        assert [row["hidden"] for row in bo.get(topic).json()["rows"]] == [True]


@pytest.mark.attack(
    "look, share or steer without a login, with a guessed or another service's token",
    "refused in one sentence, nothing kept",
)
def test_a_stranger_sees_and_shares_nothing(class_hub):
    with httpx.Client(base_url=f"{class_hub.url}{WALL}", timeout=60) as stranger:
        assert stranger.get("enter").json() == {"joined": False, "login": True}
        assert stranger.get("events").status_code == 403
        assert stranger.get("topics/1").status_code == 403
        login = stranger.get("login", follow_redirects=True)
        assert login.url.path == "/hub/login"
        for token in ("", "a" * 32, class_hub.settings["HUB_WALL_TOKEN"]):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = stranger.post("share", json=RECORD, headers=headers)
            assert answer.status_code == 403
            assert "The hub does not know you here" in answer.json()["sentence"]
        name = cookie_of(stranger.base_url.netloc.decode())
        cookie = {"Cookie": f"{name}={class_hub.settings['HUB_WALL_TOKEN']}"}
        assert stranger.get("events", headers=cookie).status_code == 403


@pytest.mark.attack("share without end from one's own server", "refused in one sentence")
def test_a_panel_that_shares_without_end_is_refused(class_hub):
    told = shares(class_hub, "ada", 30)
    assert "within a minute" in told[-1]
    assert len(told) < 25


def test_labs_hear_what_the_class_is_told_and_vote(class_hub):
    with looking(class_hub, ADMIN) as instructor:
        name = instructor.get("questions").json()["questions"][0][0]
        assert instructor.post("poll/open", json={"name": name}).status_code == 200
        file, title = instructor.get("lessons").json()["lessons"][4]
        assert instructor.post("tell/lesson", json={"file": file}).status_code == 200
        voted = class_hub.exec("ada", "python", "-c", VOTE).stdout
        assert voted == "voted\n"
        class_hub.eventually(lambda: heard(instructor)["poll"]["voters"] == 1)
        state = heard(instructor)
        assert state["lesson"]["title"] == title == "04 · Processes"
        lesson = {"kind": "lesson", "name": state["lesson"]["name"]}
        for path, sent in (("poll/away", {"poll": state["poll"]["poll"]}), ("tell/back", lesson)):
            assert instructor.post(path, json=sent).status_code == 200


def test_a_page_of_a_lab_shows_what_the_class_is_told(class_hub, chromium):
    """As a browser asks: the hub lets in no page of a lab that does not prove to be one."""
    page = chromium.new_page()
    page.goto(f"{class_hub.url}/hub/login?next=%2Fuser%2Fada%2Flab%2Ftree%2Fcourse%2FSTART.ipynb")
    page.get_by_label(re.compile("user", re.I)).fill("ada")
    page.get_by_label(re.compile("password", re.I)).first.fill(class_hub.passwords["ada"])
    page.keyboard.press("Enter")
    line = page.get_by_text("From your instructor: Coffee at ten.")
    with looking(class_hub, ADMIN) as instructor:
        announced = instructor.post("tell/announcement", json={"text": "Coffee at ten."})
        assert announced.status_code == 200
        expect(line).to_be_visible(timeout=60_000)
        sent = {"kind": "announcement", "name": heard(instructor)["announcement"]["name"]}
        assert instructor.post("tell/back", json=sent).status_code == 200
        expect(line).to_be_hidden()
    page.close()


def test_a_lab_tells_how_far_it_is_and_takes_it_back(class_hub):
    with looking(class_hub, "bo") as bo:
        class_hub.exec("ada", "python", "-c", TELL)
        class_hub.eventually(lambda: heard(bo)["telling"] == 1)
        first = heard(bo)["stages"][0]["exercises"][0]
        assert (first["right"], first["trying"], first["untouched"]) == (1, 0, 0)
        class_hub.exec("ada", "python", "-c", TAKE_BACK)
        class_hub.eventually(lambda: heard(bo)["telling"] == 0)


def test_a_raised_hand_has_its_accounts_name_for_the_instructor_alone(class_hub):
    assert class_hub.exec("ada", "python", "-c", HAND).stdout == "ada\n"
    with looking(class_hub, "bo") as bo, looking(class_hub, ADMIN) as instructor:
        class_hub.eventually(lambda: heard(bo)["hands"] == 1)
        assert bo.get("hands").status_code == 403
        (hand,) = instructor.get("hands").json()["hands"]
        assert hand["who"] == "ada"
        assert instructor.post("hands/lower", json={"number": hand["number"]}).status_code == 200
    assert class_hub.exec("ada", "python", "-c", LOWER).stdout == "False\n"


def test_a_wall_that_is_made_anew_leaves_servers_alone(class_hub, engine):
    with looking(class_hub, "ada") as ada:
        began = engine("inspect", "--format", "{{.State.StartedAt}}", class_hub.container("ada"))
        engine("restart", class_hub.service("class-wall"))
        class_hub.eventually(lambda: ada.get("enter").status_code == 200, within_s=60)
        assert heard(ada)["people"] == 0
        assert "person 1" in shares(class_hub, "ada")[-1]
        assert ada.get("enter").json()["number"] == 1
        now = engine("inspect", "--format", "{{.State.StartedAt}}", class_hub.container("ada"))
        assert now.stdout == began.stdout
    assert class_hub.person("ada").visit().status_code == 200
