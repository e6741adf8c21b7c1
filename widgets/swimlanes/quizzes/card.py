"""What every quiz has: a frame with a task, something to act on, a button and a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from swimlanes.checks.verdict import Verdict, marked
from swimlanes.markup import NOTHING, Markup, markup
from swimlanes.quizzes.look import heading, said
from swimlanes.shown import Shown


class Card(widgets.VBox):  # type: ignore[misc]
    """A task in its frame.

    Parameters
    ----------
    task : str
        What is asked; code stands between backticks.
    code : str
        Lines of code below it; may be empty.
    instruction : str
        How to answer.
    parts : sequence of Widget
        What is acted on.
    """

    def __init__(
        self,
        task: str,
        code: str,
        instruction: str,
        parts: Sequence[widgets.Widget],
    ) -> None:
        button = widgets.Button(description="Check")
        button.on_click(lambda _: self.check())
        self._said = Shown(said(None))
        title = Shown(heading(task, code, instruction))
        super().__init__([title, *parts, button, self._said])
        self.add_class("swimlanes-quiz")

    def check(self) -> None:
        """Judge the answer and say so."""
        raise NotImplementedError

    def say(self, verdict: Verdict, more: Markup = NOTHING) -> None:
        """Show a verdict, and markup below it."""
        self._said.value = said(verdict) + more

    def tell(self, sentence: str) -> None:
        """Show what has happened."""
        self._said.value = markup('<div role="status">{}</div>', marked(sentence))

    def forget(self) -> None:
        """Take the verdict away, because the answer has changed."""
        self._said.value = said(None)

    @property
    def message(self) -> str:
        """What is shown below the buttons, as HTML."""
        return str(self._said.value)

    def _repr_mimebundle_(self, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """Return the widget, and its whole text for a place that shows no widgets."""
        return {**super()._repr_mimebundle_(**arguments), "text/plain": repr(self)}
