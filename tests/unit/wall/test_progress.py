"""How far a class is: who tells it, what is seen of that, and when a lab sends it."""

import json
import shutil
from pathlib import Path

import httpx
import pytest

from swimlanes import course
from swimlanes.course import record
from swimlanes.errors import RequestError
from swimlanes.wall import client, errands, progress
from swimlanes.wall.progress import ClassProgress, Progress, exercises_of
from swimlanes.wall.refusals import TooMuch
from swimlanes.wall.room import Classroom
from swimlanes.wall.telling import Telling, progress_in

FIRST, SECOND, OTHER = "one.ipynb: mean", "one.ipynb: total", "two.ipynb: mean"


def notebook(file, title, exercises):
    """Write a lesson in which each exercise has a heading of its own."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": f"# {title}"}]
    for check, heading in exercises.items():
        tags = {"tags": ["exercise"]}
        cells += [
            {"cell_type": "markdown", "metadata": {}, "source": f"## {heading}"},
            {"cell_type": "code", "metadata": tags, "source": f"checks.{check}(x)"},
        ]
    file.write_text(json.dumps({"cells": cells}))


@pytest.fixture(autouse=True)
def originals(tmp_path, monkeypatch):
    """Write a small course; return its folder."""
    folder = tmp_path / "originals"
    folder.mkdir()
    notebook(folder / "one.ipynb", "One <b>", {"mean": "Means", "total": "`sum` & <i>"})
    notebook(folder / "two.ipynb", "Two", {"mean": "Means"})
    monkeypatch.setenv("SWIMLANES_COURSE", str(folder))
    return folder


@pytest.fixture
def far(clock, changes):
    """Return how far a class is that has not begun."""
    return ClassProgress(lambda: changes.append(1), clock)


def tells(far, seat, right=(), trying=(), begins=True):
    far.expect(seat, begins)
    told = Progress(right, trying)
    if far.unknown(told):
        far.read_course()
    far.tell(seat, told)


def seen(far):
    """Return what is seen: for each lesson the counts of its exercises."""
    return {
        stage.title: [(one.title, one.right, one.trying, one.untouched) for one in stage.exercises]
        for stage in far.stages()
    }


def test_what_all_tell_is_counted_for_each_lesson_that_somebody_has_begun(far, changes):
    tells(far, "a", (FIRST,), (SECOND,))
    tells(far, "b", trying=(FIRST,))
    tells(far, "c")
    assert seen(far) == {"One <b>": [("Means", 1, 1, 1), ("sum & <i>", 0, 1, 2)]}
    tells(far, "b", (FIRST, FIRST), (FIRST, OTHER), begins=False)
    tells(far, "b", (FIRST, FIRST), (FIRST, OTHER), begins=False)
    assert [*seen(far)] == ["Two", "One <b>"], "the last lesson is first"
    assert seen(far)["One <b>"][0] == ("Means", 2, 0, 1)
    assert (far.people, len(changes)) == (3, 4), "the same once more is nothing new"
    far.take_back("b")
    far.take_back("nobody")
    assert (far.people, seen(far)["One <b>"][0]) == (2, ("Means", 1, 0, 1))
    assert len(changes) == 5


def test_who_has_not_agreed_in_this_class_tells_nothing(far):
    with pytest.raises(RequestError, match="it has begun anew since you agreed"):
        tells(far, "a", (FIRST,), begins=False)
    tells(far, "a", (FIRST,))
    far.forget()
    assert (far.people, far.stages()) == (0, [])
    with pytest.raises(RequestError, match="it has begun anew since you agreed"):
        tells(far, "a", (FIRST,), begins=False)


@pytest.mark.attack("tell of exercises that are not there", "refused, and nothing is seen of it")
def test_an_exercise_that_the_course_has_not_is_refused(far, clock, originals, monkeypatch):
    tells(far, "a", (FIRST,))
    with pytest.raises(RequestError, match="has no exercise 'new"):
        tells(far, "a", ("new.ipynb: mean",))
    assert far.people == 0
    notebook(originals / "new.ipynb", "New", {"mean": "Means"})
    clock.now_s = progress.READ_EVERY_S - 1
    with pytest.raises(RequestError, match="has no exercise"):
        tells(far, "a", ("new.ipynb: mean",))
    clock.now_s = progress.READ_EVERY_S
    tells(far, "a", ("new.ipynb: mean",))
    assert [*seen(far)] == ["New"]
    monkeypatch.delenv("SWIMLANES_COURSE")
    clock.now_s *= 2
    with pytest.raises(RequestError, match="This wall has no course"):
        tells(far, "a", ("nonsense",))


@pytest.mark.attack("tell from ever more seats, and without end", "refused in one sentence")
def test_what_is_told_is_bounded(far, clock):
    for number in range(progress.MOST_SEATS):
        tells(far, f"seat {number}", (FIRST,))
    with pytest.raises(TooMuch, match="100 people tell how far they are already"):
        tells(far, "one more")
    for _ in range(progress.MOST_A_MINUTE - 1):
        tells(far, "seat 1", (SECOND,), begins=False)
    with pytest.raises(TooMuch, match="You told how far you are 30 times within a minute"):
        tells(far, "seat 1", (), begins=False)
    clock.now_s = 61.0
    tells(far, "seat 1", (), begins=False)
    assert seen(far)["One <b>"][0] == ("Means", 99, 0, 1)


def test_of_a_course_with_thousands_of_exercises_the_first_are_known(originals):
    notebook(originals / "one.ipynb", "One", {f"check_{n}": f"{n}" for n in range(10_000)})
    notebook(originals / f"{'a' * 200}.ipynb", "Long", {"mean": "Means"})
    found = exercises_of(course.material(originals).lessons)
    assert [each.title for each in found] == [f"{n}" for n in range(progress.MOST_EXERCISES)]


def test_a_class_that_closes_forgets_how_far_it_was():
    room = Classroom("A class")
    tells(room.progress, "a", (FIRST,))
    revision = room.revision
    room.close()
    assert (room.progress.people, room.progress.stages()) == (0, [])
    assert room.revision > revision


def post(opened, path, token, sent):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{opened.base}/{path}", json=sent, headers=headers, trust_env=False)


@pytest.mark.attack("tell for others, or what is no progress", "refused in one sentence, not shown")
@pytest.mark.parametrize("identity", ["code", "hub"], indirect=True)
def test_a_seat_tells_of_itself_alone(opened, eventually):
    token, told = opened.place().token, opened.room.progress
    sent = {"right": [FIRST], "trying": [SECOND]}
    assert post(opened, "progress", token, sent).status_code == 400, "it has not agreed"
    assert post(opened, "progress/begin", token, sent).status_code == 200
    for path, body in (("progress/begin", sent), ("progress", sent), ("progress/away", {})):
        for wrong in ("nobody", f"x{token}"):
            assert post(opened, path, wrong, body).status_code == opened.unknown
        if not opened.hub:  # there, an instructor has a lab, too
            assert post(opened, path, opened.key, body).status_code == 403
    for nonsense in (
        {"right": FIRST},
        {"right": [1]},
        {"right": ["x" * 151]},
        {"right": [FIRST] * (progress.MOST_EXERCISES + 1)},
        {"right": [FIRST], "seat": "another"},
        {"right": ["<script>"]},
    ):
        answer = post(opened, "progress/begin", token, nonsense)
        assert (answer.status_code, list(answer.json())) == (400, ["sentence"]), nonsense
    assert post(opened, "progress/begin", token, sent).status_code == 200
    with opened.asking(opened.key) as page:

        def heard():
            with page.stream("GET", "/events") as events:
                return json.loads(next(events.iter_lines()).removeprefix("data: "))

        eventually(lambda: heard()["stages"])
        assert heard()["telling"] == 1
        assert heard()["stages"][0]["exercises"][1] == {
            "title": "sum & <i>", "right": 0, "trying": 1, "untouched": 0
        }  # fmt: skip
        assert token not in str(heard())
    assert post(opened, "progress/away", token, {}).status_code == 200
    assert told.people == 0
    opened.room.close()
    assert "This class is closed" in post(opened, "progress/begin", token, sent).json()["sentence"]
    assert post(opened, "progress/away", token, {}).status_code == 200


@pytest.fixture
def identity(request):
    """Tell who is who in the way that a test asks for."""
    kind = getattr(request, "param", "code")
    return request.getfixturevalue({"code": "identity", "hub": "hub_identity"}[kind])


@pytest.fixture
def lab(originals, tmp_path, monkeypatch):
    """Return a participant's course."""
    folder = shutil.copytree(originals, tmp_path / "course")
    (folder / "START.ipynb").touch()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def look(lab, eventually):
    """Return a function that lets a lab look again and again until a condition holds."""

    def until(tells, condition=lambda: True):
        def looked():
            tells.look(progress_in(lab, course.material(lab).lessons))
            return not tells._errands.under_way and condition()

        eventually(looked)

    return until


