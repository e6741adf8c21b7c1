"""What the instructor tells a class: what can be said, who may say it, and what a lab hears."""

from pathlib import Path

import httpx
import pytest

from swimlanes.errors import RequestError
from swimlanes.markup import legible
from swimlanes.wall.room import Classroom
from swimlanes.wall.steering import Steering, lessons
from swimlanes.wall.told import taken

COURSE = Path(__file__).parents[3] / "course/notebooks"
PROCESSES = "04-processes.ipynb"
SAFE = "https://example.org/slides?page=2#top"


@pytest.fixture(autouse=True)
def course(monkeypatch):
    monkeypatch.setenv("SWIMLANES_COURSE", str(COURSE))


@pytest.fixture
def steering(changes):
    return Steering(lambda: changes.append(1), lambda: 1000.0)


def test_a_class_is_told_one_thing_of_each_kind_until_it_is_taken_back(steering, changes):
    for text in ("Break", "Break\u202e \x1b until\n10:45 <b>"):
        steering.announce(text, f" {SAFE} ")
    assert steering.announcement.text == legible("Break\u202e \x1b until 10:45 <b>")
    assert steering.announcement.link == SAFE
    steering.offer(PROCESSES)
    assert (steering.lesson.file, steering.lesson.title) == (PROCESSES, "04 · Processes")
    steering.start_timer(180)
    assert (steering.timer.minutes, steering.timer.ends_s) == (180, 1000 + 180 * 60)
    first = steering.timer.name
    steering.start_timer(1)
    assert steering.timer.name != first, "what was closed stays closed, and this is another one"
    steering.take_back("timer")
    assert (steering.timer, bool(steering.announcement)) == (None, True)
    assert len(changes) == 6


@pytest.mark.attack("announce nothing, too much, or a link that runs something", "refused")
@pytest.mark.parametrize(
    ("text", "link", "sentence"),
    [
        ("", "", "1 to 200 characters, not 0"),
        (" \n\t", "", "not 0"),
        ("x" * 201, "", "not 201"),
        ("x", "http://example.org", "must begin with https://"),
        ("x", "javascript:alert(1)", "must begin with https://"),
        ("x", "https://", "cannot be used"),
        ("x", "https:///path", "cannot be used"),
        ("x", "https://[", "cannot be used"),
        ("x", "https://example.org/a b", "without spaces"),
        ("x", "https://example.org/\u202e", "beyond ASCII"),
        ("x", "https://example.org/\n", ""),
        ("x", "https://example.org/" + "x" * 500, "at most 500 characters"),
    ],
)
def test_what_cannot_be_announced_is_refused(steering, text, link, sentence):
    if not sentence:  # what surrounds a link that was pasted
        steering.announce(text, link)
        assert steering.announcement.link == link.strip()
        return
    with pytest.raises(RequestError, match=sentence):
        steering.announce(text, link)
    assert steering.announcement is None


@pytest.mark.parametrize("file", ["", "99.ipynb", "../04-processes.ipynb", "START.ipynb"])
def test_no_lesson_is_offered_that_the_course_has_not(steering, file):
    with pytest.raises(RequestError, match="The course has no lesson"):
        steering.offer(file)


def test_a_wall_without_a_course_says_so(steering, monkeypatch):
    assert len(lessons()) == 11
    monkeypatch.delenv("SWIMLANES_COURSE")
    assert lessons() == []
    with pytest.raises(RequestError, match="knows no lessons: name the course's folder"):
        steering.offer(PROCESSES)


@pytest.mark.parametrize("minutes", [0, -1, 181])
def test_a_timer_has_bounds(steering, minutes):
    with pytest.raises(RequestError, match="A timer has 1 to 180 minutes"):
        steering.start_timer(minutes)


def test_a_class_that_closes_forgets_what_it_was_told():
    room = Classroom("A class")
    room.steering.announce("Break")
    room.steering.offer(PROCESSES)
    room.steering.start_timer(5)
    room.close()
    steering = room.steering
    assert (steering.announcement, steering.lesson, steering.timer) == (None, None, None)


ACTS = {
    "announcement": {"text": "Break until 10:45", "link": SAFE},
    "lesson": {"file": PROCESSES},
    "timer": {"minutes": 5},
    "back": {"kind": "timer", "name": "of another one"},
}


def hear(opened, token):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{opened.base}/class", headers=headers, trust_env=False, timeout=30)


@pytest.mark.attack("tell the class something as a participant", "refused in a sentence")
@pytest.mark.parametrize("identity", ["code", "hub"], indirect=True)
def test_the_instructor_alone_tells_and_labs_hear(opened, eventually):
    token = opened.place().token
    with opened.asking(token) as participant, opened.asking(opened.key) as instructor:
        answers = [participant.get("/lessons")]
        answers += [participant.post(f"/tell/{kind}", json=sent) for kind, sent in ACTS.items()]
        assert {answer.status_code for answer in answers} == {403}
        assert hear(opened, token).json()["announcement"] is None
        assert [PROCESSES, "04 · Processes"] in instructor.get("/lessons").json()["lessons"]
        for kind in ("announcement", "lesson", "timer"):
            assert instructor.post(f"/tell/{kind}", json=ACTS[kind]).status_code == 200
        eventually(lambda: hear(opened, token).json()["timer"])
        heard = taken(hear(opened, token).content)
        assert (heard.announcement.text, heard.announcement.link) == tuple(
            ACTS["announcement"].values()
        )
        assert (heard.lesson.file, heard.lesson.path) == (PROCESSES, "")
        assert 0 < heard.timer.ends_s - heard.now_s <= 300
        for kind, nonsense in (
            ("announcement", {"text": "x" * 60_000}),
            ("announcement", {"text": "Break", "link": "http://example.org"}),
            ("announcement", {"text": "Break", "html": "<b>"}),
            ("lesson", {"file": "99.ipynb"}),
            ("timer", {"minutes": 10**400}),
            ("timer", {"minutes": 2.5}),
            ("back", {"kind": "poll", "name": ""}),
            ("back", {"kind": "timer"}),
        ):
            answer = instructor.post(f"/tell/{kind}", json=nonsense)
            assert (answer.status_code, list(answer.json())) == (400, ["sentence"]), nonsense
            assert len(answer.json()["sentence"]) < 200
        refused = instructor.post("/tell/back", json=ACTS["back"])
        assert (refused.status_code, "no longer" in refused.text) == (404, True)
        timer = {"kind": "timer", "name": opened.room.steering.timer.name}
        assert instructor.post("/tell/back", json=timer).status_code == 200
        assert opened.room.steering.timer is None
        assert instructor.post("/tell/back", json=timer).status_code == 404
        opened.room.close()
        late = instructor.post("/tell/timer", json=ACTS["timer"])
        assert "This class is closed" in late.json()["sentence"]
    assert opened.room.steering.timer is None


@pytest.fixture
def identity(request):
    """Tell who is who in the way that a test asks for."""
    kind = getattr(request, "param", "code")
    return request.getfixturevalue({"code": "identity", "hub": "hub_identity"}[kind])
