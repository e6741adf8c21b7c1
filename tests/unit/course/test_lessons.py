import pytest

from swimlanes.course import Lesson, lesson_of, lessons_in


def test_a_lesson_is_what_its_notebook_says(originals):
    first, second = lessons_in(originals)
    assert first == Lesson("00-your-cores.ipynb", "00 · Your cores", 50, 15, ("first", "second"))
    assert second.exercises == ("arranged-04",)


@pytest.mark.parametrize("broken", ["", "no JSON", "[]", '{"cells": [{}]}', '{"cells": 1}'])
def test_a_broken_notebook_is_left_out(originals, broken):
    (originals / "00-your-cores.ipynb").write_text(broken)
    assert [lesson.title for lesson in lessons_in(originals)] == ["04 · Processes"]


def test_a_notebook_that_cannot_be_read_is_left_out(originals):
    (originals / "00-your-cores.ipynb").unlink()
    (originals / "00-your-cores.ipynb").mkdir()
    assert [lesson.title for lesson in lessons_in(originals)] == ["04 · Processes"]


def test_a_lesson_without_title_and_times():
    assert lesson_of("05-x.ipynb", {"cells": []}) == Lesson("05-x.ipynb", "05-x.ipynb", 0, 0, ())
