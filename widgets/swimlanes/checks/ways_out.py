"""Hints for whoever is stuck, one after the other, and then a solution.

Nothing is known of a person: how many hints of an exercise were read is forgotten with the kernel.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from swimlanes.brief import plural
from swimlanes.checks.exercises import exercise
from swimlanes.checks.verdict import Verdict, code_below, line_below, marked
from swimlanes.markup import Markup, markup

SETTING = "SWIMLANES_SOLUTIONS"
"""Environment variable: ``no`` keeps the solutions back."""
TRIES = 3
"""How many wrong answers are enough for a solution."""


@dataclass
class _Stuck:
    """The exercise whose answer was judged last, and how many of its hints have been read."""

    mark: str
    hints: Sequence[str]
    tries: int = 0
    solved: bool = False
    read: int = 0


@dataclass(frozen=True)
class Help:
    """A hint or a solution, as a notebook and a terminal show it."""

    title: str
    text: str
    code: str = ""
    more: str = ""

    def __repr__(self) -> str:
        """Return it as plain text."""
        parts = (f"{self.title} {self.text}".strip(), self.code, self.more)
        return "\n".join(part for part in parts if part)

    def _repr_html_(self) -> Markup:
        """Return it for a notebook, in the colours of its theme."""
        return markup(
            '<div role="status" class="mathjax_ignore" style="border-left: 4px solid #0072B2; '
            'padding: 4px 10px; color: var(--jp-content-font-color1, inherit)">'
            "<strong>{}</strong> {}{}{}</div>",
            self.title,
            marked(self.text),
            code_below("One way to write it:", self.code),
            line_below(self.more),
        )


_exercises: dict[str, _Stuck] = {}
_last: list[_Stuck] = []


def offered(verdict: Verdict, mark: str, hints: Sequence[str]) -> Verdict:
    """Return a verdict with a sentence on how to get on, and remember the exercise."""
    stuck = _exercises.setdefault(mark, _Stuck(mark, hints))
    _last[:] = [stuck]
    stuck.solved |= verdict.ok
    if verdict.ok or verdict.kind == "unrun":
        return verdict
    stuck.tries += verdict.kind != "open"
    return replace(verdict, more=_offer(stuck))


def hint() -> Help:
    """Return another hint for the exercise that was checked last, more concrete each time."""
    if not _last:
        return Help("", "Run the cell of an exercise first. Its check can then give a hint.")
    (stuck,) = _last
    if stuck.read == len(stuck.hints):
        return Help("", f"There are no more hints here. {_offer(stuck)}")
    stuck.read += 1
    title = f"Hint {stuck.read} of {len(stuck.hints)}."
    whose = f"This is for the exercise with `checks.{_check(stuck)}`, which was checked last."
    return Help(title, stuck.hints[stuck.read - 1], more=f"{whose} {_offer(stuck)}")


def solution() -> Help:
    """Return a solution of the exercise checked last, after its hints, tries, or a right answer."""
    if not _last:
        return Help("", "Run the cell of an exercise first.")
    (stuck,) = _last
    solved = exercise(stuck.mark)
    if not _shown() or solved is None or not solved.solution:
        return Help("", "Solutions are not shown here. Ask your instructor.")
    if not _may_see(stuck):
        return Help("", f"{_before_it(stuck)} {_offer(stuck)}")
    return Help("A solution.", "Compare it with yours before you copy it.", solved.solution)


def _check(stuck: _Stuck) -> str:
    return stuck.mark.partition("-")[0]


def _may_see(stuck: _Stuck) -> bool:
    """Return whether a solution is shown: after a right answer, the hints, or several tries."""
    has_hints = stuck.tries > 0 and stuck.read == len(stuck.hints)
    return stuck.solved or has_hints or stuck.tries >= TRIES


def _before_it(stuck: _Stuck) -> str:
    """Return when a solution is shown, and how much of that is done; `_offer` says what to do."""
    if not stuck.hints:
        return "A solution is shown after your first try."
    return (
        f"A solution is shown after {plural(len(stuck.hints), 'hint')} and one try, or after "
        f"{TRIES} tries. So far you have read {plural(stuck.read, 'hint')} and tried "
        f"{plural(stuck.tries, 'time')}."
    )


def _offer(stuck: _Stuck) -> str:
    """Return the sentence that says what helps next."""
    if stuck.read < len(stuck.hints):
        another = "another hint" if stuck.read else "a hint"
        return f"Stuck? Run `checks.hint()` in a new cell for {another}."
    if not _shown():
        return "Still stuck? Ask your instructor."
    if not _may_see(stuck):
        return "Try it, run the check, and then `checks.solution()` shows a solution."
    return "Still stuck? Run `checks.solution()` in a new cell for a solution."


def _shown() -> bool:
    return os.environ.get(SETTING, "").strip().lower() not in ("no", "false", "0")
