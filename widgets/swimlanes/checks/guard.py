"""What every check has in common: it never raises, and a right answer is remembered."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable

from swimlanes import course
from swimlanes.checks.answers import Unanswered
from swimlanes.checks.verdict import Verdict, not_yet

Check = Callable[..., Verdict]


def self_check(check: Check) -> Check:
    """Make a check safe from any answer, and note in the course when the answer is right.

    The check may raise `Unanswered`, whose sentence becomes the verdict.
    """
    judge = never_raising(check)

    @functools.wraps(check)
    def noting(*answer: object) -> Verdict:
        verdict = judge(*answer)
        if verdict.ok:
            course.record(check.__name__)
        return verdict

    return noting


def never_raising(check: Check) -> Check:
    """Make a check say what it raises, because an answer's own methods may do anything."""
    wanted = list(inspect.signature(check).parameters)

    @functools.wraps(check)
    def judge(*answer: object) -> Verdict:
        if len(answer) != len(wanted):
            call = f"checks.{check.__name__}({', '.join(wanted)})"
            return not_yet(f"Give this check your answer, and nothing else: `{call}`.")
        try:
            return check(*answer)
        except Unanswered as error:
            return error.verdict
        except (Exception, SystemExit) as error:
            return not_yet(
                f"This answer could not be judged: reading it ended in {type(error).__name__}. "
                "Give what the exercise asks for, and nothing else."
            )

    return judge
