"""Checks and quizzes that a course brings in its own folder."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from swimlanes import checks, quizzes
from swimlanes.course import material, recorded, table
from swimlanes.quizzes.reading import QuizError

PICTURES = Path(__file__).parents[2] / "data" / "pictures"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return a course of somebody's; the kernel is that of its last lesson."""
    originals = shutil.copytree(PICTURES, tmp_path / "originals")
    home = tmp_path / "course"
    (home / "filters").mkdir(parents=True)
    (home / "START.ipynb").touch()
    monkeypatch.chdir(home / "filters")
    monkeypatch.setenv("SWIMLANES_COURSE", str(originals))
    monkeypatch.setenv("JPY_SESSION_NAME", "course/filters/10-edges.ipynb")
    return originals


def answer(source):
    """Return the function that a cell of a notebook makes."""
    cell = {"np": np, "__name__": "__main__"}
    exec(f"def edges(picture):\n    {source}", cell)
    return cell["edges"]


edges = answer("return np.abs(np.diff(picture))")


def test_a_right_answer_counts_in_the_lesson(course):
    verdict = checks.edges(edges)
    assert (verdict.ok, verdict.kind) == (True, "right")
    rows = table(material(course).lessons, recorded(course.parent / "course")).splitlines()
    assert "| ✓ 1 of 1 |" in next(row for row in rows if "Edges" in row)
    assert "| ○ 0 of 1 |" in next(row for row in rows if "Pictures" in row)


def test_a_wrong_answer_gets_hints_and_then_the_solution_of_the_lesson(course):
    verdict = checks.edges(lambda picture: picture)
    assert verdict.message.startswith("These are not the differences")
    assert "checks.hint()" in verdict.more
    assert checks.hint().text == "An edge is where two neighbours differ."
    assert "return np.abs(np.diff(picture))" in checks.solution().code


def test_an_answer_as_it_was_given_is_still_open(course):
    verdict = checks.edges(answer("return ..."))
    assert (verdict.kind, verdict.message[:15]) == ("open", "A `...` is left")


@pytest.mark.usefixtures("short_limit")
def test_an_answer_that_never_ends_is_stopped(course):
    assert "had not ended" in checks.edges(answer("while True: pass")).message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n1 / 0", "checks.py ends in ZeroDivisionError in line 2: division by zero. Tell"),
        ("def f(:", "checks.py ends in SyntaxError in line 1: "),
        ("raise SystemExit", "checks.py ends in SystemExit in line 1"),
        ("import no_such_module", "checks.py ends in ModuleNotFoundError in line 1: No module"),
        ("def edges(answer): ...", "no check 'edges' in checks.py of this course; it has none"),
        (
            "from swimlanes.checks.making import *\n@self_check()\ndef other(answer): ...",
            "no check 'edges' in checks.py of this course; it has other.",
        ),
        (
            "from swimlanes.checks.making import *\n@self_check()\ndef speedup(answer): ...",
            "checks.py of this course has a check 'speedup', and swimlanes has something of that",
        ),
        ("from swimlanes.checks import call", "checks.py ends in ImportError in line 1: cannot"),
        (
            "from swimlanes import checks\n@checks.self_check()\ndef edges(answer): ...",
            "CourseChecksError in line 2: There is no check 'self_check' while checks.py itself is "
            "run. For that, use swimlanes.checks.making. Tell",
        ),
        (
            "from swimlanes.checks.making import *\n@self_check()\ndef edges(answer, more): ...",
            "TypeError in line 2: the check edges must take one answer",
        ),
    ],
)
def test_a_file_of_checks_that_cannot_be_used_is_told(course, text, said):
    (course / "checks.py").write_text(text)
    with pytest.raises(AttributeError) as refused:
        checks.edges(edges)
    assert said in str(refused.value)


def test_checks_use_a_package_beside_the_lessons_from_a_subfolder(course, monkeypatch):
    monkeypatch.setattr(sys, "path", sys.path.copy())
    package = course.parent / "course/greys"
    package.mkdir()
    (package / "__init__.py").write_text("def flat(picture): return abs(picture) * 0")
    head = "from greys import flat\n" + (PICTURES / "checks.py").read_text()
    (course / "checks.py").write_text(head.replace("picture.copy()", "picture + flat(picture)"))
    assert checks.edges(edges).ok


def test_checks_that_were_mended_count_at_once(course):
    (course / "checks.py").write_text("1 / 0")
    assert not hasattr(checks, "edges")
    shutil.copy(PICTURES / "checks.py", course)
    assert checks.edges(edges).ok


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("1 / 0", "the check ended in `ZeroDivisionError` in line 4 of checks.py."),
        ("answer.no_such", "the check ended in `AttributeError` in line 4 of checks.py."),
        ("pass", "The check edges returned no verdict on this answer."),
    ],
)
def test_a_fault_of_the_check_is_not_put_on_the_answer(course, body, said):
    head = "from swimlanes.checks.making import *\n@self_check()\ndef edges(answer):\n"
    (course / "checks.py").write_text(f"{head}    {body}\n")
    verdict = checks.edges(3)
    assert not verdict.ok
    assert said in verdict.message


def test_without_checks_of_its_own_the_name_is_told(monkeypatch):
    monkeypatch.delenv("SWIMLANES_COURSE", raising=False)
    with pytest.raises(AttributeError, match="There is no check 'edges'"):
        checks.edges(edges)
    assert not hasattr(checks, "_repr_html_")


def test_a_quiz_of_the_course(course):
    asked = quizzes.ask("questions/white")
    asked.chosen = [0]
    asked.check()
    assert "the largest is white" in asked.message
    with pytest.raises(QuizError, match="this lesson has questions/white"):
        quizzes.ask("questions/black")


def test_quizzes_of_the_course_may_fill_a_folder(course):
    (course / "quiz").mkdir()
    (course / "questions.toml").rename(course / "quiz/greys.toml")
    settings = (course / "course.toml").read_text().replace("questions.toml", "quiz")
    (course / "course.toml").write_text(settings)
    assert "Which grey" in repr(quizzes.ask("greys/white"))
    assert not [name for name in material(course).pieces if name.startswith("quiz")]
