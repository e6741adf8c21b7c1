"""Every check against many answers to its exercise: the verdict is of the right kind, and clear."""

import re
import runpy
import shutil
import sys
from pathlib import Path

import pytest

from swimlanes import checks
from swimlanes.checks import lesson04, patience
from swimlanes.course import material

pytestmark = pytest.mark.usefixtures("nothing_left")

TABLE = runpy.run_path(str(Path(__file__).with_name("exercises.py")))
ANSWERS, RUNS, given = TABLE["ANSWERS"], TABLE["RUNS"], TABLE["given"]
NOTEBOOKS = Path(__file__).parents[3] / "course" / "notebooks"
LESSONS = {mark: lesson.file for lesson in material(NOTEBOOKS).lessons for mark in lesson.exercises}
ORDERED = {"arranged-04", "arranged-08"}
FORBIDDEN = re.compile(
    r"[Tt]ask 0|<locals>|\(\),|\b_[A-Za-z]|swimlanes|Run(Error|Cancelled)|WorkerDied|TaskError"
    r"|[Ll]aunch|[Rr]unner|\.\.(?!\.)(?<!\.\.\.)|  |NoneType is| Does it end with"
)
LOOKUPS = "words = None\n\ndef remember(data):\n    global words\n    words = data\n\n" + (
    "def look_up(number):\n    return words[number]\n"
)

every_answer = pytest.mark.parametrize(
    ("mark", "answer"),
    [
        pytest.param(mark, answer, id=f"{mark}-{number}-{answer.kind}")
        for mark, answers in ANSWERS.items()
        for number, answer in enumerate(answers)
    ],
)


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """Run the checks in a folder with the lessons, as a kernel of the lesson does."""

    def enter(mark):
        shutil.copy(NOTEBOOKS / LESSONS[mark], tmp_path)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("JPY_SESSION_NAME", f"course/{LESSONS[mark]}")

    return enter


@pytest.fixture
def lookups(tmp_path, monkeypatch):
    """Return the module of lesson 05, in a folder where workers find it."""
    (tmp_path / "my_modules").mkdir()
    (tmp_path / "my_modules" / "lookups.py").write_text(LOOKUPS)
    monkeypatch.syspath_prepend(tmp_path)
    from my_modules import lookups

    yield lookups
    for name in ("my_modules", "my_modules.lookups"):
        monkeypatch.delitem(sys.modules, name)


def test_every_exercise_has_eight_answers():
    assert set(ANSWERS) | ORDERED == set(LESSONS)
    assert {mark: len(answers) for mark, answers in ANSWERS.items() if len(answers) < 6} == {}


@every_answer
def test_the_verdict_is_of_the_right_kind(mark, answer, course, monkeypatch):
    course(mark)
    monkeypatch.setattr(patience, "LIMIT_S", answer.limit_s)
    if answer.kind != "right":
        monkeypatch.setattr(lesson04, "PATIENCE_S", 0.2)  # for a second process that never comes
    verdict = getattr(checks, mark)(answer.value)
    assert verdict.kind == answer.kind, verdict
    assert answer.says in verdict.message, verdict
    assert answer.prints in repr(verdict)
    is_clear(verdict)


@pytest.mark.parametrize("mark", ANSWERS)
def test_what_is_untouched_is_open(mark, course, lookups):
    course(mark)
    verdict = getattr(checks, mark)(given(mark))
    assert verdict.kind == "open", verdict
    is_clear(verdict)


@pytest.mark.parametrize("mark", ANSWERS)
def test_the_solution_is_right(mark, course, lookups):
    course(mark)
    verdict = getattr(checks, mark)(given(mark, solved=True))
    assert verdict.ok, verdict
    is_clear(verdict)


@pytest.mark.parametrize(
    ("source", "kind", "says"),
    [
        ("initializer=lookups.remember, initargs=words", "error", "`initargs` is a tuple, also"),
        (
            "initializer=lookups.remember(words), initargs=()",
            "error",
            "without brackets after them",
        ),
        ("initializer=lookups.remember, initargs=[words]", "right", "travelled 2 times"),
        ("initializer=remember, initargs=(words,)", "error", "write `lookups.remember`"),
    ],
)
def test_what_looks_words_up(source, kind, says, course, lookups, monkeypatch):
    course("sent_once")
    monkeypatch.setattr(patience, "LIMIT_S", 8 if source.endswith("initargs=words") else 60)
    answer = TABLE["cell"](
        f"def f(words, numbers):\n    with Pool(2, {source}) as pool:\n"
        "        return pool.map(lookups.look_up, numbers)",
        lookups=lookups,
    )
    verdict = checks.sent_once(answer)
    assert verdict.kind == kind, verdict
    assert says in verdict.message
    is_clear(verdict)


def is_clear(verdict):
    """Assert that a participant can read all that is said."""
    assert not FORBIDDEN.search(verdict.message), verdict
    assert verdict.message.count("`") % 2 == 0, verdict
    assert verdict.message.rstrip("`”").endswith((".", "?")), verdict
    assert len(verdict.message) < 600, verdict
