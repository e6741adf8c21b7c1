"""What the start page shows: the lessons, how far one got, and a way back to an original."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets
from IPython.display import DisplayHandle, Markdown, display

from swimlanes import course
from swimlanes.checks.verdict import marked
from swimlanes.markup import Markup, markup
from swimlanes.shown import Shown

_STYLE = markup(
    """<style>
.swimlanes-start {{ gap: 6px; overflow: visible; margin: 4px 0; }}
.swimlanes-start .widget-dropdown {{ width: auto; margin: 0; }}
.swimlanes-start .widget-dropdown > .widget-label {{ width: auto; margin-right: 8px; }}
.swimlanes-start .widget-dropdown > select {{ width: 260px; flex: 0 0 auto;
  border: 1px solid var(--jp-border-color0, #757575); }}
.swimlanes-start .widget-hbox {{ gap: 8px; align-items: center; flex-flow: row wrap;
  overflow: visible; }}
.swimlanes-start button {{ width: auto; margin: 0;
  border: 1px solid var(--jp-border-color0, #757575); }}
.swimlanes-start.swimlanes-start :focus-visible {{
  outline: 2px solid var(--jp-brand-color1, #1976d2) !important; outline-offset: 1px; }}
.swimlanes-start .widget-html, .swimlanes-start .widget-html-content {{ margin: 0; height: auto;
  max-width: 760px; }}
.swimlanes-start .widget-html-content {{ line-height: 1.5; font-size: 14px; }}
</style>"""
)


def contents() -> None:
    """Show the lessons with links, minutes and progress, and a way to put one back.

    It looks at the course in the current folder, which is that of the notebook.
    """
    StartPage(Path.cwd()).show()


class StartPage:
    """The table of lessons, and below it what puts a lesson back.

    Parameters
    ----------
    folder : Path
        The participant's course.

    Attributes
    ----------
    lesson : Dropdown
        The lesson to put back; its values are file names.
    put_back, look_again : Button
        Put that lesson back to its original; read the progress anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lessons = course.lessons_in(course.originals() or folder)
        self._shown: DisplayHandle | None = None
        self.lesson = widgets.Dropdown(
            options=[(lesson.title, lesson.file) for lesson in self._lessons],
            description="Put back a lesson:",
        )
        self.put_back = widgets.Button(description="Put back")
        self.look_again = widgets.Button(description="Look again at my progress")
        self.put_back.on_click(lambda _: self._put_back())
        self.look_again.on_click(lambda _: self._refresh())
        self._said = Shown(_said(""))

    def show(self) -> None:
        """Show it as the output of the current cell."""
        if not self._lessons:
            print(f"There are no lessons in {self._folder}; open {course.START} in the course.")
            return
        row = widgets.HBox([self.lesson, self.put_back, self.look_again])
        below = widgets.VBox([Shown(_STYLE), row, self._said])
        below.add_class("swimlanes-start")
        self._shown = display(Markdown(self.table), display_id=True)
        display(below)

    @property
    def table(self) -> str:
        """The lessons as a table in Markdown, with the progress of this moment."""
        return course.table(self._lessons, course.recorded(self._folder))

    @property
    def message(self) -> str:
        """What was said last, as HTML."""
        return str(self._said.value)

    def _refresh(self) -> None:
        if self._shown:
            self._shown.update(Markdown(self.table))

    def _put_back(self) -> None:
        file = self.lesson.value
        try:
            kept = course.reset(self._folder, file)
        except course.NoOriginals as error:
            self._said.value = _said(str(error))
            return
        marks = next(lesson.exercises for lesson in self._lessons if lesson.file == file)
        course.forget(self._folder, marks)
        self._refresh()
        self._said.value = _said(_what_happened(file, kept))


def _what_happened(file: str, kept: Path | None) -> str:
    mine = f" Yours is kept as `{kept.name}`." if kept else ""
    return (
        f"`{file}` is the original again.{mine} If it is open in a tab, choose there "
        "“Reload Notebook from Disk” in the File menu."
    )


def _said(sentence: str) -> Markup:
    return markup('<div role="status">{}</div>', marked(sentence))
