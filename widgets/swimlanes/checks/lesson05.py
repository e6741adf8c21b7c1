"""Checks of the lesson *Talking costs*."""

from __future__ import annotations

from typing import Any

from swimlanes.checks.answers import Wanted, classify
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import Function, call, returned
from swimlanes.checks.values import sequence, shown, travelling
from swimlanes.checks.verdict import Verdict, not_yet, right

CAN_TRAVEL = {
    "np.zeros((3, 3))": Wanted(True, "an array is plain data."),
    "lambda x: x + 1": Wanted(False, "by which name should the worker find it?"),
    "'results/run-7.csv'": Wanted(True, "it is only the name of a file, so it is text."),
    "open('results/run-7.csv')": Wanted(
        False, "the open file belongs to this process. Only its name could travel."
    ),
    "(n for n in range(3))": Wanted(False, "a generator is a loop that is half done."),
    "range(3)": Wanted(True, "a range is three numbers, and no loop has begun."),
    "math.sqrt": Wanted(True, "it has a name in a module that every worker can import."),
}
JOURNEYS = {
    "pool.map(f, [(big, row) for row in rows], chunksize=1)": Wanted(
        16, "each of the 16 tasks is a message of its own, with the table in it."
    ),
    "pool.map(partial(f, big), rows, chunksize=4)": Wanted(
        4, "the function travels with every chunk. How many chunks of 4 do 16 tasks make?"
    ),
    "Pool(2, initializer=keep, initargs=(big,))": Wanted(
        2, "each worker calls the initializer once, when it starts."
    ),
    "Pool(2, initializer=attach, initargs=(memory.name, shape))": Wanted(
        0, "only a name and a shape go through the pipe."
    ),
}
WORKERS = 2
WORDS = ("lane", "pool", "task", "chunk", "worker", "pickle", "journey", "core")
NUMBERS = (7, 6, 5, 4, 3, 2, 1, 0)
_FAILING = (
    "If an initializer fails, the pool starts new workers for ever. Here it is the function that "
    "keeps the words, `lookups.remember`, and `initargs` is a tuple, also for one argument: "
    "`(words,)`."
)
_NEVER_CALLED = (
    r"'NoneType' object is not subscriptable",
    "In `lookups.py`, `words` was still None where `look_up` ran: no initializer had run there. "
    "Hand over the functions themselves, without brackets after them: `lookups.remember`, and "
    "`lookups.look_up` for the tasks.",
)
_NO_TUPLE = (
    r"argument after \* must be an iterable",
    "`initargs` is a tuple, also for one argument: `(words,)`.",
)
_CALLED = (
    r"object is not callable",
    "`pool.map` wants the function itself, `lookups.look_up`, without brackets after it.",
)
_LOOKUPS = (
    r"has no attribute '(words|remember|look_up)'",
    "Run the cell again that writes `lookups.py`, then restart the kernel.",
)


@self_check(
    "Plain data can travel. So can what another process finds by its name in a module. A thing "
    "that belongs to this process, or that has no name, cannot.",
    "Ask Python: `import pickle`, then `pickle.dumps(...)` of each. If it raises an exception, the "
    "value cannot travel.",
)
def can_travel(answers: object) -> Verdict:
    """Check which values can be sent to another process."""
    praise = "Plain data can travel, and so can names. What belongs to this process stays."
    return classify(answers, CAN_TRAVEL, praise)


@self_check(
    "Find out for each line where `big` is: in every task, in the function, with every worker, or "
    "nowhere. Then count how many of these there are.",
    "There are 16 tasks. In chunks of 4 these are 4 chunks. There are 2 workers. A name is no "
    "table.",
)
def journeys(answers: object) -> Verdict:
    """Check how many times the table travels to a worker in four ways of writing it."""
    praise = "With every task, with every chunk, with every worker, or not at all."
    return classify(answers, JOURNEYS, praise)


@self_check(
    "`initializer` is a function that each worker calls once, when it starts. `initargs` is the "
    "tuple of its arguments. Look into `lookups.py`: which function keeps the words?",
    "Three gaps, three answers: `lookups.remember`, `(words,)`, and `lookups.look_up` for the "
    "tasks.",
)
def sent_once(function: object) -> Verdict:
    """Check a function ``look_up_all(words, numbers)`` that sends the words once per worker.

    The words it is called with count how often they are pickled.
    """
    ((value, times),) = call(
        function,
        [(NUMBERS,)],
        _tried,
        takes="words, numbers",
        mistakes=(_NEVER_CALLED, _NO_TUPLE, _CALLED, _LOOKUPS),
        failing=_FAILING,
    )
    results = sequence(value)
    if results is None:
        raise returned(value, "a list", function)
    if results != [WORDS[place] for place in NUMBERS]:
        return not_yet(
            f"Your function returned {shown(value)}. It should be the list of the words at the "
            "places `numbers`, in this order. The task is `lookups.look_up`."
        )
    if times == 0:
        return not_yet(
            "The words are right, but nothing was sent. Use the `Pool` of this lesson: a loop and "
            "threads send nothing, and forked workers have the words from the beginning."
        )
    if times > WORKERS:
        return not_yet(
            f"The words are right, but they travelled {times} times for {WORKERS} workers. Send "
            "them with `initargs`, and only the numbers with the tasks."
        )
    how_often = "once" if times == 1 else f"{times} times"
    return right(
        f"{len(NUMBERS)} tasks, and the words travelled {how_often}: once for each worker."
    )


class _Words(tuple[str, ...]):
    """Words that count how often they are pickled; elsewhere they arrive as a plain tuple."""

    journeys = 0

    def __reduce__(self) -> tuple[type[tuple[str, ...]], tuple[list[str]]]:
        _Words.journeys += 1
        return tuple, (list(self),)


def _tried(function: Function, numbers: tuple[int, ...]) -> tuple[Any, int]:
    """Return what came back, and how often the words were pickled."""
    returned = function(_Words(WORDS), list(numbers))
    times = _Words.journeys  # before the next line sends them, too
    return travelling(returned), times
