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
