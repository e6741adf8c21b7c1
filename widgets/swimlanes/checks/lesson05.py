"""Checks of the lesson *Talking costs*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from swimlanes.checks.answers import Wanted, call, classify, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check

CAN_TRAVEL = {
    "np.zeros((3, 3))": Wanted(True, "an array is plain data."),
    "lambda x: x + 1": Wanted(False, "by which name should the worker find it?"),
    "'results/run-7.csv'": Wanted(True, "it is only the name of a file, so it is text."),
    "open('results/run-7.csv')": Wanted(
        False, "the open file belongs to this process; its name would travel."
    ),
    "(n for n in range(3))": Wanted(False, "a generator is a loop half done."),
    "range(3)": Wanted(True, "a range is three numbers, and no loop has begun."),
    "math.sqrt": Wanted(True, "it has a name in a module that every worker can import."),
}
JOURNEYS = {
    "pool.map(f, [(big, row) for row in rows], chunksize=1)": Wanted(
        16, "each of the 16 tasks is a message of its own, with the table in it."
    ),
    "pool.map(partial(f, big), rows, chunksize=4)": Wanted(
        4, "the function goes along with every chunk, and 16 tasks make how many chunks of 4?"
    ),
    "Pool(2, initializer=keep, initargs=(big,))": Wanted(
        2, "each worker calls the initialiser once, when it starts."
    ),
    "Pool(2, initializer=attach, initargs=(memory.name, shape))": Wanted(
        0, "only a name and a shape go through the pipe."
    ),
}
WORKERS = 2
WORDS = ("lane", "pool", "task", "chunk", "worker", "pickle", "journey", "core")
NUMBERS = (7, 6, 5, 4, 3, 2, 1, 0)
_ENDLESS = (
    "Does the initialiser fail? Then the pool starts workers for ever. `initargs` is a tuple, also "
    "for one argument: `(words,)`."
)


@self_check
def can_travel(answers: object) -> Verdict:
    """Check which values can be sent to another process."""
    praise = "Plain data travel, and names do. What is tied to this process stays."
    return classify(answers, CAN_TRAVEL, praise)


@self_check
def journeys(answers: object) -> Verdict:
    """Check how many times the table travels to a worker in four ways of writing it."""
    praise = "With every task, with every chunk, with every worker, or not at all."
    return classify(answers, JOURNEYS, praise)


@self_check
def sent_once(function: object) -> Verdict:
    """Check a function ``look_up_all(words, numbers)`` that sends the words once per worker.

    The words it is called with count how often they are pickled.
    """
    ((results, returned, times),) = call(function, [(NUMBERS,)], _tried, _ENDLESS)
    if results != [WORDS[place] for place in NUMBERS]:
        return not_yet(
            f"What came back is {returned}. It should be the list of the words at the "
            "places `numbers`, in this order: the task is `lookups.look_up`."
        )
    if times == 0:
        return not_yet(
            "The words are right, but nothing was sent. Use the `Pool` of this lesson: a loop and "
            "threads need no sending, and forked workers see the words anyway."
        )
    if times > WORKERS:
        return not_yet(
            f"The words are right, but they travelled {times} times for {WORKERS} "
            "workers. Send them with `initargs`, and only the numbers with the tasks."
        )
    return right(f"{len(NUMBERS)} tasks, and the words travelled {times} times: once a worker.")


class _Words(tuple[str, ...]):
    """Words that count how often they are pickled; elsewhere they arrive as a plain tuple."""

    journeys = 0

    def __reduce__(self) -> tuple[type[tuple[str, ...]], tuple[list[str]]]:
        _Words.journeys += 1
        return tuple, (list(self),)


def _tried(
    function: Callable[..., Any], numbers: tuple[int, ...]
) -> tuple[list[str] | None, str, int]:
    """Return the words that came back, how that looks, and how often they were pickled."""
    returned = function(_Words(WORDS), list(numbers))
    words = isinstance(returned, list) and all(isinstance(word, str) for word in returned)
    return returned if words else None, shown(returned), _Words.journeys
