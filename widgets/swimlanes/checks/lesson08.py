"""Checks of the lesson *When it goes wrong*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from swimlanes.checks.answers import call, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check

BALANCE, AMOUNT = 100, 30

# What is said to reading and writing without the lock.
_BARE = {
    frozenset({"read", "write"}): (
        "It reads and writes without holding the lock. Put both into one `with lock:`."
    ),
    frozenset({"read"}): (
        "It reads the balance before it holds the lock. Meanwhile the other thread may write, "
        "and its deposit is lost: read inside the `with`, too."
    ),
    frozenset({"write"}): (
        "It gives the lock back before it writes. Meanwhile the other thread reads the old "
        "balance: write inside the `with`, too."
    ),
}


@self_check
def careful_float(function: object) -> Verdict:
    """Check a function that returns a text's number, None for other texts, and hides no fault."""
    number, word, no_text = call(function, [("3.5",), ("n/a",), (None,)], _attempted)
    if number != _Outcome(3.5):
        return not_yet(f"For '3.5' it should return 3.5, and it {number.told}.")
    if word != _Outcome(None):
        return not_yet(
            f"For 'n/a' it should return None, and it {word.told}. "
            "Put `float(text)` into a `try`, and return None in its `except ValueError`."
        )
    if not no_text.error:
        return not_yet(
            "Numbers and other texts are right. But given None instead of a text, it says nothing "
            "where `float` raises a TypeError: catch ValueError, and no more than that."
        )
    return right("A bad line becomes None, and a fault that nobody expected is still heard of.")


@self_check
def deposit(function: object) -> Verdict:
    """Check a function ``deposit(account, lock, amount)`` that reads and writes under one lock."""
    ((balance, events),) = call(function, [(BALANCE, AMOUNT)], _deposited)
    if balance != BALANCE + AMOUNT:
        return not_yet(
            f"{BALANCE} and a deposit of {AMOUNT} make {BALANCE + AMOUNT}, "
            f"and the account holds {balance}."
        )
    if fault := _fault(events):
        return not_yet(fault)
    return right("It reads and writes under one lock: whoever comes second reads the new balance.")


def _fault(events: tuple[str, ...]) -> str:
    """Return what is wrong with the order of events, nothing if it is right."""
    if events.count("acquire") > events.count("release"):
        return "The lock is never given back, so the next one waits for ever. Use `with lock:`."
    if bare := _without_lock(events):
        return _BARE[bare]
    if events.count("acquire") > 1:
        return (
            "It gives the lock back between reading and writing, and the other thread may come in "
            "between. Do both in one `with lock:`."
        )
    return ""


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
    """What a call came to: a value, or the name of the error that it raised."""

    value: Any
    error: str = ""

    @property
    def told(self) -> str:
        if self.error:
            return f"raised {self.error}"
        return f"returned {'`...`' if self.value is ... else shown(self.value)}"


def _attempted(function: Callable[[Any], Any], text: str | None) -> _Outcome:
    """Return what the function raised as well as what it returned."""
    try:
        return _Outcome(function(text))
    except Exception as error:
        return _Outcome(None, type(error).__name__)


def _deposited(
    function: Callable[..., Any], balance: int, amount: int
) -> tuple[Any, tuple[str, ...]]:
    """Return the new balance, and what was done with the account and the lock, in order."""
    events: list[str] = []
    account = _Account(balance, events)
    function(account, _Lock(events), amount)
    noted = tuple(events)  # before the next line reads, too
    return account.balance, noted


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
            raise RuntimeError("the lock is held already, and would be waited for for ever")
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
