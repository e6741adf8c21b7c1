import hashlib
import sys
import threading

from swimlanes.checks import lesson03


def test_a_loop_lets_nobody_run():
    assert lesson03.longest_hold(lambda steps: sum(range(steps)), 1_000_000) > 0.9


def test_hashing_much_data_lets_others_run():
    assert lesson03.longest_hold(hashlib.sha256, bytes(20_000_000)) < lesson03.LETS_RUN


def test_everything_is_as_before():
    interval_s, threads = sys.getswitchinterval(), threading.active_count()
    lesson03.longest_hold(hashlib.sha256, bytes(1_000_000))
    assert (sys.getswitchinterval(), threading.active_count()) == (interval_s, threads)
