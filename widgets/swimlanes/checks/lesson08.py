"""Checks of the lesson *When it goes wrong*."""

from __future__ import annotations

import contextlib
import dis
import io
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

OF_ANOTHER = 1000
"""What another thread pays in, as soon as it can."""
_LOCKING = ("acquire", "release")

_NEVER_GIVEN_BACK = (
    "The lock is never given back, so the next thread waits for ever. Use `with lock:`."
)
_WITHOUT = (
    "It reads and writes without holding the `lock` that it is given. Put both into one "
    "`with lock:`."
)
_READ_BEFORE = (
    "It reads the balance before it holds the lock. Meanwhile the other thread may write, "
    "and its deposit is lost. Read inside the `with` block, too."
)
_WRITTEN_AFTER = (
    "It gives the lock back before it writes. Meanwhile the other thread reads the old "
    "balance. Write inside the `with` block, too."
)
_BETWEEN = (
    "It gives the lock back between reading and writing, and the other thread may come in "
    "between. Do both in one `with lock:`."
)


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
    tries = call(function, DEPOSITS, _deposited, takes="account, lock, amount")
    elsewhere = " Another lock does not help: the other thread does not wait for it."
    for (balance, amount), (found, events, _) in zip(DEPOSITS, tries, strict=True):
        if number(found) != balance + amount:
            unwritten = " Your function writes nothing to `account.balance`."
            return not_yet(
                f"A balance of {balance} and a deposit of {amount} make {balance + amount}, and "
                f"now the account holds {shown(found)}.{'' if 'write' in events else unwritten}"
            )
    if fault := next(filter(None, (_fault(events, lost) for _, events, lost in tries)), ""):
        return not_yet(fault + (elsewhere if fault == _WITHOUT and _holds(function) else ""))
    return right("It reads and writes under one lock: the second thread reads the new balance.")


def _fault(events: tuple[str, ...], lost: frozenset[str]) -> str:
    """Return what is wrong with the events, and with what others lose; nothing if all is right."""
    if events.count("acquire") > events.count("release"):
        return _NEVER_GIVEN_BACK
    with_it, without = _by_lock(events)
    if "write" in without:
        return _WITHOUT if "acquire" in lost or "read" not in with_it else _WRITTEN_AFTER
    if "acquire" in lost:
        return _READ_BEFORE
    return _BETWEEN if "release" in lost else ""


def _holds(function: object) -> bool:
    """Return whether a function holds anything: it has a ``with``, or calls ``acquire``."""
    steps = dis.get_instructions(code) if (code := code_of(function)) else ()
    return any(
        step.opname in ("BEFORE_WITH", "LOAD_SPECIAL") or step.argval == "acquire" for step in steps
    )


def _by_lock(events: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """Return what was done while the lock was held, and what while it was not."""
    held = False
    with_it: set[str] = set()
    without: set[str] = set()
    for event in events:
        if event in _LOCKING:
            held = event == "acquire"
        else:
            (with_it if held else without).add(event)
    return with_it, without


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


def _deposited(
    function: Function, balance: int, amount: int
) -> tuple[Any, tuple[str, ...], frozenset[str]]:
    """Return the new balance, what was done with account and lock, and whose deposits are lost.

    Another thread can pay in until the function has the lock, and whenever it gives it back. That
    harms no function that writes what it has read under the same lock, whatever else it reads.
    """
    account = _Account(balance)
    function(account, _Lock(account), amount)
    lost: frozenset[str] = frozenset()
    if number(account.total) == balance + amount:
        lost = frozenset(at for at in _LOCKING if _loses(function, balance, amount, at))
    return travelling(account.total), tuple(account.events), lost


def _loses(function: Function, balance: int, amount: int, at: str) -> bool:
    """Return whether what another thread pays in at such an event is lost."""
    account = _Account(balance)
    lock = _Lock(account, another_at=at)
    with contextlib.redirect_stdout(io.StringIO()):  # its first call has said it all
        function(account, lock, amount)
    return account.total != balance + amount + lock.paid_in


class _Account:
    def __init__(self, balance: int) -> None:
        self.total = balance  # the balance, looked at without a note
        self.events: list[str] = []

    @property
    def balance(self) -> int:
        self.events.append("read")
        return self.total

    @balance.setter
    def balance(self, value: int) -> None:
        self.events.append("write")
        self.total = value


class _Lock:
    """Notes who takes it and gives it back; never waits, because nobody else would release it.

    Another thread pays in before it is taken for the first time, or whenever it is given back.
    """

    def __init__(self, account: _Account, another_at: str = "") -> None:
        self.paid_in = 0
        self._account = account
        self._another_at = another_at
        self._held = False

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._held:
            raise RuntimeError("the lock is held already, so this would wait for ever")
        self._held = True
        self._note("acquire")
        return True

    def release(self) -> None:
        if not self._held:
            raise RuntimeError("the lock was given back without being held")
        self._held = False
        self._note("release")

    def _note(self, event: str) -> None:
        again = event == "acquire" and event in self._account.events
        if event == self._another_at and not again:
            self._account.total += OF_ANOTHER
            self.paid_in += OF_ANOTHER
        self._account.events.append(event)

    def locked(self) -> bool:
        return self._held

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
