"""The checks of this course. Participants do not get this file."""

from __future__ import annotations

from swimlanes.checks.making import Verdict, call, not_yet, number, pictured, right, self_check

# Chosen so that no wrong formula gets all of them right.
CASES = {32.0: 0.0, 50.0: 10.0, 212.0: 100.0}


@self_check(
    "At 32 °F water freezes: there, your function must return 0.",
    "Take away 32, then multiply by 5 and divide by 9.",
)
def celsius(function: object) -> Verdict:
    """Check a function that turns degrees Fahrenheit into degrees Celsius."""
    # In a process of its own and for a limited time, so that no answer can do harm.
    answers = call(function, [(degrees,) for degrees in CASES], takes="fahrenheit")
    for (given, wanted), answer in zip(CASES.items(), answers, strict=True):
        value = number(answer)
        if value is None:
            return not_yet(f"For {given:g}, it returned {pictured(answer)}, not a number.", "type")
        if abs(value - wanted) > 0.01:
            return not_yet(f"{given:g} °F are {wanted:g} °C, and it returned {value:g}.")
    return right("Water freezes at 0 °C and boils at 100 °C.")
