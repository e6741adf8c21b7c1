"""How long a check waits for a function, and what it says of one that did not end."""

import subprocess
import sys

import pytest

from swimlanes import checks, usable_cores
from swimlanes.checks.patience import Spent
from swimlanes.checks.trying import LOOP, WAIT, stopped_sentence

BUSY = Spent(elapsed_s=60.2, own_s=1.0, others=1.9, throttled_s=0.0, cores=2)


@pytest.mark.parametrize(
    ("elapsed_s", "own_s", "others", "throttled_s", "cause"),
    [
        (9.0, 8.9, 0.0, 0.0, None),
        (10.0, 10.0, 0.0, 0.0, "computing"),
        (10.0, 9.8, 0.5, 0.0, "computing"),
        (55.0, 10.0, 2.0, 0.0, "computing"),
        (26.0, 9.5, 1.6, 0.0, "computing"),  # all the time that it had a core
        (10.0, 0.1, 0.5, 0.0, "waiting"),
        (10.0, 5.0, 0.0, 0.0, "both"),
        (10.0, 0.1, 1.9, 0.0, None),
        (59.0, 5.0, 2.0, 0.0, None),
        (60.0, 5.0, 2.0, 0.0, "unknown"),
        (40.0, 4.0, 0.0, 36.0, None),  # a limit on CPU time held it back
        (59.0, 0.0, None, 0.0, None),  # the system does not tell of others
        (60.0, 0.0, None, 0.0, "unknown"),
    ],
)
@pytest.mark.parametrize("wanted", [0.3, 1.0])
def test_what_a_function_did_all_the_time(elapsed_s, own_s, others, throttled_s, cause, wanted):
    assert Spent(elapsed_s, own_s, others, throttled_s, 2, wanted).cause == cause


@pytest.mark.parametrize(("elapsed_s", "cause"), [(9.9, None), (10.0, "waiting")])
def test_a_function_that_wants_no_core_waits_whatever_others_do(elapsed_s, cause):
    assert Spent(elapsed_s, 0.0, 2.0, 0.0, cores=2, wanted=0.2).cause == cause


@pytest.mark.parametrize(
    ("spent", "told", "says"),
    [
        (BUSY, "", "after 60 s and was stopped. Meanwhile, other programs kept 1.9 of 2 cores"),
        (BUSY._replace(others=None), "", "does not tell how busy its cores are. So this check"),
        (BUSY._replace(throttled_s=55), "", "The limit on CPU time stopped its processes for 55 s"),
        (BUSY._replace(own_s=10), "", f"It computed for 10 s. {LOOP}"),
        (BUSY._replace(others=0), "", "It computed for 1.0 s, and it waited for the rest of the t"),
        (BUSY, "ValueError: 1", "One of its workers said: `ValueError: 1`. failing"),
    ],
)
def test_only_what_was_seen_is_said(spent, told, says):
    said = stopped_sentence(True, spent, told, WAIT, "failing")
    assert says in said
    assert said.count(LOOP) + said.count(WAIT) + said.count("failing") == (
        0 if spent.cause == "unknown" and not told else 1
    )


def test_a_process_that_did_not_start_is_no_fault_of_the_answer():
    said = stopped_sentence(False, BUSY, "", WAIT, "")
    assert "was not ready after 60 s. Meanwhile, other programs kept 1.9 of 2 cores busy." in said
    assert "Your function" not in said


def loop(serial_s, parallel_s):
    while True:
        pass


def hang(serial_s, parallel_s):
    import threading

    threading.Event().wait()


@pytest.mark.usefixtures("short_limit", "nothing_left")
@pytest.mark.parametrize(("function", "hint", "not_so"), [(loop, LOOP, WAIT), (hang, WAIT, LOOP)])
def test_a_function_that_does_not_end_is_stopped(function, hint, not_so):
    said = checks.speedup(function).message
    assert "had not ended after " in said
    assert not_so not in said
    assert hint in said or "this check cannot tell" in said


@pytest.fixture
def crowd():
    """Keep all cores busy, several times."""
    command = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(command) for _ in range(4 * int(usable_cores()))]
    yield
    for each in loops:
        each.kill()
        each.wait()


@pytest.mark.usefixtures("short_limit", "crowd")
def test_a_slow_start_on_busy_cores_counts_for_nothing():
    verdict = checks.speedup(lambda serial_s, parallel_s: serial_s / parallel_s)
    assert verdict.ok, verdict
