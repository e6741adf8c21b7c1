"""Checks of the lesson *Waiting together: threads*."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any, NamedTuple

from swimlanes.brief import plural
from swimlanes.checks.answers import Wanted, classify
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import Function, call, returned
from swimlanes.checks.values import sequence, shown, travelling
from swimlanes.checks.verdict import Verdict, not_yet, right

LAST_DONE = {
    "1, 8, 1.5, 2 on one thread": Wanted(12.5, "one thread does them one after the other."),
    "1, 8, 1.5, 2 on two threads": Wanted(
        8, "while one thread has the query of 8, the other one does 1, then 1.5, then 2."
    ),
    "1, 1.5, 2, 8 on two threads": Wanted(
        9.5,
        "the thread that did the query of 1 does the query of 2 next. The other one starts the "
        "query of 8 after 1.5.",
    ),
    "1, 8, 1.5, 2 on three threads": Wanted(8, "nothing can be faster than the longest query."),
}
WAYS = {
    "all results as a list, to plot them": Wanted("map", "you need all of them at once."),
    "show each web page as soon as it is there, whichever": Wanted(
        "imap_unordered", "no page should wait for another one."
    ),
    "write each result below the one before, in order, while the rest still runs": Wanted(
        "imap", "you want them one at a time, and in the order of the inputs."
    ),
    "stop at the first server that answers": Wanted(
        "imap_unordered", "the first server in the list may be the slowest."
    ),
}
COUNTS = (5, 24)
"""How many questions the function is tried with: few, and more than a fixed number of threads."""
_PATIENCE_S = 1.5
"""How long a server that has not got all its questions waits for one more, seconds."""
_SPREAD_S = 0.2
_POOL_OF = (
    r"'<' not supported between instances of 'list' and 'int'|'list' object cannot be interpreted",
    "`ThreadPool` wants the number of threads: `ThreadPool(len(questions))`.",
)
_MANY = (
    r"missing \d+ required positional|takes 1 positional argument but|unsupported .*'list'",
    "`ask` takes one question at a time: `pool.map(ask, questions)` calls it once for each.",
)
_CALLED = (
    r"'(str|list)' object is not callable",
    "`pool.map` wants the function itself: `ask`, without brackets after it.",
)
_NOT_ITERABLE = (
    r"object is not iterable",
    "`pool.map` wants two things: the function, and the list to go through.",
)
_CLOSED = (
    r"Pool not running|after shutdown",
    "The pool was gone already. Use it inside its `with` block.",
)


@self_check(
    "Draw one row for each thread. Take the queries in the order of the list, and put each one "
    "into the row that is free first.",
    "The answer is the moment when the last row ends. On one thread, that is the sum of all four.",
)
def last_one_done(answers: object) -> Verdict:
    """Check when the last of four queries is done, for orders and numbers of threads."""
    praise = "Nothing is faster than the longest query, and starting it late costs time."
    return classify(answers, LAST_DONE, praise)


@self_check(
    "Two questions decide: do you need all results at once, or one by one? And if one by one: in "
    "the order of the inputs, or as they come?",
    "`map` returns a list at the end. `imap` gives one result after the other, in order. "
    "`imap_unordered` gives whichever is done.",
)
def which_map(answers: object) -> Verdict:
    """Check which of ``map``, ``imap`` and ``imap_unordered`` fits."""
    praise = "A list, one by one in order, or as they come: three needs, three ways."
    return classify(answers, WAYS, praise)


@self_check(
    "The lesson imports `ThreadPool`. How many threads do you need, if all questions are to wait "
    "at the same time? And which of the three ways gives a list in order?",
    "Write `with ThreadPool(len(questions)) as pool:`, and in it return what "
    "`pool.map(ask, questions)` gives.",
)
def ask_all(function: object) -> Verdict:
    """Check a function that asks all questions at the same time, on threads."""
    mistakes = (_POOL_OF, _MANY, _CALLED, _NOT_ITERABLE, _CLOSED)
    (tries,) = call(function, [()], _tried, takes="ask, questions", mistakes=mistakes)
    for tried in tries:
        if fault := _fault(tried, function):
            return fault
    few, many = COUNTS
    return right(
        f"First with {few} questions, then with {many}: each time all of them waited together, and "
        "the answers are in order."
    )


class _Tried(NamedTuple):
    """What a call came to.

    Attributes
    ----------
    questions : int
        How many questions there were.
    value : object
        What came back.
    together : int or None
        How many questions waited at the same time at most; None if the function tried to send
        ``ask`` to processes.
    threads : int
        How many threads asked.
    """

    questions: int
    value: Any
    together: int | None
    threads: int


def _fault(tried: _Tried, function: object) -> Verdict | None:
    """Return what is said to a call that was not right; None to one that was."""
    if tried.together is None:
        return not_yet(
            "`ask` could not be sent to another process. Threads share it and need not send it: "
            "use a `ThreadPool`.",
            "error",
        )
    items = sequence(tried.value)
    if items is None:
        raise returned(tried.value, "a list", function)
    answers = [str(item) if isinstance(item, str) else item for item in items]
    wanted = [_answer(question) for question in range(tried.questions)]
    if Counter(map(repr, answers)) != Counter(map(repr, wanted)):
        asked = shown(list(range(tried.questions)))
        return not_yet(
            f"The answers to the questions {asked} are {shown(wanted)}, and your function returned "
            f"{shown(answers)}."
        )
    if tried.together < tried.questions:
        return not_yet(_too_late(tried, tried.together))
    if answers != wanted:
        return not_yet(
            "All questions were asked at once, but the answers are in another order than the "
            "questions. `map` gives them in the order of the questions: return that as it is."
        )
    return None


def _too_late(tried: _Tried, together: int) -> str:
    late = tried.questions - together
    said = f"With {tried.questions} questions, {'one' if late == 1 else late} had to wait"
    if tried.threads > together:
        return (
            f"{said} until another one was answered, although {tried.threads} threads asked. Does "
            "your function wait for an answer before it asks the next question?"
        )
    return (
        f"{said} until another one was answered: only {plural(together, 'thread')} asked. Start "
        "one thread for each question, however many there are: `ThreadPool(len(questions))`. If "
        "you did, leave `chunksize` out: it gives several questions to one thread."
    )


def _answer(question: int) -> str:
    return f"answer {question}"


class _Server:
    """Answers when all questions have come, or no more come; the first of them last."""

    def __init__(self, count: int) -> None:
        self._count, self._inside, self._in_vain = count, 0, False
        self._changed = threading.Condition()
        self.threads: set[threading.Thread] = set()
        self.most = 0

    def answer(self, question: int) -> str:
        """Return the answer, and count how many wait for theirs."""
        with self._changed:
            self.threads.add(threading.current_thread())
            self._inside += 1
            self.most = max(self.most, self._inside)
            self._changed.notify_all()
            while self.most < self._count and not self._in_vain:
                self._wait_for_more(self.most)
        time.sleep(_SPREAD_S * (self._count - question) / self._count)
        with self._changed:
            self._inside -= 1
        return _answer(question)

    def _wait_for_more(self, most: int) -> None:
        if not self._changed.wait_for(lambda: self.most > most or self._in_vain, _PATIENCE_S):
            self._in_vain = True
            self._changed.notify_all()


def _tried(function: Function) -> list[_Tried]:
    """Let the function ask a server, with more questions each time, as long as all wait at once."""
    tries: list[_Tried] = []
    for count in COUNTS:
        tries.append(_asked(function, count))
        if tries[-1].together != count:
            break
    return tries


def _asked(function: Function, count: int) -> _Tried:
    server = _Server(count)

    def ask(question: int) -> str:
        return server.answer(question)

    try:
        answer = function(ask, list(range(count)))
    except Exception as error:
        if not any(sign in str(error) for sign in ("pickle", "local object")):
            raise
        return _Tried(count, ..., None, 0)
    return _Tried(count, travelling(answer), server.most, len(server.threads))
