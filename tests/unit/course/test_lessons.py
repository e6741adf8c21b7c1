import pytest

from swimlanes.course import Lesson, lesson_of, material

EXERCISES = {"first": "Exercise 1", "second": "Exercise 2"}


def test_a_lesson_is_what_its_notebook_says(originals):
    first, second = material(originals).lessons
    assert first == Lesson("00-your-cores.ipynb", "00 · Your cores", 50, 15, EXERCISES)
    assert [*second.exercises] == ["arranged-04"]


@pytest.mark.parametrize("broken", ["", "no JSON", "[]", '{"cells": [{}]}', '{"cells": 1}'])
def test_a_broken_notebook_is_left_out(originals, broken):
    (originals / "00-your-cores.ipynb").write_text(broken)
    assert [lesson.title for lesson in material(originals).lessons] == ["04 · Processes"]


def test_a_notebook_that_cannot_be_read_is_left_out(originals):
    (originals / "00-your-cores.ipynb").unlink()
    (originals / "00-your-cores.ipynb").mkdir()
    assert [lesson.title for lesson in material(originals).lessons] == ["04 · Processes"]


def test_a_lesson_knows_the_quizzes_that_its_code_shows():
    code = 'quizzes.ask("a/b"); x\n# quizzes.ask("no/1")\nf = quizzes.arrange( \'c/d\', 1)'
    more = 'quizzes.ask(f"no/{2}")\nquizzes.ask("no/" + x)\nother("no/3")'
    cells = [
        {"cell_type": kind, "metadata": {}, "source": source}
        for kind, source in (("code", code), ("markdown", 'quizzes.ask("no/4")'), ("code", more))
    ]
    assert lesson_of("x.ipynb", {"cells": cells}).quizzes == ("a/b", "c/d")


def test_a_lesson_without_title_and_times():
    assert lesson_of("05-x.ipynb", {"cells": []}) == Lesson("05-x.ipynb", "05-x", 0, 0, {})


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("**Time:** 50 minutes of reading and running, 15 minutes of exercises.", (50, 15)),
        ("Time: 1 minute of exercises", (0, 1)),
        ("Time: about 20 minutes", (20, 0)),
        ("Time: 20 min", (20, 0)),
        ("Time: soon, in 3 parts", (0, 0)),
        ("It takes 20 minutes.", (0, 0)),
    ],
)
def test_minutes_where_a_notebook_states_them(line, minutes):
    lesson = lesson_of(
        "x.ipynb", {"cells": [{"cell_type": "markdown", "source": line, "metadata": {}}]}
    )
    assert (lesson.reading_min, lesson.exercises_min) == minutes


def of(*cells):
    """Return the lesson of a notebook: a text is one of Markdown, a check's name an exercise."""
    return lesson_of(
        "x.ipynb",
        {
            "cells": [
                {
                    "cell_type": "code",
                    "source": f"checks.{one}(x)",
                    "metadata": {"tags": ["exercise"]},
                }
                if one.isidentifier()
                else {"cell_type": "markdown", "source": one, "metadata": {}}
                for one in cells
            ]
        },
    )


def test_an_exercise_has_the_title_of_the_heading_above_it():
    lesson = of(
        "# Lesson", "first",
        "## Part\ntext\n### Use `map`  \nmore", "second", "second", "third",
        "```\n## no heading\n```\n#no heading, either", "fourth",
        "## Last", "fifth",
    )  # fmt: skip
    assert lesson.exercises == {
        "first": "Exercise 1",
        "second": "Use map",
        "third": "Use map (Exercise 3)",
        "fourth": "Use map (Exercise 4)",
        "fifth": "Last",
    }
