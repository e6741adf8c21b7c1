import pytest

from swimlanes.quizzes import ask

pytestmark = pytest.mark.usefixtures("quizzes")


@pytest.mark.parametrize(
    ("name", "wrong", "right"), [("04/one", [0], [1]), ("04/several", [0, 2], [0, 1])]
)
def test_an_answer_is_judged_and_forgotten_when_it_changes(name, wrong, right):
    quiz = ask(name)
    assert quiz.chosen == ()
    quiz.check()
    assert "○ Not yet." in quiz.message
    quiz.chosen = wrong
    assert "Not yet" not in quiz.message
    quiz.check()
    assert "○ Not yet." in quiz.message
    quiz.chosen = right
    quiz.check()
    assert "✓ Right." in quiz.message


def test_after_the_right_answer_one_may_read_about_the_others():
    quiz = ask("04/one")
    quiz.chosen = [1]
    quiz.check()
    assert "<code>map</code> sends the inputs there." in quiz.message
    assert "<em>here, in main</em><br>Here the inputs are handed out." in quiz.message


def test_there_is_always_a_region_for_the_verdict():
    quiz = ask("04/one")
    assert quiz.message == '<div role="status"></div>'
    quiz.check()
    assert quiz.message.startswith('<div role="status"')


def test_without_a_front_end_it_is_its_whole_text():
    quiz = ask("04/several")
    shown = quiz._repr_mimebundle_()
    assert shown["text/plain"] == repr(quiz)
    assert repr(quiz).endswith("[ ] a core.")
    assert "application/vnd.jupyter.widget-view+json" in shown
