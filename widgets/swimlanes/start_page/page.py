"""The table of lessons, which of them run, a way back, and what the class is told."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import ClassVar

import ipywidgets as widgets
from IPython.display import DisplayHandle, Markdown, display

from swimlanes import connection, course
from swimlanes.buttons import Button
from swimlanes.course import Lesson, Running
from swimlanes.markup import Markup, markup, short, stylesheet
from swimlanes.shown import Shown
from swimlanes.start_page.parts import said, show
from swimlanes.start_page.your_class import YourClass

STYLE = connection.STYLE + stylesheet("start_page/look.css")
LOOK_S = 1.0
"""Time between two looks at the progress."""
LOOKS_AT_KERNELS = 10
"""After so many looks at the progress, the server is asked which lessons run."""

_WHICH_RUN = (
    "A lesson that you have finished still takes memory. Shutting it down frees that memory. What "
    "you wrote and what its cells show stays in the notebook; its variables are lost."
)


def contents() -> None:
    """Show the lessons with links, minutes and progress, which of them run, and a way back.

    It looks at the course in the current folder, which is that of the notebook. Several pages of a
    browser, and one that is loaded again, show the same.
    """
    StartPage.of(Path.cwd()).show()


class StartPage:
    """The table of lessons, and below it what puts a lesson back and what shuts one down.

    Parameters
    ----------
    folder : Path
        The participant's course.

    Attributes
    ----------
    lesson : Dropdown
        The lesson to put back; its values are file names.
    put_back, sure, cancel : Button
        Ask whether that lesson is to be put back to its original; do it; leave it.
    running : VBox
        A row for each lesson that runs, with a button to shut it down.
    your_class : YourClass
        What the class is told.
    """

    _latest: ClassVar[StartPage | None] = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lessons = _lessons(folder)
        self._by_file = {lesson.file: lesson for lesson in self._lessons}
        self._shown: DisplayHandle | None = None
        self._table = self.table
        self.lesson = widgets.Dropdown(
            options=[(lesson.title, lesson.file) for lesson in self._lessons],
            description="Put back a lesson:",
        )
        self.put_back = Button("Put back")
        self.sure = Button("Yes, put it back")
        self.cancel = Button("Cancel")
        self.put_back.on_click(lambda _: self._ask())
        self.sure.on_click(lambda _: self._put_back())
        self.cancel.on_click(lambda _: self._leave())
        self.lesson.observe(lambda _: self._answered(""), "value")
        self._said = Shown(said(""))
        self._answers = widgets.HBox([self.sure, self.cancel])
        self._answered("")
        self.your_class = YourClass(folder, self._lessons)
        self.running = widgets.VBox()
        self._rows: dict[str, Shown] = {}
        self._which = Shown(said(""))
        row = widgets.HBox([self.lesson, self.put_back])
        back = [row, self._said, self._answers]
        parts = [Shown(STYLE), self.your_class.whole, *back, self._which, self.running]
        self._below = widgets.VBox([connection.pulse(), *parts])
        self._below.add_class("swimlanes-start")
        self._below.add_class("swimlanes-connected")

    @classmethod
    def of(cls, folder: Path) -> StartPage:
        """Return the one that is followed already if it fits the folder and its lessons, or one."""
        there = cls._latest
        if there and there._lives and (there._folder, there._lessons) == (folder, _lessons(folder)):
            return there
        return cls(folder)

    def show(self) -> None:
        """Show it as the output of the current cell, and follow the progress from now on."""
        if not self._lessons:
            print(f"There are no lessons in {self._folder}; open {course.START} in the course.")
            return
        self._table = self.table
        # Under one name, so that every page that shows the table hears when it changes.
        self._shown = display(Markdown(self._table), display_id=f"swimlanes-start-{id(self)}")
        display(self._below)
        followed, StartPage._latest = StartPage._latest is self, self
        if self._shown and not followed:  # on a page, which can be told more
            threading.Thread(target=self._follow, name="swimlanes-start", daemon=True).start()

    @property
    def _lives(self) -> bool:
        return self._said.comm is not None  # not closed, by whoever closes all widgets

    @property
    def table(self) -> str:
        """The lessons as a table in Markdown, with the progress of this moment."""
        return course.table(self._lessons, course.recorded(self._folder))

    @property
    def message(self) -> str:
        """What was said last, as HTML."""
        return str(self._said.value)

    def look_at_kernels(self) -> None:
        """Show which lessons run, or why that is not known."""
        try:
            found = [one for one in course.running() if one.file in self._by_file]
        except course.NoServer as error:
            self._which.value = said(str(error))
            return
        if {one.session for one in found} != self._rows.keys():
            self._rows = {one.session: Shown() for one in found}
            self.running.children = [self._with_button(one) for one in found]
        for one in found:
            self._rows[one.session].value = _row(self._by_file[one.file].title, one)
        # After the rows: a page that is still busy with these has no text about buttons before it.
        self._which.value = said(_WHICH_RUN if found else "No lesson runs now.")

    def _with_button(self, one: Running) -> widgets.HBox:
        button = Button(f"Shut down {_name(self._by_file[one.file])}")
        button.on_click(lambda _: self._shut_down(one))
        return widgets.HBox([button, self._rows[one.session]])

    def _shut_down(self, one: Running) -> None:
        lesson = f"lesson {_name(self._by_file[one.file])}"
        self._answered(f"Shutting down {lesson} …")
        try:
            course.shut_down(one.session)
        except course.NoServer as error:
            self._answered(f"L{lesson[1:]} still runs. {error}")
            return
        self.look_at_kernels()
        self._answered(
            f"L{lesson[1:]} is shut down. What it showed stays in the notebook; to go on with "
            "it, open it and run its cells again from the top."
        )
        self.put_back.focus()

    def _follow(self) -> None:
        """Show what has changed, until the course has become another one."""
        looks = 0
        while StartPage._latest is self and self._lives:
            self._refresh()
            self.your_class.look()
            if looks % LOOKS_AT_KERNELS == 0:
                self.look_at_kernels()
            looks += 1
            time.sleep(LOOK_S)

    def _refresh(self) -> None:
        table = self.table
        if self._shown and table != self._table:
            self._shown.update(Markdown(table))
        self._table = table

    def _ask(self) -> None:
        file = self.lesson.value
        if course.changed(self._folder, file):
            saved = "Your notebook, as it is saved now, is kept as a copy."
        else:
            saved = "As it is saved now, it holds nothing of yours, so no copy is made."
        self._answered(
            f"Put `{file}` back to the original? Is it open in a tab? Then save it there first: "
            f"what is not saved is lost. {saved} Its exercises count as open again."
        )
        show(self._answers, True)
        self.cancel.focus()

    def _leave(self) -> None:
        self._answered("Nothing was changed.")
        self.put_back.focus()

    def _answered(self, sentence: str) -> None:
        self._said.value = said(sentence)
        show(self._answers, False)

    def _put_back(self) -> None:
        file = self.lesson.value
        self._answered(f"Putting `{file}` back …")  # the question is answered, at once
        try:
            kept = course.reset(self._folder, file)
        except course.NoOriginals as error:
            self._answered(str(error))
        else:
            course.forget(self._folder, self._by_file[file])
            self._refresh()
            self._answered(_what_happened(file, kept))
        self.put_back.focus()


def _lessons(folder: Path) -> list[Lesson]:
    return course.material(course.originals() or folder).lessons


def _name(lesson: Lesson) -> str:
    """Return the number of a lesson, if its file begins with one, or its title."""
    number = re.match(r"\d\d(?=-)", lesson.file)
    return number[0] if number else f"“{short(lesson.title, 40)}”"


def _what_happened(file: str, kept: Path | None) -> str:
    mine = f"Yours is kept beside it, as `{kept.name}`." if kept else "No copy was needed."
    return (
        f"`{file}` is the original again. {mine} If it is open in a tab, choose there “Reload "
        "Notebook from Disk” in the File menu, before you save. If JupyterLab asks whether to "
        "overwrite or to revert, choose “Revert”."
    )


def _row(title: str, one: Running) -> Markup:
    memory = "" if one.memory_bytes is None else f", {one.memory_bytes / 1e6:.0f} MB"
    return markup("{}{}{}", title, memory, ", a cell is running" if one.busy else "")
