"""Polls: what is asked, who votes for what, what is seen of it and when."""

import json
import shutil
from pathlib import Path

import httpx
import pytest

from swimlanes.errors import RequestError
from swimlanes.quizzes import reading
from swimlanes.wall import polls, server
from swimlanes.wall.polls import Polls
from swimlanes.wall.refusals import TooMuch
from swimlanes.wall.room import Classroom

PICTURES = Path(__file__).parents[2] / "data" / "pictures"
QUESTIONS = """
[one]
question = "Where does `f` run?"
code = "pool.map(f, inputs)"
options = [
    { text = "in <b>main</b>", because = "Main waits." },
    { text = "in a worker", because = "`map` sends the inputs there.", right = true },
]

[several]
question = "What has each worker of its own?"
options = [
    { text = "memory", because = "They share nothing.", right = true },
    { text = "a GIL", because = "Each is a Python.", right = true },
    { text = "a core", because = "They may take turns." },
]

[lines]
task = "Put the lines in order."
lines = ["a", "b"]
hint = "Hm?"
because = "So."
"""


@pytest.fixture(autouse=True)
def questions(tmp_path, monkeypatch):
    """Write the questions of a lesson made up; return their file."""
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    monkeypatch.delenv("SWIMLANES_COURSE", raising=False)
    file = tmp_path / "04.toml"
    file.write_text(QUESTIONS)
    yield file
    reading.read.cache_clear()


@pytest.fixture
def asked(changes):
    """Return the polls of a class, which votes on a question with one right answer."""
    asked = Polls(lambda: changes.append(1))
    asked.open("04/one")
    return asked


def votes(asked, counted=True):
    return [choice.votes for choice in asked.now.ballot(counted).choices]


def test_the_answer_and_the_votes_are_told_at_the_end(asked):
    asked.vote("a", asked.now.name, (1,))
    wall, labs = asked.now.ballot(counted=True), asked.now.ballot(counted=False)
    assert (wall.question, wall.code) == ("Where does `f` run?", "pool.map(f, inputs)")
    assert (wall.instruction, wall.several) == ("Choose one.", False)
    assert (wall.voters, votes(asked), labs.voters, votes(asked, False)) == (1, [0, 1], 0, [0, 0])
    assert {(choice.right, choice.because) for choice in wall.choices} == {(None, "")}
    asked.end()
    ended = asked.now.ballot(counted=False)
    assert (ended.ended, ended.voters, votes(asked, False)) == (True, 1, [0, 1])
    assert [choice.right for choice in ended.choices] == [False, True]
    assert ended.choices[1].because == "`map` sends the inputs there."


def test_a_seat_has_one_vote_which_may_change_until_the_end(asked, changes):
    poll = asked.now.name
    for chosen in ((0,), (1,), (1,)):
        asked.vote("a", poll, chosen)
    asked.vote("b", poll, (0,))
    assert (votes(asked), asked.now.ballot(counted=True).voters) == ([1, 1], 2)
    assert len(changes) == 4, "the same vote once more is nothing new"
    asked.end()
    with pytest.raises(RequestError, match="ended: your vote came too late"):
        asked.vote("b", poll, (1,))
    assert votes(asked) == [1, 1]


@pytest.mark.attack("vote for an answer that is not there", "refused in one sentence, not counted")
@pytest.mark.parametrize("chosen", [(2,), (-1,), (0, 0), (0, 1), (), (10**30,)])
def test_a_vote_for_what_is_not_there_is_refused(asked, chosen):
    with pytest.raises(RequestError, match="Choose"):
        asked.vote("a", asked.now.name, chosen)
    assert asked.now.votes == {}


def test_several_answers_may_be_ticked_where_several_are_right(asked):
    asked.end()
    earlier = asked.now.name
    asked.open("04/several")
    assert asked.now.ballot(counted=True).several
    asked.vote("a", asked.now.name, (0, 2))
    assert votes(asked) == [1, 0, 1]
    with pytest.raises(RequestError, match="Tick all that are right"):
        asked.vote("b", asked.now.name, ())
    with pytest.raises(RequestError, match="too late"):
        asked.vote("b", earlier, (0,))


@pytest.mark.attack("change one's vote without end, vote from ever more seats", "refused, bounded")
def test_votes_are_bounded(asked):
    poll = asked.now.name
    for number in range(1 + polls.MOST_CHANGES):
        asked.vote("a", poll, (number % 2,))
    with pytest.raises(TooMuch, match="You changed your vote 20 times"):
        asked.vote("a", poll, (1,))
    assert votes(asked) == [1, 0]
    for number in range(1, polls.MOST_VOTERS):
        asked.vote(f"seat {number}", poll, (0,))
    with pytest.raises(TooMuch, match="100 people have voted already"):
        asked.vote("one more", poll, (0,))
    asked.vote("seat 1", poll, (1,))
    assert votes(asked) == [99, 1]


def test_one_poll_is_there_at_a_time(asked):
    with pytest.raises(RequestError, match="end that poll first"):
        asked.open("04/several")
    asked.put_away()
    assert asked.now is None
    with pytest.raises(RequestError, match="no poll to end"):
        asked.end()
    for name in ("04/none", "04/lines", "nonsense", "x" * 10_000):
        with pytest.raises(RequestError, match="The course has no question"):
            asked.open(name)


def test_a_question_that_nobody_can_read_on_a_wall_is_refused(asked, questions):
    asked.put_away()
    questions.write_text(QUESTIONS.replace("Where does", "Where does " + "really " * 1000))
    with pytest.raises(RequestError, match="characters, and a poll has at most 4000"):
        asked.open("04/one")


