"""Checks of the lesson *When it goes wrong*."""

from __future__ import annotations

import dis
from typing import Any, NamedTuple

from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import (
    Function,
    Raised,
    call,
    code_of,
    failed,
    file_of,
    raised,
    returned,
)
from swimlanes.checks.values import number, pictured, shown, travelling
from swimlanes.checks.verdict import Verdict, not_yet, right

NUMBERS = ("3.5", "-1.5", "-2e3", "1e3", " 2 ")
"""Texts of which `float` makes a number."""
DEPOSITS = ((100, 30), (7, 5))
"""Balances, and what is paid in."""

# What is said to reading and writing without the lock.
_BOTH = frozenset({"read", "write"})
_BARE = {
    _BOTH: (
        "It reads and writes without holding the `lock` that it is given. Put both into one "
        "`with lock:`."
    ),
    frozenset({"read"}): (
        "It reads the balance before it holds the lock. Meanwhile the other thread may write, "
        "and its deposit is lost. Read inside the `with` block, too."
    ),
    frozenset({"write"}): (
        "It gives the lock back before it writes. Meanwhile the other thread reads the old "
        "balance. Write inside the `with` block, too."
    ),
}


@self_check(
    "`try:` and `except ValueError:` belong together: the first holds what may fail, the second "
    "what to do then.",
    "In the `try`, return `float(text)`. In the `except ValueError`, return `None`.",
)
def careful_float(function: object) -> Verdict:
    """Check a function that returns a text's number, None for other texts, and hides no fault."""
    cases = [(text,) for text in (*NUMBERS, "n/a", None)]
    *for_numbers, for_word, for_none = call(function, cases, _attempted, takes="text")
    for text, outcome in zip(NUMBERS, for_numbers, strict=True):
        if outcome.error:
            raise failed(outcome.error)
        if number(outcome.value) is None:
            raise returned(outcome.value, f"a number for {text!r}", function)
        if number(outcome.value) != float(text):
            return not_yet(
                f"For {text!r} it should return {float(text)}, and it returned "
                f"{shown(outcome.value)}."
            )
    if for_word.error and not for_word.error.text.startswith("ValueError"):
        raise failed(for_word.error)
    if for_word.error or for_word.value is not None:
        did = "raised a ValueError" if for_word.error else f"returned {pictured(for_word.value)}"
        return not_yet(
            f"For 'n/a' it should return None, and it {did}. "
            "Put `float(text)` into a `try`, and return None in its `except ValueError`."
        )
    if not for_none.error:
        return not_yet(
            "Numbers and other texts are right. But `float(None)` raises a TypeError, and your "
            "function hides it. Catch ValueError, and no more than that."
        )
    return right("A bad line becomes None, and you still hear of a fault that nobody expected.")


@self_check(
    "Two steps belong together: reading the balance and writing it. No other thread may come "
    "between them.",
    "Put both lines into the block of `with lock:`, the one that reads and the one that writes.",
)
def deposit(function: object) -> Verdict:
    """Check a function ``deposit(account, lock, amount)`` that reads and writes under one lock."""
    takes = "account, lock, amount"
    tries = call(function, DEPOSITS, _deposited, takes=takes)
    elsewhere = " Another lock does not help: the other thread does not wait for it."
    for (balance, amount), (found, events) in zip(DEPOSITS, tries, strict=True):
        if number(found) != balance + amount:
            unwritten = " Your function writes nothing to `account.balance`."
            return not_yet(
                f"A balance of {balance} and a deposit of {amount} make {balance + amount}, and "
                f"now the account holds {shown(found)}.{'' if 'write' in events else unwritten}"
            )
    if fault := next(filter(None, (_fault(events) for _, events in tries)), ""):
        return not_yet(fault + (elsewhere if fault == _BARE[_BOTH] and _holds(function) else ""))
    return right("It reads and writes under one lock: the second thread reads the new balance.")


def _fault(events: tuple[str, ...]) -> str:
    """Return what is wrong with the order of events, nothing if it is right."""
    if events.count("acquire") > events.count("release"):
        return "The lock is never given back, so the next thread waits for ever. Use `with lock:`."
    if bare := _without_lock(events):
        return _BARE[bare]
    if events.count("acquire") > 1:
        return (
            "It gives the lock back between reading and writing, and the other thread may come in "
            "between. Do both in one `with lock:`."
        )
    return ""


def _holds(function: object) -> bool:
    """Return whether a function holds anything: it has a ``with``, or calls ``acquire``."""
    steps = dis.get_instructions(code) if (code := code_of(function)) else ()
    return any(
        step.opname in ("BEFORE_WITH", "LOAD_SPECIAL") or step.argval == "acquire" for step in steps
    )


def _without_lock(events: tuple[str, ...]) -> frozenset[str]:
    """Return what was done while the lock was not held."""
    held, bare = False, set()
    for event in events:
        if event in ("acquire", "release"):
            held = event == "acquire"
        elif not held:
            bare.add(event)
    return frozenset(bare)


class _Outcome(NamedTuple):
    """What a call came to: a value, or the exception that it raised."""

    value: Any
    error: Raised | None = None


def _attempted(function: Function, text: str | None) -> _Outcome:
    """Return what the function raised as well as what it returned."""
    try:
        return _Outcome(travelling(function(text)))
    except Exception as error:
        return _Outcome(None, raised(error, file_of(function)))


def _deposited(function: Function, balance: int, amount: int) -> tuple[Any, tuple[str, ...]]:
    """Return the new balance, and what was done with the account and the lock, in order."""
    events: list[str] = []
    account = _Account(balance, events)
    function(account, _Lock(events), amount)
    noted = tuple(events)  # before the next line reads, too
    return travelling(account.balance), noted


class _Account:
    def __init__(self, balance: int, events: list[str]) -> None:
        self._balance = balance
        self._events = events

    @property
    def balance(self) -> int:
        self._events.append("read")
        return self._balance

    @balance.setter
    def balance(self, value: int) -> None:
        self._events.append("write")
        self._balance = value


class _Lock:
    """Notes who takes it and gives it back; never waits, because nobody else would release it."""

    def __init__(self, events: list[str]) -> None:
        self._events = events
        self._held = False

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._held:
            raise RuntimeError("the lock is held already, so this would wait for ever")
        self._held = True
        self._events.append("acquire")
        return True

    def release(self) -> None:
        if not self._held:
            raise RuntimeError("the lock was given back without being held")
        self._held = False
        self._events.append("release")

    def locked(self) -> bool:
        return self._held

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
