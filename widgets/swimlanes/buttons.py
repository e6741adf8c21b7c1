"""Buttons whose press counts everything that was changed before it, and that can be barred.

A page sends a press at once. Of a field it sends the next value only when it has heard that the
kernel is done with the one before: a press overtakes the values that wait. Two things hold,
though. The kernel deals with what a page sends in the order in which it comes, and the page acts
on what it hears in that order, too. So a button that is pressed asks the page for an answer: before
the page hears the question it hears that the kernel is done, and it sends the values that wait.
They are here when the answer is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import traitlets

from swimlanes.connection import sender


class Button(widgets.Button):  # type: ignore[misc]
    """A button for all that this package shows.

    It can be barred: it shows that and does nothing, but keeps the keyboard's focus. A browser
    takes the focus away from a button that is disabled, so whoever pressed it by keyboard would
    have to come all the way again when it is enabled. `disabled` is for what does not pass by
    itself.
    """

    # Known to the kernel only.
    barred = traitlets.Bool()

    def __init__(self, description: str = "", **more: Any) -> None:  # noqa: ANN401 - of ipywidgets
        super().__init__(description=description, **more)
        self._questions = questions()  # made with the button, so that its page knows them
        self.observe(lambda _: self._show_bar(), "barred")

    def click(self) -> None:
        """Do what a press does, unless it is barred."""
        if not self.barred:
            super().click()

    def _handle_button_msg(self, _: object, content: dict[str, Any], _buffers: object) -> None:
        if content.get("event") == "click":
            self._questions.ask(self.click)

    def _show_bar(self) -> None:
        (self.add_class if self.barred else self.remove_class)("swimlanes-barred")


class _Word(widgets.Widget):  # type: ignore[misc]
    """A number that one side tells the other; a page shows nothing of it."""

    number = traitlets.Int().tag(sync=True)


class _Answer(_Word):
    """What a page answers; `take` is called with each answer, also with one that came before."""

    def __init__(self, take: Callable[[int], None]) -> None:
        super().__init__()
        self._take = take

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a page says; the other pages need not hear of it."""
        self._take(sync_data["number"])


class Questions:
    """Asks a page for an answer, and then does what was to be done after it.

    Attributes
    ----------
    asked, answer : Widget
        The number of the last question, and what the pages make of it: a link in the browser
        gives the one to the other.
    """

    def __init__(self) -> None:
        self.asked, self.answer = _Word(), _Answer(self._take)
        self._link = widgets.jsdlink((self.asked, "number"), (self.answer, "number"))
        self._waiting: dict[int, tuple[str, Callable[[], None]]] = {}
        self._lock = threading.Lock()

    def ask(self, call: Callable[[], None]) -> None:
        """Call this when the page that sent what is handled now has answered."""
        with self._lock:
            number = self.asked.number + 1
            self._waiting[number] = sender(), call
            self.asked.number = number

    def _take(self, number: int) -> None:
        """Do what waits for this answer, or for an earlier one that the page has skipped."""
        page = sender()  # all pages of a kernel hear a question, and another one may be quicker
        with self._lock:
            due = [
                asked
                for asked, (asker, _) in self._waiting.items()
                if asked <= number and asker == page
            ]
            calls = [self._waiting.pop(asked)[1] for asked in due]
        for call in calls:
            call()


def questions() -> Questions:
    """Return what asks the pages; all buttons of a kernel share it."""
    global _shared
    if _shared is None or _shared.asked.comm is None:  # none yet, or all widgets were closed
        _shared = Questions()
    return _shared


_shared: Questions | None = None
