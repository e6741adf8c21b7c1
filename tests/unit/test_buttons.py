"""When a press counts; the browser tests show it with a kernel that is late."""

import ipywidgets as widgets
import pytest

from swimlanes import buttons
from swimlanes.buttons import Button


class Page:
    """Sends what a page sends."""

    def __init__(self, name, monkeypatch):
        self._name, self._patch = name, monkeypatch

    def press(self, button):
        self._now()
        button._handle_custom_msg({"event": "click"}, [])

    def answer(self, questions):
        self._now()
        questions.answer.set_state({"number": questions.asked.number})

    def _now(self):
        self._patch.setattr(buttons, "sender", lambda: self._name)


@pytest.fixture
def pages(monkeypatch):
    """Return two pages that show the same."""
    return Page("one", monkeypatch), Page("another", monkeypatch)


@pytest.fixture
def pressed():
    """Return a button, a field, and the values that the field had when the button did its work."""
    button, field, values = Button("Run"), widgets.IntText(1), []
    button.on_click(lambda _: values.append(field.value))
    return button, field, values


def test_a_press_counts_what_comes_before_the_page_has_answered(pages, pressed):
    (page, _), (button, field, values) = pages, pressed
    page.press(button)
    field.set_state({"value": 2})
    assert values == []
    page.answer(buttons.questions())
    page.answer(buttons.questions())
    assert values == [2]


def test_another_page_does_not_answer_for_the_one_that_was_used(pages, pressed):
    (page, other), (button, field, values) = pages, pressed
    page.press(button)
    other.answer(buttons.questions())
    field.set_state({"value": 2})
    assert values == []
    page.answer(buttons.questions())
    assert values == [2]


def test_presses_keep_their_order_though_a_page_may_skip_an_answer(pages):
    done = []
    for number in range(3):
        button = Button(str(number))
        button.on_click(lambda pressed: done.append(pressed.description))
        pages[0].press(button)
    pages[0].answer(buttons.questions())
    assert done == ["0", "1", "2"]


def test_a_button_that_is_barred_in_the_meantime_does_nothing(pages, pressed):
    button, _, values = pressed
    pages[0].press(button)
    button.barred = True
    pages[0].answer(buttons.questions())
    assert values == []


def test_all_buttons_share_the_questions_until_these_are_closed():
    first = buttons.questions()
    assert buttons.questions() is first
    first.asked.close()
    assert buttons.questions() is not first
