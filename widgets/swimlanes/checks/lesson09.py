"""Checks of the lesson *Beyond the GIL*."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ClassVar

from swimlanes.checks.answers import Wanted, call, classify, number, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check

NUMBERS, SUM_OF_ROOTS = (1.0, 4.0, 9.0), 6.0

AT_THE_SAME_TIME = {
    "threads, counting in Python": Wanted(False, "who runs Python code must hold the one GIL."),
    "threads, hashing large blocks": Wanted(
        True, "`hashlib` lets go of the GIL while it computes."
    ),
    "free-threaded, counting in Python": Wanted(True, "there is no GIL to wait for."),
    "free-threaded, but a package brought the GIL back": Wanted(
        False, "with the GIL back, it is like any other Python."
    ),
    "subinterpreters, counting in Python": Wanted(True, "each of them has a GIL of its own."),
}
CHOICES = {
    "fetch 200 files from a server": Wanted(
        "threads", "it waits most of the time, and a waiting thread holds no GIL."
    ),
    "a simulation in Python code, on the usual Python": Wanted(
        "processes", "it computes under the GIL, so who has a GIL of its own?"
    ),
    "SHA-256 of 50 large files": Wanted(
        "threads", "`hashlib` lets go of the GIL, so nothing needs to be sent."
    ),
    "Python code, one huge shared table, all packages fit": Wanted(
        "free-threaded", "processes would have to send the table; who can share it and compute?"
    ),
    "one product of two large matrices": Wanted(
        "nothing", "it is one call, and BLAS uses all your cores for it already."
    ),
}


@self_check
def at_the_same_time(answers: object) -> Verdict:
    """Check predictions: kind of work and workers -> whether the tasks compute at once."""
    praise = "One GIL, one at a time. No GIL, one each, or a GIL let go: all at the same time."
    return classify(answers, AT_THE_SAME_TIME, praise)


@self_check
def choices(answers: object) -> Verdict:
    """Check which kind of workers fits which work."""
    praise = "First ask what the work does: wait, compute, or share. Then measure."
    return classify(answers, CHOICES, praise)


@self_check
def any_executor(function: object) -> Verdict:
    """Check a function ``sum_of_roots(Executor, numbers)`` that uses what it is given."""
    ((returned, made, tasks, still_open),) = call(function, [(NUMBERS,)], _tried)
    if made == 0:
        return not_yet(
            "It did not use the `Executor` that it was given. Call it to make a pool, as in "
            "`Executor(2)`, and use no other."
        )
    if number(returned) != SUM_OF_ROOTS:
        return not_yet(f"The roots of 1, 4 and 9 add up to 6, and it returned {shown(returned)}.")
    if tasks != len(NUMBERS):
        return not_yet(
            f"The sum is right, but the executor got {tasks} tasks for {len(NUMBERS)} "
            "numbers. Hand them over with `executor.map`."
        )
    if still_open:
        return not_yet("The sum is right, but the executor is left open. Use it in a `with` block.")
    return right("Now the caller chooses: threads, processes or interpreters, with one word.")


def _tried(function: Callable[..., Any], numbers: tuple[float, ...]) -> tuple[Any, int, int, int]:
    """Return what came back, and how many executors were made, got tasks, and are still open."""
    returned = function(_Executor, list(numbers))
    made = _Executor.made
    tasks, still_open = sum(each.tasks for each in made), sum(not each.closed for each in made)
    return returned, len(made), tasks, still_open


class _Executor(ThreadPoolExecutor):
    """Threads, because they need no start; keeps account of tasks and of its end."""

    made: ClassVar[list[_Executor]] = []

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*arguments, **named)
        self.tasks, self.closed = 0, False
        self.made.append(self)

    def submit(self, *arguments: Any, **named: Any) -> Future[Any]:  # noqa: ANN401 - passed on
        self.tasks += 1
        return super().submit(*arguments, **named)

    def shutdown(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        self.closed = True
        super().shutdown(*arguments, **named)
