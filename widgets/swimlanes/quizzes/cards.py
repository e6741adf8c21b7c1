"""Quizzes as widgets: a card with a task, something to act on, a button and a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from swimlanes import connection
from swimlanes.buttons import Button
from swimlanes.checks.verdict import Verdict, marked
from swimlanes.markup import NOTHING, Markup, join, markup, stylesheet
from swimlanes.quizzes.kinds import Option, Ordering, Question
from swimlanes.quizzes.reading import QuizError
from swimlanes.shown import Shown

STYLE = connection.STYLE + stylesheet("quizzes/look.css")
"""The look of a quiz; colours come from the JupyterLab theme."""
INSTRUCTION = "Move the lines with the arrows beside them."
UP, DOWN = -1, 1


class Card(widgets.VBox):  # type: ignore[misc]
    """What is asked, how to answer, and the part that is acted on, in a frame with a button."""

    def __init__(self, task: str, code: str, instruction: str, part: widgets.Widget) -> None:
        button = Button("Check")
        button.on_click(lambda _: self.check())
        self._said = Shown(said(None))
        title = Shown(heading(task, code, instruction))
        super().__init__([connection.pulse(), title, part, button, self._said])
        self.add_class("swimlanes-quiz")
        self.add_class("swimlanes-connected")

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


class Answering(Card):
    """A question, its options, and a button that checks the answer.

    Parameters
    ----------
    question : Question
        What is asked.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        texts = [option.text for option in question.options]
        self._choice = _One(texts) if question.one_right else _Several(texts)
        super().__init__(question.question, question.code, question.instruction, self._choice)
        self._choice.on_change(self.forget)

    def __repr__(self) -> str:
        """Return the question as plain text, for a place that shows no widgets."""
        return str(self._question)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Indices of the chosen options, from 0."""
        return self._choice.chosen

    @chosen.setter
    def chosen(self, indices: Sequence[int]) -> None:
        self._choice.chosen = tuple(indices)

    def check(self) -> None:
        """Judge the answer and say so."""
        verdict = self._question.judge(self.chosen)
        # The verdict on the right answer says nothing about these.
        wrong = [option for option in self._question.options if not option.right]
        self.say(verdict, others(wrong) if verdict.ok else NOTHING)


class _One(widgets.RadioButtons):  # type: ignore[misc]
    """Options of which one is chosen."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(options=list(texts), index=None)

    @property
    def chosen(self) -> tuple[int, ...]:
        return () if self.index is None else (self.index,)

    @chosen.setter
    def chosen(self, indices: tuple[int, ...]) -> None:
        (self.index,) = indices

    def on_change(self, call: Callable[[], None]) -> None:
        self.observe(lambda _: call(), "index")


class _Several(widgets.VBox):  # type: ignore[misc]
    """Options of which any number is ticked."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__([widgets.Checkbox(description=text, indent=False) for text in texts])
        self.add_class("swimlanes-options")

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(index for index, box in enumerate(self.children) if box.value)

    @chosen.setter
    def chosen(self, indices: tuple[int, ...]) -> None:
        for index, box in enumerate(self.children):
            box.value = index in indices

    def on_change(self, call: Callable[[], Any]) -> None:
        for box in self.children:
            box.observe(lambda _: call(), "value")


class Arrangement(Card):
    """Lines with buttons that move them, and one that checks the order.

    A list that takes the arrow keys would be shorter, but JupyterLab takes these keys of whatever
    stands in a notebook.

    Parameters
    ----------
    ordering : Ordering
        The lines and their task.
    """

    def __init__(self, ordering: Ordering) -> None:
        self._ordering = ordering
        self._lines = list(ordering.shuffled())
        self._rows = [_Row(place, self.move) for place in range(len(self._lines))]
        self._refresh()
        rows = widgets.VBox(self._rows)
        rows.add_class("swimlanes-lines")
        super().__init__(ordering.task, "", INSTRUCTION, rows)

    def __repr__(self) -> str:
        """Return the lines as plain text, for a place that shows no widgets."""
        return "\n  ".join((self._ordering.task, *self.order))

    @property
    def lesson(self) -> str:
        """The number of the lesson, such as ``"04"``."""
        return self._ordering.lesson

    @property
    def order(self) -> list[str]:
        """The lines in their present order."""
        return list(self._lines)

    @order.setter
    def order(self, lines: Sequence[str]) -> None:
        if not _same(lines, self._ordering.lines):
            raise QuizError(
                f"The order must hold each of the {len(self._ordering.lines)} lines once, "
                f"and this is {lines!r}."
            )
        self._lines = list(lines)
        self._refresh()
        self.forget()

    def judge(self) -> Verdict:
        """Return what is said to the present order."""
        return self._ordering.judge(self.order)

    def check(self) -> None:
        """Judge the order and say so."""
        self.say(self.judge())

    def move(self, place: int, by: int) -> None:
        """Move the line at a place, counted from 0, up (-1) or down (1); the focus goes with it."""
        there = place + by
        if not 0 <= there < len(self._lines):
            self.tell(f"This line is {'first' if by == UP else 'last'} already.")
            return
        self._lines.insert(there, self._lines.pop(place))
        self._refresh()
        self._rows[there].buttons[by].focus()
        self.tell(f"Now line {there + 1} of {len(self._lines)}: `{self._lines[there].strip()}`")

    def _refresh(self) -> None:
        for row, line in zip(self._rows, self._lines, strict=True):
            row.show(line)


class _Row(widgets.HBox):  # type: ignore[misc]
    """A place for a line, and the buttons that move what is there."""

    def __init__(self, place: int, move: Callable[[int, int], None]) -> None:
        self.buttons = {UP: Button(), DOWN: Button()}
        self._text = Shown()
        for by, button in self.buttons.items():
            button.add_class("swimlanes-up" if by == UP else "swimlanes-down")
            button.on_click(lambda _, by=by: move(place, by))
        super().__init__([*self.buttons.values(), self._text])

    def show(self, line: str) -> None:
        """Show a line, which gives the buttons their names."""
        self._text.value = line_of_code(line)
        self.buttons[UP].tooltip = f"Move up: {line.strip()}"
        self.buttons[DOWN].tooltip = f"Move down: {line.strip()}"


def _same(given: object, lines: Sequence[str]) -> bool:
    """Return whether these are the lines, in any order."""
    return (
        isinstance(given, list | tuple)
        and all(isinstance(line, str) for line in given)
        and sorted(given) == sorted(lines)
    )


def heading(text: str, code: str, instruction: str) -> Markup:
    """Return what is asked, with the style that all parts of the quiz need."""
    return markup(
        '{}<p><strong>{}</strong></p>{}<p class="swimlanes-instruction">{}</p>',
        STYLE,
        marked(text),
        line_of_code(code) if code else NOTHING,
        instruction,
    )


def line_of_code(line: str) -> Markup:
    """Return a line of code as it is, with its indentation."""
    return markup("<pre>{}</pre>", line)


def said(verdict: Verdict | None) -> Markup:
    """Return the verdict in a region that is there, empty, before there is one."""
    return verdict._repr_html_() if verdict else markup('<div role="status"></div>')


def others(options: Sequence[Option]) -> Markup:
    """Return why each of these options is right or wrong, folded."""
    items = join(
        markup(
            "<li><b>{}</b><em>{}</em><br>{}</li>",
            "✓" if option.right else "✗",
            option.text,
            marked(option.because),
        )
        for option in options
    )
    return markup("<details><summary>And the other options?</summary><ul>{}</ul></details>", items)
