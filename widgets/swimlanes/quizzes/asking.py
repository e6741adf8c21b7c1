"""A question with options, as a widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from swimlanes.markup import NOTHING
from swimlanes.quizzes.card import Card
from swimlanes.quizzes.kinds import Option, Question
from swimlanes.quizzes.look import others


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
        super().__init__(question.question, question.code, question.instruction, [self._choice])
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
        self.say(verdict, others(self._not_told()) if verdict.ok else NOTHING)

    def _not_told(self) -> list[Option]:
        """Return the options that the verdict on the right answer says nothing about."""
        return [option for option in self._question.options if not option.right]


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
