"""Every file of quizzes keeps the rules; what breaks one is told in a sentence."""

import re
from pathlib import Path

import pytest

from swimlanes.course import Lesson
from swimlanes.quizzes import arrange, ask, reading
from swimlanes.quizzes.reading import QuizError

FILES = sorted(reading.FOLDER.glob("*.toml"))
LESSONS = Path(__file__).parents[3] / "course" / "lessons"
SHOWN = re.compile(r"""quizzes\.(ask|arrange)\(\s*["']([^"']+)["']""")

OPTIONS = """
[[x.options]]
text = "yes"
because = "It is so."
right = true
[[x.options]]
text = "no"
because = "It is not so."
"""
ORDERING = '[x]\ntask = "Do."\nhint = "Hm?"\nbecause = "So."\n'


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_lessons_file_keeps_the_rules(file):
    assert reading.read(file)


def test_every_quiz_is_shown_by_its_lesson_and_every_one_shown_is_there():
    shown = {
        (how, name)
        for lesson in LESSONS.glob("*.md")
        for how, name in SHOWN.findall(lesson.read_text())
        if name.startswith(f"{lesson.stem[:2]}/")
    }
    there = {
        ("ask" if hasattr(quiz, "options") else "arrange", name)
        for file in FILES
        for name, quiz in reading.read(file).items()
    }
    assert shown == there


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[x", "The quizzes in 04.toml cannot be read: "),
        (f"x = {'[' * 3000}", "The quizzes in 04.toml cannot be read: "),
        ("x = 1", "In 04.toml, line 1, 04/x must be a table"),
        (
            f'[x]\nquestion = ""\n{OPTIONS}',
            'needs a text for question: question = "…"',
        ),
        (f"[x]\nquestion = 5\n{OPTIONS}", "question is 5: expected `str`"),
        (
            '\n["x"]\nquestion = "?"',
            "In 04.toml, line 2, 04/x breaks a rule: it lacks the field `options`",
        ),
        (
            '[x]\nquestion = "?"\noptions = ["a", "b"]',
            "options[0] is 'a': expected `object`",
        ),
        (
            f'[x]\nquestion = "?"\n{OPTIONS}hint = "?"',
            "options[1]: Object contains unknown field",
        ),
        (
            f'[x]\nquestion = "?"\n{OPTIONS}right = "no"',
            "right is 'no': expected `bool`",
        ),
        (
            f'[x]\nquestion = "?"\nhint = "?"\n{OPTIONS}',
            "rule: Object contains unknown field",
        ),
        (
            f'[x]\nquestion = "?"\n{OPTIONS}'.replace("right = true", ""),
            "it has no right option; write right = true in one",
        ),
        (f'[x]\nquestion = "?"\n{OPTIONS}'.replace("yes", "no"), "has the same option twice"),
        (f'[x]\nquestion = "?"\n{OPTIONS}'.replace("It is so.", " "), "needs a text for because"),
        (ORDERING, "it lacks the field `lines`"),
        (f"{ORDERING}lines = [1, 2]", "lines[0] is 1: expected `str`, got `int`"),
        (f'{ORDERING}lines = ["a", "a"]', "two different lines or more"),
        (f'{ORDERING}lines = ["a", "b"]\nextra = 1', "unknown field `extra`"),
        ('[x]\ntask = "Do."\nlines = ["a", "b"]\nbecause = "So."', "it lacks the field `hint`"),
    ],
)
def test_a_rule_that_is_broken_is_told_in_a_sentence(text, sentence, write):
    write(text)
    with pytest.raises(QuizError, match=re.escape(sentence)):
        ask("04/x")


@pytest.mark.parametrize(
    ("show", "name", "sentence"),
    [
        (ask, "04/none", "There is no quiz '04/none'; this lesson has 04/one, "),
        (ask, "99/none", "There is no quiz '99/none'; name it like '04/where-it-runs'"),
        (ask, "04", "There is no quiz '04'; this lesson has"),
        (ask, None, "There is no quiz None"),
        (ask, "04/lines", "'04/lines' is an ordering; show it with quizzes.arrange('04/lines')"),
        (arrange, "04/one", "'04/one' is a question; show it with quizzes.ask('04/one')"),
    ],
)
@pytest.mark.usefixtures("quizzes")
def test_a_wrong_name_is_told_in_a_sentence(show, name, sentence):
    with pytest.raises(QuizError, match=re.escape(sentence)):
        show(name)


@pytest.mark.usefixtures("quizzes")
def test_code_marks_are_dropped_in_the_text_of_an_option():
    assert reading.question("04/one").options[0].text == "here, in main"


def test_every_file_of_a_course_with_a_fault_is_told(tmp_path):
    good = f'[x]\nquestion = "?"\n{OPTIONS}'
    (tmp_path / "a.toml").write_text(f"{good}\n[[y.options]]\n")
    (tmp_path / "b.toml").write_text(good)
    (tmp_path / "c.toml").write_text(f"x = 1\n{good}")
    (first, second) = reading.faults(tmp_path)
    assert first.startswith("In a.toml, line 12, a/y breaks a rule: Object ")
    assert second.startswith("The quizzes in c.toml cannot be read: Cannot ")
    assert "(at line 2, column 3)" in second
    assert reading.faults(tmp_path / "b.toml") == []
    (tmp_path / "empty").mkdir()
    assert reading.faults(tmp_path / "empty") == [
        "The folder empty has no quizzes: no file in it ends in .toml."
    ]


def test_a_quiz_that_a_lesson_shows_and_that_is_nowhere_is_told(tmp_path):
    (tmp_path / "a.toml").write_text(f'[x]\nquestion = "?"\n{OPTIONS}')
    (tmp_path / "b.toml").write_text("[x")
    names = ("a/x", "a/y", "b/x", "04/own-globals", "04/none", "c/" + "x" * 300)
    lessons = [Lesson("1.ipynb", "", 0, 0, {}, (name,)) for name in names]
    _, *lacking = reading.faults(tmp_path, lessons)
    assert [fault.split()[4] for fault in lacking[:2]] == ["'a/y',", "'04/none',"]
    assert len(lacking) == 3
    assert reading.faults(None, lessons) == [
        "1.ipynb shows the quiz 'a/x', and there is none of this name. Is the name right, and does "
        "course.toml name the quiz's file?"
    ]


def test_the_course_of_this_repository_has_every_question_of_its_files(monkeypatch):
    monkeypatch.delenv("SWIMLANES_COURSE", raising=False)
    everything = reading.questions()
    monkeypatch.setenv("SWIMLANES_COURSE", str(LESSONS.parent / "notebooks"))
    assert reading.questions() == everything
    assert len(everything[0]) > 10