def test_what_is_told_are_the_marks_of_a_course(lab, monkeypatch):
    lessons = course.material(lab).lessons
    assert progress_in(lab, lessons) == Progress()
    record("total", right=False)
    record("mean", right=False)  # two lessons have it, and which one this is, is not known
    monkeypatch.setenv("JPY_SESSION_NAME", "course/two.ipynb")
    record("mean", right=False)
    assert progress_in(lab, lessons) == Progress((), (SECOND, OTHER))
    record("mean")
    assert progress_in(lab, lessons) == Progress((OTHER,), (SECOND,))


@pytest.mark.parametrize("what", ["next class", "taken back"])
def test_who_has_not_agreed_any_more_is_not_counted(opened, monkeypatch, what):
    """Although the wall read its course meanwhile."""
    place = opened.place()

    async def meanwhile(*_):
        if what == "next class":
            opened.room.close()
            opened.room.reopen()
        else:
            opened.room.progress.take_back(seats[0])

    seats, expect = [], opened.room.progress.expect
    monkeypatch.setattr(
        opened.room.progress,
        "expect",
        lambda seat, begins: seats.append(seat) or expect(seat, begins),
    )
    monkeypatch.setattr("swimlanes.wall.progress_pages.asyncio.to_thread", meanwhile)
    answer = post(opened, "progress/begin", place.token, {"right": [FIRST]})
    assert (answer.status_code, opened.room.progress.people) == (400, 0)
    assert "it has begun anew" in answer.json()["sentence"]


