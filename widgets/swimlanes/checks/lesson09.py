"""Checks of the lesson *Beyond the GIL*."""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ClassVar

from swimlanes.brief import plural
from swimlanes.checks.answers import Wanted, a_number, classify
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import Function, call
from swimlanes.checks.values import Described, travelling
from swimlanes.checks.verdict import Verdict, not_yet, right

# Others than in the lesson.
NUMBERS, SUM_OF_ROOTS = (4.0, 25.0, 49.0, 100.0), 24.0

AT_THE_SAME_TIME = {
    "threads, counting in Python": Wanted(
        False, "only the thread that holds the GIL can run Python code, and there is one GIL."
    ),
    "threads, hashing large blocks": Wanted(
        True, "`hashlib` gives the GIL back while it computes."
    ),
    "free-threaded, counting in Python": Wanted(True, "there is no GIL to wait for."),
    "free-threaded, but a package brought the GIL back": Wanted(
        False, "with the GIL back, it works like any other Python."
    ),
    "subinterpreters, counting in Python": Wanted(True, "each of them has a GIL of its own."),
}
CHOICES = {
    "fetch 200 files from a server": Wanted(
        "threads", "it waits most of the time, and a waiting thread holds no GIL."
    ),
    "a simulation in Python code, on the usual Python": Wanted(
        "processes", "it computes under the GIL. Which workers have a GIL of their own?"
    ),
    "SHA-256 of 50 large files": Wanted(
        "threads", "`hashlib` gives the GIL back, so nothing needs to be sent."
    ),
    "Python code, one huge shared table, all packages fit": Wanted(
        "free-threaded",
        "processes would have to send the table. Which workers can share it and compute?",
    ),
    "one product of two large matrices": Wanted(
        "nothing", "it is one call, and BLAS uses all your cores for it already."
    ),
}


_CLASS = (
    r"'type' object does not support|__enter__",
    "`Executor` is a class. Call it to make a pool, as in `Executor(2)`.",
)
_NO_NUMBER = (
    r"must be real number, not list",
    "`math.sqrt` takes one number: hand the function and the list to `executor.map`.",
)


@self_check(
    "One GIL lets one thread at a time run Python code. Ask of each: is there a GIL, is it given "
    "back, or does each worker have a GIL of its own?",
    "Counting in Python needs the GIL; hashing large blocks gives it back. A free-threaded Python "
    "has no GIL, unless a package brings it back. Each subinterpreter has a GIL of its own.",
)
def at_the_same_time(answers: object) -> Verdict:
    """Check predictions: kind of work and workers -> whether the tasks compute at once."""
    praise = (
        "One GIL: one at a time. No GIL, a GIL for each worker, or a GIL that is given back: all "
        "at the same time."
    )
    return classify(answers, AT_THE_SAME_TIME, praise)


@self_check(
    "Ask first what the work does: does it wait, does it compute in Python, or does it compute in "
    "a library that gives the GIL back?",
    "Waiting and such libraries need no more than threads. Python code needs processes, or a "
    "Python "
    "without a GIL if much data is shared. What uses all cores already needs nothing.",
)
def choices(answers: object) -> Verdict:
    """Check which kind of workers fits which work."""
    praise = "First ask what the work does: wait, compute, or share. Then measure."
    return classify(answers, CHOICES, praise)


@self_check(
    "`Executor` is a class: the caller hands it over. Calling it makes a pool.",
    "Write `Executor(2)` where `...` stands: a pool of two workers, whichever kind it is.",
)
def any_executor(function: object) -> Verdict:
    """Check a function ``sum_of_roots(Executor, numbers)`` that uses what it is given."""
    ((value, made, tasks, still_open, unsendable),) = call(
        function, [(NUMBERS,)], _tried, takes="Executor, numbers", mistakes=(_CLASS, _NO_NUMBER)
    )
    if made == 0:
        return not_yet(
            "It did not use the `Executor` that it was given. Call it to make a pool, as in "
            "`Executor(2)`, and use no other."
        )
    found = a_number(value, function)
    if not math.isclose(found, SUM_OF_ROOTS):
        return not_yet(
            f"The roots of 4, 25, 49 and 100 add up to {SUM_OF_ROOTS:g}, and your function "
            f"returned {found:g}."
        )
    if tasks != len(NUMBERS):
        return not_yet(
            f"The sum is right, but the executor got {plural(tasks, 'task')} for {len(NUMBERS)} "
            "numbers. Hand them over with `executor.map`."
        )
    if still_open:
        return not_yet("The sum is right, but the executor stays open. Use it in a `with` block.")
    if unsendable:
        return right(
            "The caller chooses the executor, and with threads it works. Processes and "
            "interpreters would not get the function that you hand over: it has no name by which "
            "they can find it, as `math.sqrt` has one."
        )
    return right("Now the caller chooses: threads, processes or interpreters, with one word.")


def _tried(function: Function, numbers: tuple[float, ...]) -> tuple[Any, int, int, int, bool]:
    """Return what came back, how many executors were made, got tasks and are still open.

    The last value tells whether a task could not go to another process.
    """
    returned = function(_Executor, list(numbers))
    made = _Executor.made
    tasks, still_open = sum(each.tasks for each in made), sum(not each.closed for each in made)
    unsendable = any(each.unsendable for each in made)
    return travelling(returned), len(made), tasks, still_open, unsendable


class _Executor(ThreadPoolExecutor):
    """Threads, because they need no start; keeps account of tasks and of its end."""

    made: ClassVar[list[_Executor]] = []

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*arguments, **named)
        self.tasks, self.closed, self.unsendable = 0, False, False
        self.made.append(self)

    def submit(self, *arguments: Any, **named: Any) -> Future[Any]:  # noqa: ANN401 - passed on
        self.tasks += 1
        self.unsendable |= isinstance(travelling(arguments), Described)
        return super().submit(*arguments, **named)

    def shutdown(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        self.closed = True
        super().shutdown(*arguments, **named)
