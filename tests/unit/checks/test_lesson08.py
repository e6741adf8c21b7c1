import os
import time

import pytest

from swimlanes import checks

pytestmark = pytest.mark.usefixtures("nothing_left")


def careful(text):
    try:
        return float(text)
    except ValueError:
        return None


def hides_everything(text):
    try:
        return float(text)
    except Exception:
        return None


def tells_of_errors(text):
    try:
        return float(text)
    except ValueError as error:
        return error


def test_careful_float_right():
    assert checks.careful_float(careful).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function, and this is still `...`"),
        (3.5, "should be a function"),
        (lambda text: ..., "For '3.5' it should return 3.5, and it returned `...`."),
        (lambda text: None, "For '3.5' it should return 3.5, and it returned None."),
        (lambda text: 1 / 0, "For '3.5' it should return 3.5, and it raised ZeroDivisionError."),
        (float, "For 'n/a' it should return None, and it raised ValueError."),
        (tells_of_errors, "and it returned ValueError("),
        (hides_everything, "catch ValueError, and no more than that"),
        (lambda: None, "and it raised TypeError."),
        (lambda text: time.sleep, "could not be tried|and it returned <built-in"),
        (lambda text: os._exit(3), "could not be tried"),
    ],
)
def test_careful_float_wrong(answer, hint):
    verdict = checks.careful_float(answer)
    assert not verdict.ok
    assert any(part in verdict.message for part in hint.split("|"))


def locked(account, lock, amount):
    with lock:
        account.balance += amount


def locked_by_hand(account, lock, amount):
    lock.acquire()
    try:
        account.balance = account.balance + amount
    finally:
        lock.release()


def reads_outside(account, lock, amount):
    balance = account.balance
    with lock:
        account.balance = balance + amount


def writes_outside(account, lock, amount):
    with lock:
        balance = account.balance
    account.balance = balance + amount


def two_blocks(account, lock, amount):
    with lock:
        balance = account.balance
    with lock:
        account.balance = balance + amount


def no_lock(account, lock, amount):
    account.balance += amount


def a_lock_of_its_own(account, lock, amount):
    from threading import Lock

    with Lock():
        account.balance += amount


def never_given_back(account, lock, amount):
    lock.acquire()
    account.balance += amount


def taken_twice(account, lock, amount):
    with lock, lock:
        account.balance += amount


def given_back_too_early(account, lock, amount):
    lock.release()
    account.balance += amount


def takes_money(account, lock, amount):
    with lock:
        account.balance -= amount


@pytest.mark.parametrize("answer", [locked, locked_by_hand])
def test_deposit_right(answer):
    assert checks.deposit(answer).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        (lambda account: None, "could not be tried"),
        (lambda account, lock, amount: ..., "make 130, and the account holds 100."),
        (reads_outside, "reads the balance before it holds the lock"),
        (writes_outside, "gives the lock back before it writes"),
        (two_blocks, "gives the lock back between reading and writing"),
        (no_lock, "reads and writes without holding the lock"),
        (a_lock_of_its_own, "reads and writes without holding the lock"),
        (never_given_back, "never given back"),
        (taken_twice, "the lock is held already"),
        (given_back_too_early, "given back without being held"),
        (takes_money, "the account holds 70."),
    ],
)
def test_deposit_wrong(answer, hint):
    verdict = checks.deposit(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.usefixtures("short_limit")
@pytest.mark.parametrize("check", [checks.careful_float, checks.deposit])
def test_an_endless_loop_is_stopped(check):
    verdict = check(lambda *_: time.sleep(60))
    assert not verdict.ok
    assert "had not ended after 0.5 s" in verdict.message
