"""What a check of a course's own is made of; ``course.toml`` names the file that holds it.

::

    from swimlanes.checks.making import Verdict, call, not_yet, right, self_check


    @self_check("A first hint.", "A second one, more concrete.")
    def doubled(function: object) -> Verdict:
        (found,) = call(function, [(4,)], takes="amount")
        if found != 8:
            return not_yet(f"For 4, your function returned {found!r}.")
        return right("Twice as much.")

A lesson then has ``checks.doubled(doubled)`` in a cell tagged ``exercise``. The check is given one
answer, and ``takes`` holds the names of the arguments, as in the exercise. The check has the hints,
the help for a gap that is left, and the time limit of all others.
"""

from __future__ import annotations

from swimlanes.checks.answers import Wanted, a_number, a_run, classify, close, gaps, numbers
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import call
from swimlanes.checks.values import number, pictured, sequence, truth, word
from swimlanes.checks.verdict import Unanswered, Verdict, not_yet, right

__all__ = [
    "Unanswered",
    "Verdict",
    "Wanted",
    "a_number",
    "a_run",
    "call",
    "classify",
    "close",
    "gaps",
    "not_yet",
    "number",
    "numbers",
    "pictured",
    "right",
    "self_check",
    "sequence",
    "truth",
    "word",
]
