"""The order in which all checks look at an answer: they never raise, and a right one is noted.

1. It is still open: `...`, or the function as it was given.
2. Cells above have not been run: a name of theirs is missing.
3. It is of the wrong type or shape.
4. It raised an exception, or did not end.
5. Its idea is wrong: that alone is what each check has to know by itself.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from swimlanes import course
from swimlanes.checks import exercises, trying, ways_out
from swimlanes.checks.verdict import Unanswered, Verdict, not_yet

Check = Callable[..., Verdict]

OWN = "swimlanes_course_checks"
"""The module of the checks that a course brings."""

_GAP = "Still open: write your answer where `...` stands."
_AS_GIVEN = "This is still the function as it was given. Change it, then run the cell again."
_EMPTY = "Still open: the function does nothing yet."


def self_check(*hints: str) -> Callable[[Check], Check]:
    """Make a check safe from any answer, and note in the course when the answer is right.

    The check may raise `Unanswered`, whose sentence becomes the verdict.

    Parameters
    ----------
    *hints : str
        What helps with this exercise, each more concrete than the one before.
    """

    def decorate(check: Check) -> Check:
        if len(inspect.signature(check).parameters) != 1:
            raise TypeError(f"the check {check.__name__} must take one answer")
        judge = never_raising(check)

        @functools.wraps(check)
        def noting(*answer: object) -> Verdict:
            verdict = judge(*answer)
            if verdict.is_try:
                course.record(check.__name__, right=verdict.ok)
            return ways_out.offered(verdict, check.__name__, hints)

        noting.is_check = True  # type: ignore[attr-defined]
        return noting

    return decorate


def never_raising(check: Check) -> Check:
    """Make a check say what it raises, because an answer's own methods may do anything."""
    wanted = list(inspect.signature(check).parameters)

    @functools.wraps(check)
    def judge(*answer: object) -> Verdict:
        if len(answer) != len(wanted):
            call = f"checks.{check.__name__}({', '.join(wanted)})"
            return not_yet(f"Give this check your answer, and nothing else: `{call}`.", "type")
        token = trying.printed.set([])
        try:
            verdict = _with_gap(_judged(check, *answer), check.__name__, *answer)
        except (Exception, SystemExit) as error:
            verdict = not_yet(_unjudged(check, error), "type")
        said = "".join(trying.printed.get())
        trying.printed.reset(token)
        return replace(verdict, printed=said)

    return judge


def _judged(check: Check, answer: object) -> Verdict:
    try:
        verdict = _open(check.__name__, answer) or check(answer)
    except Unanswered as error:
        return not_yet(str(error), error.kind)
    if isinstance(verdict, Verdict):
        return verdict
    said = f"The check {check.__name__} returned no verdict on this answer. Tell your instructor."
    return not_yet(said, "error")


def _unjudged(check: Check, error: BaseException) -> str:
    """Return what is said if a check, or the answer that it reads, raised an exception."""
    name = type(error).__name__
    last = traceback.extract_tb(error.__traceback__)[-1]
    if check.__module__ == OWN and last.filename == trying.file_of(check):
        return (
            f"This answer could not be judged: the check ended in `{name}` in line {last.lineno} "
            f"of {Path(last.filename).name}. Is the answer of the kind that the exercise asks for? "
            "If so, the check has a fault: tell your instructor."
        )
    return (
        f"This answer could not be judged: reading it ended in `{name}`. Give what the exercise "
        "asks for, and nothing else."
    )


def _open(name: str, answer: object) -> Verdict | None:
    """Return the verdict on a function that nobody has changed yet; else None."""
    if exercises.is_as_given(answer, name):
        given = exercises.exercise(name)
        return not_yet(_GAP if given and given.has_gaps else _AS_GIVEN, "open")
    return not_yet(_EMPTY, "open") if exercises.is_empty(answer) else None


def _with_gap(verdict: Verdict, name: str, answer: object) -> Verdict:
    """Return that a gap is left, if one is: then nothing else that is wrong counts yet."""
    given = exercises.exercise(name)
    if verdict.ok or given is None or not given.has_gaps or not exercises.holds_gap(answer):
        return verdict
    return not_yet("A `...` is left in your function: write your answer there.", "open")
