"""What is told of a course's checks when the course is brought, without running them."""

import pkgutil
import shutil
from pathlib import Path

import pytest

from swimlanes import checks
from swimlanes.checks.faults import faults
from swimlanes.course import material

OURS = Path(__file__).parents[3] / "course/notebooks"
PICTURES = Path(__file__).parents[2] / "data" / "pictures"
PARTS = {part.name for part in pkgutil.iter_modules(checks.__path__)}
HEAD = "from swimlanes.checks.making import Verdict, self_check\n"


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Return a function that gives what is told of a file with checks, those of the course."""
    monkeypatch.setenv("SWIMLANES_COURSE", str(tmp_path))
    (tmp_path / "course.toml").write_text('checks = "checks.py"')

    def tell(text):
        (tmp_path / "checks.py").write_text(text)
        return faults(tmp_path, "checks.py")

    return tell


def test_of_good_checks_nothing_is_told(told):
    assert faults(PICTURES, "checks.py") == []
    assert told("from swimlanes import bench, run") == []
    assert told("import os.path, swimlanes.checks\nfrom swimlanes.checks.making import *") == []


def test_a_package_beside_the_lessons_is_found(told, tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures/__init__.py").write_text("1 / 0")
    assert told("from pictures.files import load\nimport pictures") == []


def test_nothing_of_the_course_is_run(told, tmp_path):
    ran = tmp_path / "ran"
    (tmp_path / "own.py").write_text(f"open({str(ran)!r}, 'w')")
    asked = "from swimlanes import checks, run\nfrom swimlanes.checks import making, no_such"
    text = f"open({str(ran)!r}, 'w')\nimport own\n{asked}\nchecks.other"
    assert [fault.split()[2] for fault in told(text)] == ["'no_such'", "'checks.other'"]
    assert not ran.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\ndef broken(:", "checks.py ends in SyntaxError in line 2: "),
        ("x = 1\nreturn x", "checks.py ends in SyntaxError in line 2: 'return' outside function."),
        ("x = '\0'", "checks.py ends in SyntaxError: source code string cannot contain null bytes"),
        ("(" * 500, "checks.py ends in SyntaxError in line 1: too many nested parentheses."),
        ("# coding: no-such\n", "checks.py ends in SyntaxError: unknown encoding: no-such."),
        ("-" * 100_000 + "1", "checks.py ends in "),
        ("\nimport no_such.part", "checks.py imports 'no_such.part' in line 2, and neither the "),
        ("from . import files", "checks.py imports '.' in line 1, and neither the course nor "),
        ("from swimlanes.chekcs import x", "imports 'swimlanes.chekcs' in line 1, and neither"),
        (
            "from swimlanes.checks.making import call, rihgt",
            "checks.py imports 'rihgt' in line 1, and swimlanes.checks.making has no such name.",
        ),
        (
            "from swimlanes.checks import Verdict, call, right",
            "checks.py imports 'call', 'right' in line 1, and swimlanes.checks has no such name. "
            "For that, use swimlanes.checks.making.",
        ),
        (
            "from swimlanes import checks as c\n@c.self_check()\ndef mine(answer): ...",
            "checks.py uses 'c.self_check' in line 2, and swimlanes.checks has no such name. For",
        ),
        (
            f"{HEAD}@self_check()\ndef speedup(answer): ...",
            "checks.py has a check 'speedup' in line 3, and swimlanes has something of that name",
        ),
        *(
            (
                f"{HEAD}@self_check()\ndef {name}(answer): ...",
                f"has a check {name!r} in line 3, and",
            )
            for name in ("own_check", "_mine", *sorted(PARTS))
        ),
        (
            "import swimlanes.checks.making as m\n@m.self_check()\ndef mine(answer, more): ...",
            "checks.py has a check 'mine' in line 3, which must take one answer.",
        ),
        (f"{HEAD}@self_check()\ndef mine(): ...", "which must take one answer."),
    ],
)
def test_each_fault_is_one_line(told, text, said, recwarn):
    (fault,) = told(text)
    assert said in fault
    assert "\n" not in fault
    assert fault.endswith(".")
    assert not recwarn


def test_every_fault_is_told(told):
    assert len(told("import no_one\nimport no_two, no_three")) == 3


def test_a_function_that_is_no_check_may_have_any_name(told):
    assert (
        told("import functools\n@functools.cache\ndef speedup(a, b): ...\ndef sweep(): ...") == []
    )


def test_a_check_that_a_lesson_calls_and_that_is_not_there_is_told(told, tmp_path):
    lessons = material(PICTURES).lessons
    assert faults(PICTURES, "checks.py", lessons) == []
    (tmp_path / "checks.py").write_text("edges = brighter = (5\n % 3)" + "+1" * 900)
    assert faults(tmp_path, "checks.py", lessons) == []
    (tmp_path / "checks.py").write_text("def edges(answer): ...\ndef brihgter(answer): ...")
    assert faults(tmp_path, "checks.py", lessons) == [
        "checks.py has no check 'brighter', and 1-pictures.ipynb calls it. Is its name right?",
        "checks.py has 'edges' without @self_check(...) above, and filters/10-edges.ipynb calls "
        "it.",
    ]
    (tmp_path / "checks.py").write_text("")
    ours = material(OURS).lessons
    assert {name for lesson in ours for name in lesson.exercises} > {"arranged-04", "speedup"}
    assert faults(tmp_path, "checks.py", ours) == []


def test_a_check_that_is_none_of_ours_is_told_where_the_course_names_no_file(tmp_path):
    assert faults(tmp_path, "", material(OURS).lessons) == []
    assert faults(tmp_path, "", material(PICTURES).lessons) == [
        "1-pictures.ipynb calls checks.brighter, and swimlanes has no such check. If it is yours, "
        'write checks = "checks.py" into course.toml, with your file\'s name.'
    ]


def test_names_that_are_there_when_a_check_runs_are_no_fault(told):
    asked = "def f(answer): return checks.f, checks.speedup, checks.making, swimlanes.run"
    assert told(f"import swimlanes\nfrom swimlanes import checks\n{asked}") == []
    assert told("from swimlanes import checks\ndef f(checks): return checks.no_such") == []
    assert told("from swimlanes import checks as c\ndef f(x):\n    c = x\n    c.no_such") == []


def test_an_import_that_may_fail_is_no_fault(told):
    assert told("try:\n    import no_such\nexcept ImportError:\n    no_such = None") == []


def test_the_style_of_checks_is_not_judged(told, recwarn):
    assert told(r"x = '\d'") == []
    assert not recwarn


@pytest.mark.parametrize("name", ["checks.txt", "data"])
def test_what_is_no_file_of_python_is_told(tmp_path, name):
    shutil.copytree(PICTURES, tmp_path, dirs_exist_ok=True)
    (tmp_path / "checks.txt").touch()
    (fault,) = faults(tmp_path, name)
    assert fault.endswith(f"and {name} is none: name another one in course.toml.")
