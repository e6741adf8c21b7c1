import pytest

from swimlanes.quizzes.kinds import Ordering
from swimlanes.quizzes.reading import ordering, question

pytestmark = pytest.mark.usefixtures("quizzes")


@pytest.mark.parametrize(
    ("name", "chosen", "said"),
    [
        ("one", (), "○ Not yet. Choose one."),
        ("one", (0,), "○ Not yet. Here the inputs are handed out."),
        ("one", (1,), "✓ Right. `map` sends the inputs there."),
        ("several", (), "○ Not yet. Tick all that are right."),
        (
            "several",
            (0,),
            "○ Not yet. 2 of 3 boxes are right. Think again of “a GIL”. Each is a Python.",
        ),
        (
            "several",
            (0, 1, 2),
            "○ Not yet. 2 of 3 boxes are right. Think again of “a core”. They may take turns.",
        ),
        ("several", (1, 0), "✓ Right. “memory”: They share nothing. “a GIL”: Each is a Python."),
    ],
)
def test_what_is_said_to_an_answer(name, chosen, said):
    assert repr(question(f"04/{name}").judge(chosen)) == said


def test_a_question_as_text_does_not_tell_its_answer():
    assert str(question("04/several")) == (
        "What has each worker of its own?\n"
        "Tick all that are right.\n  [ ] memory\n  [ ] a GIL\n  [ ] a core."
    )
    assert "\n\nwith Pool(2) as pool:\n" in str(question("04/one"))


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ((1, 0, 2), "○ Not yet. Another line comes first. Can the pool"),
        ((0, 2, 1), "○ Not yet. The first line is right, line 2 is not. Can the pool"),
        ((0, 1, 2), "✓ Right. The block makes"),
    ],
)
def test_what_is_said_to_an_order(order, said):
    lines = ordering("04/lines")
    assert repr(lines.judge([lines.lines[place] for place in order])).startswith(said)


def test_it_says_how_many_lines_are_right():
    lines = Ordering("04/x", "Do.", ("a", "b", "c", "d"), "Hm?", "So.")
    assert lines.judge("abdc").message == "The first 2 lines are right, line 3 is not. Hm?"


def test_equal_lines_may_change_places():
    lines = Ordering("04/x", "Do.", ("go", "wait", "go"), "Hm?", "So.")
    assert lines.judge(["go", "wait", "go"]).ok


@pytest.mark.parametrize("name", [f"04/{letter}" for letter in "abcdefgh"])
def test_the_first_order_is_always_the_same_and_never_right(name):
    lines = Ordering(name, "Do.", ("one", "two"), "Hm?", "So.")
    assert lines.shuffled() == ("two", "one")
