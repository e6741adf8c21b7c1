"""Whether the class is told how far one is: the question, exactly what is told, and a way back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ipywidgets as widgets

from swimlanes.brief import plural
from swimlanes.buttons import Button
from swimlanes.course import Lesson
from swimlanes.markup import Markup, join, markup
from swimlanes.shown import Shown
from swimlanes.start_page.parts import said, show
from swimlanes.wall.progress import Progress
from swimlanes.wall.telling import Telling, progress_in

TELL, TAKE_BACK = "Tell the class how far I am", "Take it back"
_WHAT = (
    "The wall of your class, at `{}`, then gets this list, now and whenever it changes, and "
    "nothing else of yours. It shows how many have an exercise right, are trying, or have not "
    "begun, and no names."
)


class HowFar:
    """Asks whether the class may be told how far one is, where there is a wall.

    Attributes
    ----------
    main : Button
        Asks, and takes back what was agreed.
    agree, cancel : Button
        The two answers.
    whole : VBox
        All of it.
    """

    def __init__(self, folder: Path, lessons: Sequence[Lesson]) -> None:
        self._folder, self._lessons = folder, lessons
        self._telling = Telling()
        self._asked = False
        self.main = Button(TELL)
        self.agree = Button("Yes, tell it from now on")
        self.cancel = Button("Cancel")
        self.main.on_click(lambda _: self._press())
        self.agree.on_click(lambda _: self._answer(agreed=True))
        self.cancel.on_click(lambda _: self._answer(agreed=False))
        self._said, self._list = Shown(said("")), Shown()
        row = widgets.HBox([self.main, self.agree, self.cancel])
        self.whole = widgets.VBox([self._said, self._list, row])
        self._refresh()

    @property
    def message(self) -> str:
        """What was said last, and the list, as HTML."""
        return str(self._said.value + self._list.value)

    def look(self) -> None:
        """Tell what is new, if that was agreed, and show how it stands."""
        earlier, progress = self._telling.place, progress_in(self._folder, self._lessons)
        self._telling.look(progress)
        if self._telling.place != earlier:
            self._asked = False  # that was for another wall
        self._show(progress)

    def _refresh(self) -> None:
        self._show(progress_in(self._folder, self._lessons))

    def _press(self) -> None:
        if self._telling.state == "silent":
            self._asked = True
            self._refresh()
            self.cancel.focus()
        else:
            self._telling.take_back()
            self._refresh()

    def _answer(self, agreed: bool) -> None:
        self._asked = False
        if agreed:
            self._telling.agree()
        self._refresh()
        self.main.focus()

    def _show(self, progress: Progress) -> None:
        telling = self._telling
        silent = telling.state == "silent"
        show(self.whole, telling.place is not None)
        show(self.main, not self._asked)
        show(self.agree, self._asked)
        show(self.cancel, self._asked)
        show(self._list, self._asked or not silent)
        self.main.description = TELL if silent else TAKE_BACK
        self.main.barred = telling.state == "taking back"
        self._said.value = said(self._sentence(progress))
        self._list.value = _listed(progress)

    def _sentence(self, progress: Progress) -> str:
        telling = self._telling
        if self._asked and telling.place:
            return _WHAT.format(telling.place.shown)
        if telling.state == "silent":
            return telling.trouble
        if telling.trouble:
            return f"{telling.trouble} It is tried again by itself."
        if telling.state == "taking back":
            return "Taking it back …"
        if telling.state == "beginning":
            return "Telling the class …"
        right, trying = len(progress.right), len(progress.trying)
        return (
            f"The class is told how far you are: {plural(right, 'exercise')} right, {trying} tried."
        )


def _listed(progress: Progress) -> Markup:
    """Return exactly what is told: names as they are sent."""
    marks = [(name, "right") for name in progress.right]
    marks += [(name, "trying") for name in progress.trying]
    if not marks:
        return markup("<p>The list is empty: no exercise is right or was tried yet.</p>")
    lines = join(markup("<li><code>{}</code>: {}</li>", name, mark) for name, mark in marks)
    return markup('<ul class="swimlanes-told" tabindex="0">{}</ul>', lines)
