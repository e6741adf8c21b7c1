"""Checks of the lesson *Waiting together: threads*."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from swimlanes.checks.answers import Wanted, call, classify, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check

LAST_DONE = {
    "1, 8, 1.5, 2 on one thread": Wanted(12.5, "one thread does them one after the other."),
    "1, 8, 1.5, 2 on two threads": Wanted(
        8, "while one thread has the query of 8, the other does 1, then 1.5, then 2."
    ),
    "1, 1.5, 2, 8 on two threads": Wanted(
        9.5, "who did 1 takes 2 next, and who did 1.5 takes 8, which starts at 1.5."
    ),
    "1, 8, 1.5, 2 on three threads": Wanted(8, "nothing gets below the longest query."),
}
WAYS = {
    "all results as a list, to plot them": Wanted("map", "you need all of them at once."),
    "show each web page as soon as it is there, whichever": Wanted(
        "imap_unordered", "no page should wait for another one."
    ),
    "write each result below the one before, in order, while the rest still runs": Wanted(
        "imap", "one at a time, and in the order of the inputs."
    ),
    "stop at the first server that answers": Wanted(
        "imap_unordered", "the first in the list may be the slowest."
    ),
}
QUESTIONS = 4
_PATIENCE_S = 1.5


@self_check
def last_one_done(answers: object) -> Verdict:
    """Check when the last of four queries is done, for orders and numbers of threads."""
    praise = "Nothing gets below the longest query, and who starts it late pays for it."
    return classify(answers, LAST_DONE, praise)


@self_check
def which_map(answers: object) -> Verdict:
    """Check which of ``map``, ``imap`` and ``imap_unordered`` fits."""
    praise = "A list, one by one in order, or as they come: three needs, three ways."
    return classify(answers, WAYS, praise)


@self_check
def ask_all(function: object) -> Verdict:
    """Check a function that asks all questions at the same time, on threads."""
    ((answer, together),) = call(function, [()], _asked)
    if together is None:
        return not_yet(
            "`ask` could not be sent to another process. Threads share it and need not send it: "
            "take a `ThreadPool`."
        )
    wanted = [_answer(question) for question in range(QUESTIONS)]
    if answer is ...:
        return not_yet("Nothing is asked yet: write your answer where `...` stands.")
    if not isinstance(answer, list):
        return not_yet(
            f"Your function should return a list, and it returned {shown(answer)}. `pool.map` "
            "gives one."
        )
    if sorted(map(repr, answer)) != sorted(map(repr, wanted)):
        return not_yet(
            f"To the questions {list(range(QUESTIONS))} the answers are {wanted}, and your "
            f"function returned {shown(answer)}."
        )
    if together < QUESTIONS:
        return not_yet(
            f"At most {together} of {QUESTIONS} questions waited at the same time. "
            "Start one thread for each question: `ThreadPool(len(questions))`."
        )
    if answer != wanted:
        return not_yet(
            "All questions were asked at once, but the answers are not in the order of the "
            "questions: they came as they ended. Which of the three ways keeps the order?"
        )
    return right(f"All {QUESTIONS} questions waited together, and the answers are in order.")


def _answer(question: int) -> str:
    return f"answer {question}"


class _Server:
    """Answers when all questions have come, the first of them last."""

    def __init__(self) -> None:
        self._all_here, self._lock = threading.Barrier(QUESTIONS), threading.Lock()
        self._inside = self.most = 0

    def ask(self, question: int) -> str:
        """Return the answer, and count how many wait for theirs."""
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        with suppress(threading.BrokenBarrierError):
            self._all_here.wait(_PATIENCE_S)
            time.sleep(0.05 * (QUESTIONS - question))
        with self._lock:
            self._inside -= 1
        return _answer(question)


def _asked(function: Callable[..., Any]) -> tuple[Any, int | None]:
    """Let the function ask a server; return the answers, and how many were asked at once.

    Instead of the number there is None where the function tried to send ``ask`` to processes.
    """
    server = _Server()
    try:
        answer = function(server.ask, list(range(QUESTIONS)))
    except Exception as error:
        if "pickle" not in str(error):
            raise
        return ..., None
    known = isinstance(answer, list) or answer is ...
    return answer if known else _Other(shown(answer)), server.most


class _Other(str):
    """How something looks that is no list, and that may not travel."""

    __slots__ = ()
    __repr__ = str.__str__