def test_who_joins_another_class_is_no_more_in_the_first(opened, look):
    told, tells = opened.room.progress, Telling()
    client.join(opened.base, opened.identity.code)
    look(tells, lambda: tells.place)
    tells.agree()
    look(tells, lambda: told.people == 1)
    client.join(opened.base, opened.identity.code)
    look(tells, lambda: told.people == 0)
    assert tells.state == "silent"


def test_a_lab_tells_nothing_before_it_is_agreed_and_takes_it_back(opened, look, lab):
    told, tells = opened.room.progress, Telling()
    tells.agree()  # without a wall, which is nothing
    look(tells)
    assert (tells.place, tells.state) == (None, "silent")
    client.join(opened.base, opened.identity.code)
    record("total")
    look(tells)
    assert (tells.state, told.people) == ("silent", 0)
    assert tells.place is not None
    tells.agree()
    look(tells, lambda: tells.state == "telling")
    assert seen(told)["One <b>"] == [("Means", 0, 0, 1), ("sum & <i>", 1, 0, 0)]
    record("mean", right=False)
    again = Telling()  # after Python was started anew
    again.look(Progress((), (FIRST,)))
    look(again, lambda: seen(told)["One <b>"][1][1])
    assert again.state == "telling"
    again.take_back()
    fresh = Telling()  # as if Python had ended before the wall heard of it
    fresh.look(Progress())
    assert fresh.state == "silent"
    look(again, lambda: again.state == "silent")
    assert told.people == 0
    again = Telling()
    look(again)
    assert (again.state, told.people) == ("silent", 0)


def test_what_is_taken_back_while_it_is_sent_is_taken_back(opened, monkeypatch):
    client.join(opened.base, opened.identity.code)
    asked, tells = [], Telling()
    monkeypatch.setattr(client, "in_background", lambda act, told: asked.append((act, told)))
    tells.look(Progress())
    tells.agree()
    tells.look(Progress())
    tells.take_back()
    for people in (1, 0):
        act, told = asked.pop()
        told(act())
        assert opened.room.progress.people == people
        tells.look(Progress())
    assert (tells.state, asked) == ("silent", [])


def test_another_class_or_another_seat_has_to_be_agreed_to_anew(opened, look, eventually):
    told, tells = opened.room.progress, Telling()
    client.join(opened.base, opened.identity.code)
    look(tells)
    tells.agree()
    look(tells, lambda: tells.state == "telling")
    opened.room.close()
    opened.room.reopen()
    record("total")
    look(tells, lambda: tells.state == "silent")
    assert "it has begun anew since you agreed" in tells.trouble
    assert (told.people, Telling().state) == (0, "silent")
    tells.agree()
    look(tells, lambda: tells.state == "telling")
    client.join(opened.base, opened.identity.code)
    look(tells)
    assert (tells.state, tells.trouble) == ("silent", "")
    eventually(lambda: told.people == 0)  # nobody could take it back at the seat that was left


def test_on_a_hub_it_holds_for_the_account_whatever_its_servers_token_is(monkeypatch):
    monkeypatch.setenv("SWIMLANES_WALL", "http://127.0.0.1:9")
    monkeypatch.setattr(client, "in_background", lambda act, told: None)
    for token in ("first", "second"):
        monkeypatch.setenv("SWIMLANES_WALL_TOKEN", token)
        tells = Telling()
        tells.look(Progress())
        assert tells.state == ("silent" if token == "first" else "telling")
        tells.agree()


def test_a_wall_that_does_not_answer_is_asked_again_later(opened, look, monkeypatch):
    tells = Telling()
    client.join(opened.base, opened.identity.code)
    look(tells)
    tells.agree()
    fails = []

    def refuse(*_):
        fails.append(1)
        raise client.Refused("The wall does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(client, "tell_progress", refuse)
        for _ in range(3):
            look(tells)
        assert (tells.state, tells.trouble, fails) == (
            "beginning",
            "The wall does not answer.",
            [1],
        )
    monkeypatch.setattr(errands, "AGAIN_S", 0.0)
    tells._errands.wait(0.0)
    look(tells, lambda: tells.state == "telling")
    assert (tells.trouble, opened.room.progress.people) == ("", 1)


def test_no_wall_and_no_answer_is_in_the_way_of_anything(home, monkeypatch):
    (home / ".config").write_text("in the way")
    asked = []
    monkeypatch.setenv("SWIMLANES_WALL", "http://192.0.2.1:9")
    monkeypatch.setenv("SWIMLANES_WALL_TOKEN", "token")
    monkeypatch.setattr(client, "in_background", lambda act, told: asked.append(act))
    tells = Telling()
    tells.look(Progress())
    tells.agree()
    for _ in range(3):
        tells.look(Progress())
    assert len(asked) == 1, "one thing at a time, in the background"
    assert Path(home / ".config").read_text() == "in the way"
