"""The widget of the start page; the browser tests show it in JupyterLab."""

from datetime import date
from pathlib import Path

import ipywidgets as widgets
import pytest

from swimlanes import course
from swimlanes.course import record
from swimlanes.start_page import StartPage, contents
from swimlanes.start_page.hand import LOWER, RAISE
from swimlanes.start_page.how_far import TAKE_BACK, TELL
from swimlanes.wall import client, own_hand

COURSE = Path(__file__).parents[2] / "course/notebooks"
LESSON = "06-speedup.ipynb"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return an empty course, whose originals are ours."""
    (tmp_path / "START.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SWIMLANES_COURSE", str(COURSE))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SWIMLANES_WALL", raising=False)
    return tmp_path


def test_it_tells_the_progress(home):
    page = StartPage(home)
    assert f"({LESSON}) | 30 min | 15 min | ○ 0 of 3 |" in page.table
    record("speedup")
    assert f"({LESSON}) | 30 min | 15 min | ◐ 1 of 3 |" in page.table


def test_a_lesson_is_put_back_and_begun_anew(home):
    (home / LESSON).write_text("mine")
    record("speedup")
    page = StartPage(home)
    page.lesson.value = LESSON
    page.put_back.click()
    page.sure.click()
    assert "<code>06-speedup.ipynb</code> is the original again." in page.message
    assert f"as <code>mine-06-speedup-{date.today()}.ipynb</code>" in page.message
    assert (home / LESSON).read_bytes() == (COURSE / LESSON).read_bytes()
    assert f"({LESSON}) | 30 min | 15 min | ○ 0 of 3 |" in page.table


@pytest.mark.parametrize("leave", ["cancel", "choose another"])
def test_a_lesson_stays_until_one_is_sure(home, leave):
    (home / LESSON).write_text("mine")
    page = StartPage(home)
    page.lesson.value = LESSON
    page.put_back.click()
    assert "Put <code>06-speedup.ipynb</code> back" in page.message
    assert "is kept as a copy" in page.message
    assert page.sure.disabled is False
    if leave == "cancel":
        page.cancel.click()
    else:
        page.lesson.value = "04-processes.ipynb"
    assert "back" not in page.message
    assert (home / LESSON).read_text() == "mine"
    assert [path.name for path in home.glob("*.ipynb")].count(LESSON) == 1


def test_a_lesson_that_is_not_there_comes_back_without_a_copy(home):
    page = StartPage(home)
    page.put_back.click()
    first, then = map(page.message.index, ("save it there first", "so no copy is made"))
    assert first < then
    page.sure.click()
    assert "kept" not in page.message
    assert (home / "00-your-cores.ipynb").exists()


def test_the_answer_is_heard_before_the_lesson_is_back(home, monkeypatch):
    page, seen = StartPage(home), []
    monkeypatch.setattr(course, "reset", lambda *_: seen.append(page.message))
    page.put_back.click()
    page.sure.click()
    assert "Putting <code>00-your-cores.ipynb</code> back …" in seen[0]


@pytest.mark.parametrize(
    ("failure", "said"),
    [(None, "Lesson 06 is shut down."), (course.NoServer("No."), "Lesson 06 still runs. No.")],
)
def test_a_lesson_that_is_shut_down_is_named(home, monkeypatch, failure, said):
    there = [course.Running(LESSON, "s", busy=False, memory_bytes=None)]

    def shut_down(session):
        if failure:
            raise failure
        there.clear()

    monkeypatch.setattr(course, "running", lambda: list(there))
    monkeypatch.setattr(course, "shut_down", shut_down)
    page = StartPage(home)
    page.look_at_kernels()
    page.put_back.click()  # which says something about another lesson
    page.running.children[0].children[0].click()
    assert said in page.message
    assert len(page.running.children) == (1 if failure else 0)


def test_where_there_are_no_originals_it_says_so(home, monkeypatch):
    (home / LESSON).write_bytes((COURSE / LESSON).read_bytes())
    monkeypatch.delenv("SWIMLANES_COURSE")
    page = StartPage(home)
    page.put_back.click()
    page.sure.click()
    assert "There is no original of 06-speedup.ipynb here" in page.message


def test_outside_of_the_course_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("SWIMLANES_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    contents()
    assert capsys.readouterr().out.startswith("There are no lessons in ")


def test_shown_without_a_front_end_it_is_text(home, capsys):
    StartPage(home).show()
    assert "Markdown" in capsys.readouterr().out


def test_shown_again_it_is_the_same_one_until_the_course_is_another(home, monkeypatch):
    contents()
    first = StartPage.of(home)
    first.put_back.click()
    contents()
    assert StartPage.of(home) is first
    monkeypatch.setenv("SWIMLANES_COURSE", str(COURSE.parents[1] / "tests/data/pictures"))
    assert StartPage.of(home) is not first


def test_shown_again_after_all_widgets_were_closed_it_is_a_new_one(home):
    contents()
    first = StartPage.of(home)
    widgets.Widget.close_all()
    assert StartPage.of(home) is not first


def test_a_lesson_of_any_name_is_named_by_its_title(tmp_path, monkeypatch):
    monkeypatch.setenv("SWIMLANES_COURSE", str(COURSE.parents[1] / "tests/data/pictures"))
    there = [course.Running("filters/10-edges.ipynb", "s", busy=False, memory_bytes=None)]
    monkeypatch.setattr(course, "running", lambda: list(there))
    monkeypatch.setattr(course, "shut_down", lambda session: there.clear())
    page = StartPage(tmp_path)
    page.look_at_kernels()
    (button, _) = page.running.children[0].children
    assert button.description == "Shut down “Edges”"
    button.click()
    assert "Lesson “Edges” is shut down." in page.message


@pytest.fixture
def look(eventually):
    """Return a function that lets a part of the page look until its message holds something."""

    def until(part, said):
        eventually(lambda: part.look() or said in part.message)

    return until


def is_shown(*parts):
    return [part.layout.display != "none" for part in parts]


def test_the_class_is_told_how_far_one_is_after_a_yes_and_until_it_is_taken_back(
    home, opened, look
):
    part, told = StartPage(home).your_class.how_far, opened.room.progress
    part.look()
    assert is_shown(part.whole) == [False], "there is no wall"
    client.join(opened.base, opened.identity.code)
    record("speedup")
    record("crowded", right=False)
    part.look()
    assert is_shown(part.whole, part.main, part.agree, part._list) == [True, True, False, False]
    part.main.click()
    assert is_shown(part.main, part.agree, part.cancel, part._list) == [False, True, True, True]
    assert "<li><code>06-speedup.ipynb: speedup</code>: right</li>" in part.message
    assert part.message.count("<li>") == 2
    part.cancel.click()
    part.look()
    assert (part.main.description, told.people) == (TELL, 0)
    part.main.click()
    part.agree.click()
    look(part, "The class is told how far you are: 1 exercise right, 1 tried.")
    assert (part.main.description, told.people) == (TAKE_BACK, 1)
    part.main.click()
    assert "Taking it back" in part.message
    assert part.main.barred
    look(part, '<div role="status"></div>')
    assert (part.main.description, part.main.barred, told.people) == (TELL, False, 0)


def test_why_the_class_is_not_told_is_said(home, opened, look, monkeypatch):
    part = StartPage(home).your_class.how_far
    record("speedup")
    client.join(opened.base, opened.identity.code)
    part.look()
    part.main.click()
    client.join(opened.base, opened.identity.code)
    part.look()
    assert is_shown(part.main, part.agree) == [True, False], "it was asked for another seat"
    monkeypatch.delenv("SWIMLANES_COURSE")  # of the wall, which is in this process
    part.main.click()
    part.agree.click()
    look(part, "This wall has no course")
    assert part.main.description == TELL
    opened.room.progress._read_s = None
    monkeypatch.setattr(client, "tell_progress", refuse)
    part.main.click()
    part.agree.click()
    look(part, "The wall sleeps. It is tried again by itself.")
    assert part.main.description == TAKE_BACK


def refuse(*_):
    raise client.Refused("The wall sleeps.")


def test_a_hand_is_raised_and_the_page_says_how_it_stands(home, opened, look, monkeypatch):
    monkeypatch.setattr(own_hand, "LOOK_EVERY_S", 0.0)
    page, raised = StartPage(home).your_class, opened.room.hands
    page.look()
    assert is_shown(page.hand.whole, page.joining.whole) == [False, True], "there is no wall"
    client.raise_hand(client.join(opened.base, opened.identity.code), "")
    client.join(opened.base, opened.identity.code)
    page.look()
    part = page.hand
    assert is_shown(part.whole, part.sits, part._note) == [True] * 3
    assert "which person of the wall you are, and where you sit" in part.message
    part.sits.value = "x" * 41
    part.main.click()
    look(part, "Where you sit has at most 40 characters, not 41.")
    part.sits.value = "row 3"
    part.main.click()
    assert "Raising your hand" in part.message
    look(part, "Your hand is up, 1 before you. Your instructor sees person 2.")
    assert (raised.up[1].place, part.main.description) == ("row 3", LOWER)
    assert is_shown(part.sits, part._note) == [False, False]
    raised.lower_number(1)
    look(part, "Your hand is up, nobody before you.")
    raised.lower_number(2)
    look(part, "Your hand was lowered on the wall.")
    part.main.click()
    look(part, "Your hand is up")
    part.main.click()
    assert (part.main.barred, "Lowering your hand" in part.message) == (True, True)
    look(part, '<div role="status"></div>')
    assert (part.main.description, part.main.barred, raised.up) == (RAISE, False, [])


def test_on_a_hub_the_account_is_named_and_nothing_else(home, opened, look, monkeypatch):
    place = client.join(opened.base, opened.identity.code)
    monkeypatch.setenv("SWIMLANES_WALL", place.address)
    monkeypatch.setenv("SWIMLANES_WALL_TOKEN", place.token)
    page = StartPage(home).your_class
    assert is_shown(page.joining.whole) == [False]
    part = page.hand
    part.sits.value = "row 3"
    part.look()
    assert is_shown(part.whole, part.sits) == [True, False]
    assert "the name of your account" in part.message
    part.main.click()
    look(part, "Your hand is up")
    assert opened.room.hands.up[0].place == ""


def test_a_class_is_joined_from_the_page(home, opened, eventually):
    page = StartPage(home).your_class
    page.look()
    part = page.joining
    assert (part.main.description, is_shown(part._way)) == ("Join your class…", [False])
    part.main.click()
    assert is_shown(part._way) == [True]
    for address, code, said in (
        ("not <b>", "x", "is no address of a wall"),
        (opened.base, "", "Type the wall&#39;s join code, too"),
        (opened.base, "WRONG-1", "That is not the join code of this wall."),
        (opened.base, opened.identity.code, f"You have joined the wall at <code>{opened.base}"),
    ):
        part.address.value, part.code.value = address, code
        part.join.click()
        eventually(lambda said=said: said in part.message)
        assert not part.join.barred
    page.look()
    assert is_shown(part._way, page.hand.whole, page.how_far.whole) == [False, True, True]
    assert part.main.description == "Join another class…"
    assert f'href="{client.find().page}"' in page._head.value


def test_a_seat_that_cannot_be_kept_is_told(home, opened, eventually):
    (home / ".config").write_text("in the way")
    part = StartPage(home).your_class.joining
    part.address.value = f"{opened.base}/#{opened.identity.code}"
    part.join.click()
    eventually(lambda: "this lab cannot keep that" in part.message)