def test_a_class_that_closes_forgets_its_poll():
    room = Classroom("A class")
    room.polls.open("04/one")
    poll = room.polls.now.name
    revision = room.revision
    room.polls.vote("a", poll, (0,))
    assert room.revision > revision
    room.close()
    assert room.polls.now is None
    with pytest.raises(RequestError, match="too late"):
        room.polls.vote("a", poll, (0,))


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return a course of another field, which has one question, in a folder."""
    folder = shutil.copytree(PICTURES, tmp_path / "course")
    (folder / "quiz").mkdir()
    (folder / "questions.toml").rename(folder / "quiz/greys.toml")
    settings = (folder / "course.toml").read_text().replace("questions.toml", "quiz")
    (folder / "course.toml").write_text(settings)
    monkeypatch.setenv("SWIMLANES_COURSE", str(folder))
    return folder


def test_a_course_of_its_own_has_its_questions_alone_and_a_fault_hides_no_other(course):
    (course / "quiz/more.toml").write_text("[x")
    ((name, text),), faults = polls.listed()
    assert name == "greys/white"
    assert text.startswith("Which grey is white")
    assert "largest is white" not in text, "no answer is on the projector"
    (fault,) = faults
    assert fault.startswith("The quizzes in more.toml cannot be read")
    (course / "quiz/more.toml").write_text(QUESTIONS)
    assert len(polls.listed()[0]) == 3, "it was mended meanwhile"


def test_a_question_of_ours_counts_where_a_lesson_of_the_course_shows_it(asked, course):
    cell = {"cell_type": "code", "metadata": {}, "source": 'quizzes.ask(\n    "04/one"\n)'}
    (course / "filters/more.ipynb").write_text(json.dumps({"cells": [cell]}))
    assert [name for name, _ in polls.listed()[0]] == ["greys/white", "04/one"]
    asked.end()
    with pytest.raises(RequestError, match="The course has no question '04/several'"):
        asked.open("04/several")
    (course / "3-text.md").write_text("```{code-cell}\nquizzes.ask('04/several')\n```\n")
    assert len(polls.listed()[0]) == 3
    (course / "course.toml").write_text("")
    assert [name for name, _ in polls.listed()[0]] == ["04/one", "04/several"]


def vote(opened, token, sent):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{opened.base}/vote", json=sent, headers=headers, trust_env=False)


def heard_by(opened, token, mark=""):
    headers = {"Authorization": f"Bearer {token}", "If-None-Match": mark}
    return httpx.get(f"{opened.base}/class", headers=headers, trust_env=False, timeout=30)


@pytest.mark.attack("vote for others, open or end a poll as a participant", "refused in a sentence")
@pytest.mark.parametrize("identity", ["code", "hub"], indirect=True)
def test_labs_vote_and_only_the_instructor_steers(opened, monkeypatch, eventually):
    token, key = opened.place().token, opened.key
    acts = {"/poll/open": {"name": "04/one"}, "/poll/end": {"poll": "x"}}
    acts["/poll/away"] = acts["/poll/end"]
    with opened.asking(token) as participant, opened.asking(key) as instructor:
        for path, sent in acts.items():
            assert participant.post(path, json=sent).status_code == 403, path
        assert participant.get("/questions").status_code == 403
        assert len(instructor.get("/questions").json()["questions"]) == 2
        assert instructor.post("/poll/open", json=acts["/poll/open"]).status_code == 200
        poll = opened.room.polls.now.name
        sent = {"poll": poll, "chosen": [1]}
        assert vote(opened, token, sent).status_code == 200
        for wrong, status in (("nobody", opened.unknown), (f"x{token}", opened.unknown)):
            assert vote(opened, wrong, sent).status_code == status
        if not opened.hub:  # there, an instructor has a lab, too
            assert vote(opened, key, sent).status_code == 403
        for nonsense in (
            {"poll": poll, "chosen": [7]},
            {"poll": poll, "chosen": ["1"]},
            {"poll": poll, "chosen": [1] * 1000},
            {"poll": poll, "chosen": [1], "seat": "another"},
            {"chosen": [1]},
        ):
            answer = vote(opened, token, nonsense)
            assert (answer.status_code, list(answer.json())) == (400, ["sentence"]), nonsense
        assert votes(opened.room.polls) == [0, 1]
        eventually(lambda: heard_by(opened, token).json()["poll"])
        heard = heard_by(opened, token)
        assert heard.json()["poll"]["choices"][1] == {
            "text": "in a worker", "votes": 0, "right": None, "because": ""
        }  # fmt: skip
        assert heard_by(opened, "nobody").status_code == opened.unknown
        monkeypatch.setattr(server, "STILL_HERE_S", 0.01)
        again = heard_by(opened, token, heard.headers["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        for path in ("/poll/end", "/poll/away"):  # by whoever still sees another one
            refused = instructor.post(path, json=acts[path])
            assert (refused.status_code, "no longer" in refused.text) == (404, True)
        assert not opened.room.polls.now.ended
        assert instructor.post("/poll/end", json={"poll": poll}).status_code == 200
        assert "too late" in vote(opened, token, sent).json()["sentence"]
        assert instructor.post("/poll/away", json={"poll": poll}).status_code == 200
        assert instructor.post("/poll/end", json={"poll": poll}).status_code == 404
        opened.room.close()
        late = instructor.post("/poll/open", json=acts["/poll/open"])
        assert "This class is closed" in late.json()["sentence"]
    assert opened.room.polls.now is None


@pytest.fixture
def identity(request):
    """Tell who is who in the way that a test asks for."""
    kind = getattr(request, "param", "code")
    return request.getfixturevalue({"code": "identity", "hub": "hub_identity"}[kind])
