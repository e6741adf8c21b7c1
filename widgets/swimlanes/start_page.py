"""What the start page shows: the lessons, how far one got, and a way back to an original."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets
from IPython.display import DisplayHandle, Markdown, display

from swimlanes import course
from swimlanes.checks.verdict import marked

_STYLE = """<style>
.swimlanes-start { gap: 6px; overflow: visible; margin: 4px 0; }
.swimlanes-start .widget-dropdown { width: auto; margin: 0; }
.swimlanes-start .widget-dropdown > .widget-label { width: auto; margin-right: 8px; }
.swimlanes-start .widget-dropdown > select { width: 260px; flex: 0 0 auto;
  border: 1px solid var(--jp-border-color0, #757575); }
.swimlanes-start .widget-hbox { gap: 8px; align-items: center; flex-flow: row wrap;
  overflow: visible; }
.swimlanes-start button { width: auto; margin: 0;
  border: 1px solid var(--jp-border-color0, #757575); }
.swimlanes-start.swimlanes-start :focus-visible {
  outline: 2px solid var(--jp-brand-color1, #1976d2) !important; outline-offset: 1px; }
.swimlanes-start .widget-html-content { line-height: 1.5; font-size: 14px; }
</style>"""


def contents() -> None:
    """Show the lessons with links, minutes and progress, and a way to put one back.

    It looks at the course in the current folder, which is that of the notebook.
    """
    page = _StartPage(Path.cwd())
    page.show()


class _StartPage:
    """The table of lessons, and below it what puts a lesson back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lessons = course.lessons_in(course.originals() or folder)
        self._table: DisplayHandle | None = None
        names = [(lesson.title, lesson.file) for lesson in self._lessons]
        self._choice = widgets.Dropdown(options=names, description="Put back a lesson:")
        self._said = widgets.HTML('<div role="status"></div>')
        put_back, again = (
            widgets.Button(description=name) for name in ("Put back", "Look again at my progress")
        )
        put_back.on_click(lambda _: self._put_back())
        again.on_click(lambda _: self._refresh())
        row = widgets.HBox([self._choice, put_back, again])
        self._box = widgets.VBox([widgets.HTML(_STYLE), row, self._said])
        self._box.add_class("swimlanes-start")

    def show(self) -> None:
        """Show it as the output of the current cell."""
        if not self._lessons:
            print(f"There are no lessons in {self._folder}; open START.ipynb in the course.")
            return
        self._table = display(self._markdown(), display_id=True)
        display(self._box)

    def _markdown(self) -> Markdown:
        return Markdown(course.table(self._lessons, course.recorded(self._folder)))

    def _refresh(self) -> None:
        if self._table:
            self._table.update(self._markdown())

    def _put_back(self) -> None:
        lesson = next(one for one in self._lessons if one.file == self._choice.value)
        try:
            kept = course.reset(self._folder, lesson.file)
        except course.NoOriginals as error:
            self._say(str(error))
            return
        course.forget(self._folder, lesson.exercises)
        self._refresh()
        mine = f" Yours is kept as `{kept.name}`." if kept else ""
        self._say(
            f"`{lesson.file}` is the original again.{mine} If it is open in a tab, close that tab "
            "and open the lesson anew."
        )

    def _say(self, sentence: str) -> None:
        self._said.value = f'<div role="status">{marked(sentence)}</div>'
