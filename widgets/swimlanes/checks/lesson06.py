"""Checks of the lesson *Speedup*."""

from __future__ import annotations

import math

from swimlanes import metrics
from swimlanes.brief import plural
from swimlanes.checks.answers import Wanted, classify, close, numbers
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.values import hint_on, number, pictured, sequence
from swimlanes.checks.verdict import Unanswered, Verdict, not_yet, right

# Serial and parallel wall time: they differ, so that no wrong formula gets all of them right.
TIMES = [(8.0, 2.0), (3.0, 3.0), (1.0, 4.0)]
TASKS, MOST_WORKERS = 12, 5
_NEAR = 0.01
_AMOUNT = "does the amount of work stay the same ('strong') or grow ('weak')?"
SCALING_KINDS = {
    "same 1000 images, more cores": Wanted("strong", _AMOUNT),
    "twice the cores, twice the images": Wanted("weak", _AMOUNT),
    "one simulation, finished sooner": Wanted("strong", _AMOUNT),
    "a finer grid for every core we add": Wanted("weak", _AMOUNT),
}


@self_check(
    "A speedup says how many times as fast something has become. If nothing is gained, it is 1.",
    "Divide the serial time by the parallel time: 8 s by 2 s is 4.",
)
def speedup(function: object) -> Verdict:
    """Check a function ``speedup(serial_s, parallel_s)``."""
    values = numbers(function, TIMES, "serial_s, parallel_s")
    if close(values, [parallel / serial for serial, parallel in TIMES], _NEAR):
        return not_yet(
            "This is upside down: with 8 s serial and 2 s on the pool it returns 0.25. Faster must "
            "be more than 1, so which time belongs on top?"
        )
    for (serial, parallel), value in zip(TIMES, values, strict=True):
        wanted = metrics.speedup(serial, parallel)
        if not math.isclose(value, wanted, abs_tol=_NEAR):
            return not_yet(
                f"From {serial:g} s to {parallel:g} s, the speedup is {wanted:g}. Your function "
                f"returned {value:g}. Divide the serial time by the parallel time, and do nothing "
                "else with it."
            )
    return right("From 8 s to 2 s gives 4, no gain gives 1, and slower gives less than 1.")


@self_check(
    "The tasks are done in rounds: in a round, each worker does one task. 3 workers need 4 rounds "
    "for 12 tasks. How many do 5 workers need?",
    "12 tasks, divided by the number of rounds, is the largest possible speedup. The last round "
    "need not be full: 5 workers do 5, 5 and 2.",
)
def most_possible(answer: object) -> Verdict:
    """Check the largest speedups that 12 equal tasks, sent one by one, allow on 1 to 5 workers."""
    values = _speedups(answer)
    wrong = [
        n
        for n, value in enumerate(values, start=1)
        if not math.isclose(value, metrics.ceiling(TASKS, n, chunksize=1), abs_tol=_NEAR)
    ]
    if wrong:
        good = MOST_WORKERS - len(wrong)
        return not_yet(
            f"{good} of {MOST_WORKERS} {'is' if good == 1 else 'are'} right. How many rounds do "
            f"{TASKS} tasks need with {plural(wrong[0], 'worker')}? The answer is {TASKS} divided "
            "by the number of rounds."
        )
    return right("The fifth worker gains nothing: 12 tasks need three rounds with 4 and with 5.")


def _speedups(answer: object) -> list[float]:
    """Return the numbers of a full list, raise Unanswered without."""
    items = sequence(answer)
    if items is None:
        raise Unanswered(
            f"The answer should be a list of {MOST_WORKERS} numbers, and this is "
            f"{pictured(answer)}. {hint_on(answer, 'a list')}".strip(),
            "open" if answer is ... else "type",
        )
    if len(items) != MOST_WORKERS:
        raise Unanswered(
            f"The list should hold {MOST_WORKERS} numbers, for 1 to {MOST_WORKERS} workers. Yours "
            f"holds {len(items)}."
        )
    values = []
    for workers, item in enumerate(items, start=1):
        if item is ...:
            where = plural(workers, "worker")
            raise Unanswered(f"Still open: for {where}, replace `...` by a number.", "open")
        value = number(item)
        if value is None:
            raise Unanswered(
                f"For {plural(workers, 'worker')} you wrote {pictured(item)}, not a number. "
                f"{hint_on(item, 'a number')}".strip()
            )
        values.append(value)
    return values


@self_check(
    "Ask of each: when there are more cores, is there also more work?",
    "The same work on more cores is strong scaling. Work that grows with the cores is weak "
    "scaling.",
)
def scaling_kinds(answers: object) -> Verdict:
    """Check which situations are strong scaling and which are weak."""
    praise = "Strong: the same work, sooner. Weak: more work, in the same time."
    return classify(answers, SCALING_KINDS, praise)
