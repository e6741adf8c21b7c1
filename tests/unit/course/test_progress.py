import json
import os

import pytest

from swimlanes.course import Lesson, forget, record, recorded, tried
from swimlanes.course.lessons import scoped

EXERCISES = [
    {"cell_type": "code", "metadata": {"tags": ["exercise"]}, "source": f"checks.{check}(x)"}
    for check in ("mean", "arranged")
]
SIXTH = Lesson("06-speedup.ipynb", "", 0, 0, {"speedup": "", "never_right": ""})


def test_what_is_recorded_can_be_read_and_forgotten(home):
    record("speedup")
    record("speedup")
    record("arranged", "04")
    assert recorded(home) == {"speedup", "arranged-04"}
    forget(home, SIXTH)
    assert recorded(home) == {"arranged-04"}


def test_what_was_tried_is_kept_apart_and_forgotten_with_the_rest(home):
    record("speedup", right=False)
    record("arranged", "04", right=False)
    assert (recorded(home), tried(home)) == (frozenset(), {"speedup", "arranged-04"})
    record("speedup")
    assert (recorded(home), tried(home)) == ({"speedup"}, {"speedup", "arranged-04"})
    forget(home, SIXTH)
    assert (recorded(home), tried(home)) == (frozenset(), {"arranged-04"})


def test_nothing_is_recorded_outside_of_the_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    record("speedup")
    assert list(tmp_path.iterdir()) == []
    assert recorded(tmp_path) == frozenset()


def test_a_folder_that_cannot_be_written_is_borne(home):
    (home / ".progress").write_text("in the way")
    record("speedup")
    forget(home, SIXTH)
    assert recorded(home) == frozenset()


def test_a_folder_that_is_gone_is_borne(home):
    gone = home / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    record("speedup")
    assert recorded(gone) == frozenset()


def test_only_the_start_page_makes_a_folder_the_course(home):
    (home / "START.ipynb").unlink()
    record("speedup")
    assert recorded(home) == frozenset()


@pytest.fixture
def filters(home, originals):
    """Return a folder of lessons in the course."""
    for course in (home, originals):
        (course / "filters").mkdir()
        for name in ("01-blur", "brand-new"):
            (course / "filters" / f"{name}.ipynb").write_text(json.dumps({"cells": EXERCISES}))
    os.chdir(home / "filters")
    return home / "filters"


@pytest.mark.parametrize(
    ("notebook", "lesson"),
    [
        ("01-blur.ipynb", "filters/01-blur.ipynb"),
        ("01-blur-new-2.ipynb", "filters/01-blur.ipynb"),
        ("mine-01-blur-2026-11-29-3.ipynb", "filters/01-blur.ipynb"),
        ("brand-new.ipynb", "filters/brand-new.ipynb"),
    ],
)
def test_a_lesson_in_a_folder_has_marks_of_its_own(home, filters, monkeypatch, notebook, lesson):
    monkeypatch.setenv("JPY_SESSION_NAME", f"course/filters/{notebook}")
    record("mean")
    record("arranged", "04")
    number = "01" if "blur" in lesson else "br"
    assert recorded(home) == {scoped("mean", lesson), scoped(f"arranged-{number}", lesson)}
    forget(home, Lesson(lesson, "", 0, 0, {"mean": "", f"arranged-{number}": ""}))
    assert recorded(home) == frozenset()


@pytest.mark.parametrize("originals_there", [True, False])
@pytest.mark.parametrize(
    ("notebook", "check"), [("scratch.ipynb", "mean"), ("01-blur.ipynb", "speedup")]
)
def test_an_answer_in_another_notebook_leaves_a_mark_without_a_lesson(
    home, filters, monkeypatch, notebook, check, originals_there
):
    if not originals_there:
        monkeypatch.delenv("SWIMLANES_COURSE")
    monkeypatch.setenv("JPY_SESSION_NAME", f"course/filters/{notebook}")
    record(check)
    assert recorded(home) == {check}


def test_a_folder_of_lessons_may_have_a_start_page_of_its_own(home, filters):
    (filters / "START.ipynb").touch()
    (home / ".course-originals.json").write_text("{}")
    record("mean")
    assert recorded(home) == {"mean"}
    assert recorded(filters) == frozenset()
