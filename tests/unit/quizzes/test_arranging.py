import pytest

from swimlanes import checks
from swimlanes.course import recorded, tried
from swimlanes.quizzes import arrange
from swimlanes.quizzes.reading import QuizError, ordering

pytestmark = pytest.mark.usefixtures("quizzes")


@pytest.fixture
def lines():
    """Return lines that are not in order yet, and the right order."""
    return arrange("04/lines"), list(ordering("04/lines").lines)


def test_a_line_is_moved_as_far_as_it_goes(lines):
    widget, _ = lines
    first, second, third = widget.order
    widget.move(0, +1)
    assert widget.order == [second, first, third]
    assert "Now line 2 of 3:" in widget.message
    widget.move(1, +1)
    assert widget.order == [second, third, first]
    widget.move(2, +1)
    assert widget.order == [second, third, first]
    assert "This line is last already." in widget.message
    widget.move(0, -1)
    assert "This line is first already." in widget.message
    widget.move(2, -1)
    assert widget.order == [second, first, third]


def test_moving_takes_the_verdict_away(lines):
    widget, right = lines
    widget.order = right
    widget.check()
    assert "✓ Right.</strong> The block makes the pool" in widget.message
    widget.move(0, +1)
    assert "Right" not in widget.message
    widget.check()
    assert "○ Not yet.</strong> Another line comes first." in widget.message


@pytest.mark.parametrize("order", [[], ["print(roots)"], "abc", None, 5, [[]]])
def test_an_order_of_other_lines_is_refused(order, lines):
    with pytest.raises(QuizError, match=r"each of the 3 lines once"):
        lines[0].order = order


def test_the_check_judges_the_widget(lines, tmp_path, monkeypatch):
    (tmp_path / "START.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    widget, right = lines
    assert not checks.arranged(widget).ok
    assert tried(tmp_path) == frozenset(), "the lines as they were shown are no try"
    first, second, third = widget.order
    widget.order = (
        [second, third, first] if right != [second, third, first] else [third, first, second]
    )
    assert not checks.arranged(widget).ok
    assert (recorded(tmp_path), tried(tmp_path)) == (frozenset(), {"arranged-04"})
    widget.order = right
    assert checks.arranged(widget).ok
    assert recorded(tmp_path) == {"arranged-04"}


def test_without_a_front_end_it_is_its_whole_text(lines):
    widget, _ = lines
    shown = widget._repr_mimebundle_()["text/plain"]
    assert shown.splitlines()[1:] == [f"  {line}" for line in widget.order]
