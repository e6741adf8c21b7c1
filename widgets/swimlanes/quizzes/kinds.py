"""Questions, and what is said to an answer; no widgets, no files."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import force_setattr

from swimlanes.checks.verdict import Verdict, not_yet, right


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the answers to choose from.

    Attributes
    ----------
    text : str
        The answer.
    because : str
        Why it is right or wrong.
    right : bool
        Whether it is right.
    """

    text: str
    because: str
    right: bool = False

    def __post_init__(self) -> None:
        """Refuse an option without a word."""
        force_setattr(self, "text", self.text.replace("`", ""))
        _strip(self, "text", "because")


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """A question with options, of which one or several are right.

    Attributes
    ----------
    name : str
        Lesson and name.
    question : str
        What is asked.
    code : str
        Lines of code that belong to it; may be empty.
    options : tuple of Option
        The answers to choose from, two or more.
    """

    name: str
    question: str
    code: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        """Refuse a question that nobody can answer."""
        _strip(self, "question")
        force_setattr(self, "code", self.code.rstrip("\n"))
        if len(self.options) < 2:
            raise ValueError("it needs two [[options]] or more")
        if not any(option.right for option in self.options):
            raise ValueError("it has no right option; write right = true in one")
        if len({option.text for option in self.options}) < len(self.options):
            raise ValueError("it has the same option twice; write another text")

    @property
    def one_right(self) -> bool:
        """Whether a single option is right."""
        return sum(option.right for option in self.options) == 1

    @property
    def instruction(self) -> str:
        """How many options may be chosen."""
        return "Choose one." if self.one_right else "Tick all that are right."

    def judge(self, chosen: Collection[int]) -> Verdict:
        """Return what is said when the options with these indices are chosen."""
        if not chosen:
            return not_yet(self.instruction)
        if self.one_right:
            (index,) = chosen
            option = self.options[index]
            return Verdict(option.right, option.because)
        return self._judge_ticks(chosen)

    def _judge_ticks(self, chosen: Collection[int]) -> Verdict:
        wrong = [o for index, o in enumerate(self.options) if o.right != (index in chosen)]
        if not wrong:
            # Each beside its option: one after the other, they would read as cause and effect.
            told = (
                f"“{option.text.rstrip('.')}”: {option.because}"
                for option in self.options
                if option.right
            )
            return right(" ".join(told))
        good = len(self.options) - len(wrong)
        are = "is" if good == 1 else "are"
        return not_yet(
            f"{good} of {len(self.options)} boxes {are} right. Think again of "
            f"“{wrong[0].text.rstrip('.')}”. {wrong[0].because}"
        )

    def __str__(self) -> str:
        """Return the question as plain text, without its answer."""
        code = f"\n\n{self.code}\n" if self.code else ""
        options = "".join(f"\n  [ ] {option.text}" for option in self.options)
        return f"{self.question}{code}\n{self.instruction}{options}"


class Ordering(Struct, frozen=True, forbid_unknown_fields=True):
    """Lines to be put in order.

    Attributes
    ----------
    name : str
        Lesson and name.
    task : str
        What is to be done.
    lines : tuple of str
        The lines in the right order.
    hint : str
        What helps while the order is wrong.
    because : str
        Why the right order is right.
    """

    name: str
    task: str
    lines: tuple[str, ...]
    hint: str
    because: str

    def __post_init__(self) -> None:
        """Refuse lines that have no order."""
        _strip(self, "task", "hint", "because")
        if len(set(self.lines)) < 2:
            raise ValueError("there must be two different lines or more to put in order")

    @property
    def lesson(self) -> str:
        """The number of the lesson, such as ``"04"``."""
        return self.name.partition("/")[0]

    def shuffled(self) -> tuple[str, ...]:
        """Return the lines in the order that is shown at first; always the same, never right."""
        shown = list(self.lines)
        random.Random(self.name).shuffle(shown)
        return tuple(shown if tuple(shown) != self.lines else reversed(shown))

    def judge(self, order: Sequence[str]) -> Verdict:
        """Return what is said to the lines in this order."""
        pairs = enumerate(zip(order, self.lines, strict=True))
        place = next((number for number, (given, line) in pairs if given != line), None)
        if place is None:
            return right(self.because)
        untouched = tuple(order) == self.shuffled()
        return not_yet(f"{_good_until(place)} {self.hint}", "open" if untouched else "idea")

    def __str__(self) -> str:
        """Return the lines as they are shown at first, as plain text."""
        return "\n  ".join((self.task, *self.shuffled()))


def _strip(quiz: Struct, *names: str) -> None:
    """Take the space from around texts, and refuse those that then are empty."""
    for name in names:
        text = getattr(quiz, name).strip()
        if not text:
            raise ValueError(f'it needs a text for {name}: {name} = "…"')
        force_setattr(quiz, name, text)


def _good_until(place: int) -> str:
    """Say which lines from the top are where they belong."""
    if place == 0:
        return "Another line comes first."
    lines = "The first line is right" if place == 1 else f"The first {place} lines are right"
    return f"{lines}, line {place + 1} is not."
