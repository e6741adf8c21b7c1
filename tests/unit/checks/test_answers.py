import multiprocessing
import time

import pytest

from swimlanes import checks

pytestmark = pytest.mark.usefixtures("nothing_left")


def endless(*_):
    while True:
        time.sleep(0.01)


def closure(function):
    """Return the function as a notebook's would be: one that no module holds."""
    return lambda *arguments: function(*arguments)


@pytest.mark.usefixtures("short_limit")
@pytest.mark.parametrize("check", [checks.speedup, checks.pinned_cores])
def test_an_endless_loop_is_stopped(check):
    verdict = check(closure(endless))
    assert not verdict.ok
    assert "had not ended after 0.5 s" in verdict.message


def test_a_pool_that_is_never_closed_leaves_nothing():
    def careless(serial_s, parallel_s):
        pool = multiprocessing.Pool(2)
        return pool.apply(float.__truediv__, (serial_s, parallel_s))

    assert checks.speedup(careless).ok
