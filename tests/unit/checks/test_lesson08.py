"""What is said to a function that reads and writes without the lock."""

from threading import Lock

import pytest

from swimlanes import checks

pytestmark = pytest.mark.usefixtures("nothing_left")


def bare(account, lock, amount):
    account.balance += amount


def other(account, lock, amount):
    with Lock():
        account.balance += amount


@pytest.mark.parametrize(("function", "has_one"), [(bare, False), (other, True)])
def test_another_lock_is_named_only_where_one_is(function, has_one):
    message = checks.deposit(function).message
    assert "without holding the `lock`" in message
    assert ("Another lock" in message) is has_one


def reads_again(account, lock, amount):
    with lock:
        account.balance += amount
    return account.balance


def reads_before(account, lock, amount):
    if account.balance < 0:
        raise ValueError("overdrawn")
    with lock:
        account.balance = account.balance + amount


def locks_twice(account, lock, amount):
    with lock:
        account.balance += amount
    with lock:
        return account.balance


def takes_and_gives_back(account, lock, amount):
    lock.acquire()
    try:
        account.balance += amount
    finally:
        lock.release()


@pytest.mark.parametrize("function", [reads_again, reads_before, locks_twice, takes_and_gives_back])
def test_who_reads_and_writes_under_one_lock_may_read_elsewhere_too(function):
    verdict = checks.deposit(function)
    assert verdict.ok, verdict.message


def old_balance(account, lock, amount):
    balance = account.balance + amount
    with lock:
        account.balance = balance


def old_balance_seen_again(account, lock, amount):
    balance = account.balance
    with lock:
        print(account.balance)
        account.balance = balance + amount


def late(account, lock, amount):
    with lock:
        balance = account.balance
    account.balance = balance + amount


def late_and_printed(account, lock, amount):
    print(account.balance)
    late(account, lock, amount)


def twice(account, lock, amount):
    with lock:
        balance = account.balance
    with lock:
        account.balance = balance + amount


def thrice(account, lock, amount):
    with lock:
        print(account.balance)
    twice(account, lock, amount)


def lock_for_nothing(account, lock, amount):
    with lock:
        pass
    account.balance += amount


def kept(account, lock, amount):
    lock.acquire()
    account.balance += amount


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (old_balance, "reads the balance before it holds the lock"),
        (old_balance_seen_again, "reads the balance before it holds the lock"),
        (late, "gives the lock back before it writes"),
        (late_and_printed, "gives the lock back before it writes"),
        (twice, "gives the lock back between reading and writing"),
        (thrice, "gives the lock back between reading and writing"),
        (lock_for_nothing, "without holding the `lock`"),
        (kept, "never given back"),
    ],
)
def test_each_fault_is_named(function, said):
    assert said in checks.deposit(function).message


def as_text(account, lock, amount):
    with lock:
        account.balance = str(account.balance + amount)


def test_a_balance_of_another_kind_is_shown():
    assert "now the account holds '130'" in checks.deposit(as_text).message
