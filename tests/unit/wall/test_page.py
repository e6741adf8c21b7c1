"""The wall in a real browser: on a projector, and before a participant."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from swimlanes.wall import client, updates
from swimlanes.wall.progress import Progress
from swimlanes.wall.shared import SharedGuess
from swimlanes.wall.told import Timer

COURSE = Path(__file__).parents[3] / "course/notebooks"
PICTURES = Path(__file__).parents[2] / "data/pictures"


@pytest.fixture
def look_at(chromium, problems_of):
    """Return a function that looks at an address as somebody else."""
    pages = []

    def look(address, scheme="light"):
        size = {"width": 1280, "height": 720}
        page = chromium.new_page(viewport=size, color_scheme=scheme)
        page.problems = problems_of(page)
        pages.append(page)
        page.goto(address)
        return page

    yield look
    for page in pages:
        page.close()


def grave(page):
    found = Axe().run(page).response["violations"]
    return [
        f"{finding['help']}: {node['html'][:200]}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


def curves(page):
    return page.locator("#picture [data-person]")


def test_a_picture_that_did_not_come_to_its_end_comes_again(opened, look_at, study_of):
    client.share(client.join(opened.base, opened.identity.code), study_of())
    page = look_at(opened.base)
    page.clock.install()
    cut_short = iter(['{"picture": "<svg'])

    def answer(route):
        body = next(cut_short, None)
        route.fulfill(body=body) if body else route.continue_()

    page.route("**/topics/*", answer)
    page.goto(f"{opened.base}/#{opened.identity.key}")
    page.reload()
    expect(page.get_by_text("did not come to its end")).to_be_visible()
    page.clock.fast_forward(5000)
    expect(curves(page)).to_have_count(1)
    expect(page.locator("#trouble")).to_have_text("")


def test_a_class_on_the_wall(opened, look_at, study_of, monkeypatch):
    places = [client.join(opened.base, opened.identity.code) for _ in range(3)]
    projector = look_at(f"{opened.base}/#{opened.identity.key}", "dark")
    expect(projector.get_by_text("In a lesson with a panel, press Share with")).to_be_visible()
    expect(projector.locator("#people")).to_have_text("")
    expect(projector.locator("#joining")).to_have_text(f"Join: 127.0.0.1:{opened.port} · KQ7M-ZT2P")
    assert "#" not in projector.url
    monkeypatch.setenv("SWIMLANES_COURSE", str(COURSE))
    right, trying = ("06-speedup.ipynb: speedup",), ("04-processes.ipynb: on_two_processes",)
    client.tell_progress(places[0], Progress(right, trying), begins=True)
    client.tell_progress(places[1], Progress(right), begins=True)
    lesson = projector.get_by_role("table", name="04 · Processes")
    row = lesson.get_by_role("row", name="Exercise 2 · Write")
    expect(row).to_contain_text("0 right, 1 trying, 1 not begun")
    assert grave(projector) == []
    client.share(places[0], SharedGuess("processes", 2, 2.0))
    expect(projector.get_by_role("img", name="1 of 1 guessed about 2")).to_be_visible()
    expect(lesson).to_be_hidden()
    expect(projector.locator("#people")).to_have_text("1 person has shared something")
    projector.get_by_label("On the wall").select_option(label="how far the class is (2)")
    expect(projector.locator("#stages caption").first).to_have_text("06 · Speedup")
    expect(projector.locator("#picture")).to_be_hidden()
    projector.get_by_label("On the wall").select_option(value="0")
    for place in places:
        client.share(place, study_of())
    expect(curves(projector)).to_have_count(3)
    expect(projector.locator("#news")).to_contain_text("3 shared.")
    first = projector.locator('#picture [data-person="1"] polyline')
    expect(first).to_have_css("fill", "none")
    expect(first).to_have_css("stroke-width", "2px")

    own = look_at(places[1].page)
    expect(own.locator("#picture .own[data-person='2']")).to_be_visible()
    expect(own.get_by_role("row", name="2, you")).to_be_visible()
    other = look_at(f"{opened.base}/")
    other.get_by_label("Join code").fill("kq7m zt2p")
    other.keyboard.press("Enter")
    expect(curves(other)).to_have_count(3)
    assert other.locator(".own").count() == 0
    for participant in (own, other):
        expect(participant.get_by_role("button", name="Close the class")).to_be_hidden()

    projector.get_by_role("button", name="Person 2: hide or explain").focus()
    projector.keyboard.press("Enter")
    projector.get_by_label("A note that all can read").fill("<b>on battery</b>")
    projector.get_by_role("button", name="Save the note").press("Enter")
    expect(other.get_by_role("row", name="<b>on battery</b>")).to_be_visible()
    expect(projector.get_by_role("button", name="Person 2: hide or explain")).to_be_focused()
    projector.locator('#picture [data-person="3"] path').last.click()
    projector.get_by_role("button", name="Hide", exact=True).click()
    expect(curves(other)).to_have_count(2)
    expect(other.get_by_text("hidden by the instructor")).to_be_visible()
    for page in (projector, other):
        assert grave(page) == []

    for place, sits in ((places[2], "<b>row</b>"), (places[0], "")):
        client.raise_hand(place, sits)
    expect(other.locator("#hands")).to_have_text("2 hands are up")
    expect(other.get_by_role("button", name="2 hands are up…")).to_be_hidden()
    projector.get_by_role("button", name="2 hands are up…").press("Enter")
    raised = projector.get_by_role("dialog", name="Raised hands").get_by_role("listitem")
    expect(raised).to_contain_text(["person 3, <b>row</b>", "person 1"])
    assert grave(projector) == []
    for whose in ("person 3", "person 1"):
        projector.get_by_role("button", name=f"Lower the hand of {whose}").press("Enter")
        expect(projector.get_by_role("button", name=f"Lower the hand of {whose}")).to_have_count(0)
    expect(projector.get_by_text("No hand is up.")).to_be_visible()
    expect(projector.get_by_role("button", name="Done")).to_be_focused()
    projector.keyboard.press("Enter")
    expect(projector.get_by_role("button", name="No hand is up")).to_be_focused()
    expect(other.locator("#hands")).to_be_hidden()
    client.share(places[0], study_of("threads"))  # one alone changes nothing
    expect(other.locator("#topics option")).to_have_count(5)
    expect(curves(other)).to_have_count(2)
    other.get_by_label("On the wall").select_option(label="guesses: processes, 2 workers (1)")
    expect(other.get_by_role("img", name="1 of 1 guessed")).to_be_visible()
    projector.get_by_role("button", name="Close the class…").click()
    projector.get_by_role("button", name="Close the class", exact=True).click()
    expect(other.get_by_text("The class is closed.")).to_be_visible()
    expect(other.locator("#picture")).to_be_empty()
    expect(curves(projector)).to_have_count(0)
    projector.get_by_role("button", name="Open the wall for another class").click()
    for place in places[1:] + places[:1]:
        client.share(place, study_of())
    expect(curves(projector)).to_have_count(3)
    expect(own.locator("#picture .own[data-person='1']")).to_be_visible()
    expect(projector.get_by_role("button", name="Open the wall")).to_be_hidden()

    # What a dialog was opened for holds, whatever is on the page when a button of it is pressed.
    projector.get_by_role("button", name="Person 2: hide or explain").press("Enter")
    asked = projector.get_by_role("dialog", name="Person 2")
    expect(asked).to_contain_text(opened.room.topics[0].name)
    for place in places:
        client.share(place, SharedGuess("threads", 2, 2.0))
    expect(projector.get_by_label("3 of 3 guessed about 2")).to_be_attached()
    asked.get_by_role("button", name="Hide", exact=True).press("Enter")
    expect(curves(other)).to_have_count(0)
    expect(other.locator("#topics option")).to_contain_text(["newest", "(3)", "(2)"])
    projector.get_by_role("button", name="Close the class…").press("Enter")
    closing = projector.get_by_role("dialog", name="Close the class?")
    expect(closing).to_have_js_property("returnValue", "")  # that of the first time has gone
    opened.room.close()
    opened.room.reopen()
    client.share(places[0], study_of())
    expect(projector.locator("#people")).to_have_text("1 person has shared something")
    closing.get_by_role("button", name="Close the class", exact=True).press("Enter")
    expect(projector.get_by_role("alert")).to_contain_text("This is the next one: it stays open.")
    refused = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    assert projector.problems.pop() == refused
    assert [page.problems for page in (projector, own, other)] == [[], [], []]


def test_a_secret_may_be_pasted_where_the_page_is_open_and_a_wrong_one_is_told(
    opened, look_at, study_of, eventually
):
    wrong = f"{opened.base}/#WRONG-CODE"
    page = look_at(wrong)
    expect(page.get_by_role("alert")).to_contain_text("Join with its code")
    expect(page.get_by_label("Join code")).to_be_focused()
    place = client.join(opened.base, opened.identity.code)
    client.share(place, study_of())
    page.goto(place.page)
    expect(page.get_by_role("row", name="1, you")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("")
    expect(page.get_by_role("button", name="Tell the class…")).to_be_hidden()
    page.goto(f"{opened.base}/#{opened.identity.key}")
    expect(page.get_by_role("button", name="Person 1: hide or explain")).to_be_visible()
    expect(page.get_by_role("button", name="Tell the class…")).to_be_visible()
    eventually(lambda: list(opened.wall.viewers.values()) == [None])  # it listens once
    page.goto(wrong)
    expect(page.get_by_role("alert")).to_contain_text("Join with its code")
    client.share(place, SharedGuess("threads", 2, 2.0))
    expect(page.locator("#topics option")).to_have_count(3)
    expect(page.get_by_role("alert")).to_contain_text("Join with its code")
    assert page.url == f"{opened.base}/"


def test_whoever_has_too_many_pages_hears_that_until_one_is_closed(
    opened, look_at, eventually, monkeypatch
):
    monkeypatch.setattr(updates, "MOST_OF_A_VIEWER", 1)
    place = client.join(opened.base, opened.identity.code)
    first, second = look_at(place.page), look_at(opened.base)
    expect(first.locator("#topics option")).to_have_count(1)
    second.clock.install()
    second.goto(place.page)
    expect(second.get_by_role("alert")).to_have_text(
        re.compile("You have this wall on .* close one")
    )
    first.close()
    eventually(lambda: not opened.wall.viewers)
    second.clock.fast_forward(5000)
    expect(second.locator("#topics option")).to_have_count(1)
    expect(second.get_by_role("alert")).to_have_text("")
    refused = iter([429])  # and there is room when the page asks why

    def answer(route):
        status = next(refused, None)
        route.fulfill(status=status) if status else route.continue_()

    second.route("**/events", answer)
    second.reload()
    options = second.locator("#topics option")
    eventually(lambda: second.clock.fast_forward(5000) or options.count() == 1)


def test_a_wall_that_encrypts_is_joined_by_an_address_that_says_so(opened, look_at):
    page, base = look_at(opened.base), "https://wall.example:8890"

    def answer(route):
        path = route.request.url.removeprefix(base)
        if path == "/enter":
            route.fulfill(json={"joined": True, "instructor": True, "code": "KQ7M-ZT2P"})
        elif path == "/events":
            route.abort()
        else:
            route.fulfill(response=route.fetch(url=f"{opened.base}{path}"))

    page.route(f"{base}/**", answer)
    page.goto(base)
    expect(page.locator("#joining")).to_have_text(f"Join: {base} · KQ7M-ZT2P")


def test_a_class_is_told_and_votes_on_the_wall(opened, look_at, eventually, monkeypatch):
    monkeypatch.setenv("SWIMLANES_COURSE", str(COURSE))
    projector = look_at(f"{opened.base}/#{opened.identity.key}", "dark")
    other = look_at(client.join(opened.base, opened.identity.code).page)
    for name in ("Open a poll…", "Tell the class…"):
        expect(other.get_by_role("button", name=name)).to_be_hidden()
    for label, typed, press in (
        ("Announcement", "<b>Break</b> until 10:45", "Announce"),
        ("Lesson", "04 · Processes", "Everybody at this lesson now"),
        ("Timer, in minutes", "5", "Start the timer"),
    ):
        projector.get_by_role("button", name="Tell the class…").press("Enter")
        field = projector.get_by_label(label, exact=True)
        if label == "Lesson":
            field.select_option(label=typed)
        else:
            field.fill(typed)
        if label == "Announcement":
            projector.get_by_label("Link to go with it").fill("https://example.org/ä")
        projector.get_by_role("button", name=press).press("Enter")
        expect(projector.locator("#telling")).to_be_hidden()
    told = other.get_by_role("region", name="For all")
    link = "https://example.org/%C3%A4"
    expect(told).to_contain_text(f"<b>Break</b> until 10:45 {link}")
    expect(told.get_by_role("link")).to_have_attribute("href", link)
    expect(told).to_contain_text("Everybody at 04 · Processes now")
    expect(told.get_by_role("timer")).to_have_text(re.compile("[45]:[0-5][0-9]"))
    expect(other.locator("#news")).to_have_text("A timer runs: 5 minutes.")
    expect(told.get_by_role("button")).to_have_count(0)
    opened.room.steering.timer = Timer("soon over", 5, opened.room.now_s + 2)
    opened.room.steering.take_back("lesson")
    expect(told.get_by_role("timer")).to_have_text("Time is up")
    expect(other.locator("#news")).to_have_text("Time is up.")
    expect(told.get_by_text("Everybody at")).to_be_hidden()

    held = []
    projector.route("**/questions", lambda route: held.append(route))
    projector.get_by_role("button", name="Open a poll…").dblclick()
    eventually(lambda: projector.evaluate("1") and len(held) == 2)
    held[0].continue_()
    projector.get_by_label("Question").select_option(value="04/own-globals")
    with projector.expect_event("requestfinished"):
        held[1].continue_()
    projector.unroute("**/questions")
    expect(projector.locator("#preview")).to_contain_text("[ ] [True]")
    projector.get_by_role("button", name="Let the class vote").press("Enter")
    question = other.get_by_role("heading", name="The file settings.py holds the lines below.")
    expect(question).to_be_visible()
    expect(question.get_by_text("settings.limit = 99", exact=True)).to_have_js_property(
        "tagName", "CODE"
    )
    expect(other.locator("#picture")).to_be_hidden()
    for seat, choice in (("a", 0), ("b", 0), ("c", 2)):
        opened.room.polls.vote(seat, opened.room.polls.now.name, (choice,))
    expect(other.locator("#choices li").first).to_contain_text("2 votes (67 %)")
    expect(other.locator("#voters")).to_have_text("Choose one. 3 people have voted.")
    expect(other.locator("#choices")).not_to_contain_text("Right:")
    expect(other.get_by_role("button", name="End the poll")).to_be_hidden()
    for page in (projector, other):
        assert grave(page) == []
    for kind in ("announcement", "timer"):
        projector.get_by_role("button", name=f"Take the {kind} away").press("Enter")
        expect(projector.get_by_role("button", name="Tell the class…")).to_be_focused()
    expect(told).to_be_hidden()
    projector.get_by_role("button", name="End the poll").press("Enter")
    expect(other.locator("#choices li.right")).to_contain_text("Right: [True]")
    expect(other.locator("#choices li.right")).to_contain_text("Your 99 never left the notebook")
    expect(other.locator("#news")).to_contain_text("Right: [True]")
    monkeypatch.setenv("SWIMLANES_COURSE", str(PICTURES))
    projector.get_by_role("button", name="Open a poll…").press("Enter")
    group = projector.locator("#questions optgroup")
    expect(group).to_have_count(1)
    expect(group).to_have_attribute("label", "Questions")
    projector.keyboard.press("Escape")
    projector.get_by_role("button", name="Put the poll away").press("Enter")
    expect(other.locator("#picture")).to_be_visible()
    expect(question).to_be_hidden()
    assert [page.problems for page in (projector, other)] == [[], []]
