"""The widget of the start page; the browser tests show it in JupyterLab."""

from pathlib import Path

import pytest

from swimlanes.course import record
from swimlanes.start_page import StartPage, contents

COURSE = Path(__file__).parents[2] / "course/notebooks"
LESSON = "06-speedup.ipynb"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return an empty course, whose originals are ours."""
    (tmp_path / "START.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SWIMLANES_COURSE", str(COURSE))
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
    assert "<code>06-speedup.ipynb</code> is the original again." in page.message
    assert "kept as <code>06-speedup-mine.ipynb</code>" in page.message
    assert (home / LESSON).read_bytes() == (COURSE / LESSON).read_bytes()
    assert f"({LESSON}) | 30 min | 15 min | ○ 0 of 3 |" in page.table


def test_a_lesson_that_is_not_there_comes_back_without_a_copy(home):
    page = StartPage(home)
    page.put_back.click()
    assert "kept" not in page.message
    assert (home / "00-your-cores.ipynb").exists()


def test_where_there_are_no_originals_it_says_so(home, monkeypatch):
    (home / LESSON).write_bytes((COURSE / LESSON).read_bytes())
    monkeypatch.delenv("SWIMLANES_COURSE")
    page = StartPage(home)
    page.put_back.click()
    assert "There is no original of 06-speedup.ipynb here" in page.message


def test_outside_of_the_course_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("SWIMLANES_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    contents()
    assert capsys.readouterr().out.startswith("There are no lessons in ")


def test_shown_without_a_front_end_it_is_text(home, capsys):
    StartPage(home).show()
    assert "Markdown" in capsys.readouterr().out
