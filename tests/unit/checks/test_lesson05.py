import math
import pickle
import subprocess
import sys
import threading
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import ThreadPool
from operator import getitem

import numpy as np
import pytest

from swimlanes import checks
from swimlanes.checks.lesson05 import CAN_TRAVEL, JOURNEYS

pytestmark = pytest.mark.usefixtures("nothing_left")

Pool = get_context("forkserver").Pool
TRAVELS = {name: wanted.answer for name, wanted in CAN_TRAVEL.items()}
# What the lesson writes into a file of its own; workers find it by the name of this module.
LOOKUPS = """\
words = None


def remember(data):
    global words
    words = data


def look_up(number):
    return words[number]
"""


@pytest.fixture
def lookups(tmp_path, monkeypatch):
    """Return the module of the lesson, in a folder where workers find it."""
    (tmp_path / "lookups.py").write_text(LOOKUPS)
    monkeypatch.syspath_prepend(tmp_path)
    import lookups

    yield lookups
    monkeypatch.delitem(sys.modules, "lookups")


def test_can_travel_right():
    assert checks.can_travel(TRAVELS).ok


def test_the_answers_to_can_travel_are_true(tmp_path):
    (tmp_path / "run-7.csv").touch()
    with open(tmp_path / "run-7.csv") as file:
        values = [
            np.zeros((3, 3)), lambda x: x + 1, "results/run-7.csv", file, (n for n in range(3)),
            range(3), math.sqrt,
        ]  # fmt: skip
        assert [travels(value) for value in values] == list(TRAVELS.values())
    assert not travels(threading.Lock())


def travels(value):
    try:
        pickle.dumps(value)
    except (TypeError, AttributeError, pickle.PicklingError):
        return False
    return True


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        (list(CAN_TRAVEL), "dictionary"),
        ({}, "Still open"),
        (dict.fromkeys(CAN_TRAVEL, True), "4 of 7 are right. Think again of “lambda x: x + 1”"),
        ({**TRAVELS, "range(3)": False}, "6 of 7 are right"),
        ({**TRAVELS, "range(3)": "yes"}, "6 of 7 are right"),
        ({**TRAVELS, "range(3)": np.ones(3)}, "6 of 7 are right"),
    ],
)
def test_can_travel_wrong(answer, hint):
    verdict = checks.can_travel(answer)
    assert not verdict.ok
    assert hint in verdict.message


def test_journeys_right():
    assert checks.journeys(dict(zip(JOURNEYS, (16, 4, 2, 0), strict=True))).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        ({}, "Still open"),
        (dict.fromkeys(JOURNEYS, 16), "1 of 4 are right. Think again of “pool.map(partial"),
        (dict.fromkeys(JOURNEYS, "16"), "0 of 4 are right"),
        (dict(zip(JOURNEYS, (16, 4, 1, 0), strict=True)), "3 of 4 are right"),
        (dict(zip(JOURNEYS, (16, 4, 2, 2), strict=True)), "only a name and a shape"),
    ],
)
def test_journeys_wrong(answer, hint):
    verdict = checks.journeys(answer)
    assert not verdict.ok
    assert hint in verdict.message


# A program of its own, because the server that starts the workers lives as long as its program.
JOURNEYS_COUNTED = """
from functools import partial
from multiprocessing import get_context
from operator import itemgetter

Pool = get_context("forkserver").Pool


class Traveller:
    journeys = 0

    def __reduce__(self):
        Traveller.journeys += 1
        return int, ()


def counted(initargs=(), **task):
    Traveller.journeys = 0
    with Pool(2, abs if initargs else None, initargs) as pool:
        if task:
            pool.map(task["function"], task["inputs"], task["chunksize"])
    return Traveller.journeys


big, rows = Traveller(), range(16)
print(counted(function=itemgetter(1), inputs=[(big, row) for row in rows], chunksize=1))
print(counted(function=partial(max, big), inputs=rows, chunksize=4))
print(counted(initargs=(big,)))
"""


def test_the_answers_to_journeys_are_true():
    command = [sys.executable, "-c", JOURNEYS_COUNTED]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    counted = [int(journeys) for journeys in answer.stdout.split()]
    assert [*counted, 0] == [wanted.answer for wanted in JOURNEYS.values()]


def test_sent_once_right(lookups):
    def look_up_all(words, numbers):
        with Pool(2, initializer=lookups.remember, initargs=(words,)) as pool:
            return pool.map(lookups.look_up, numbers)

    verdict = checks.sent_once(look_up_all)
    assert verdict.ok, verdict.message
    assert "travelled 2 times" in verdict.message


@pytest.mark.usefixtures("short_limit")
def test_sent_once_with_an_initialiser_that_fails(lookups):
    def look_up_all(words, numbers):
        with Pool(2, initializer=lookups.remember, initargs=words) as pool:
            return pool.map(lookups.look_up, numbers)

    verdict = checks.sent_once(look_up_all)
    assert not verdict.ok
    assert "`initargs` is a tuple, also for one argument" in verdict.message


def with_the_tasks(words, numbers):
    with Pool(2) as pool:
        return pool.map(partial(getitem, words), numbers)


def on_threads(words, numbers):
    with ThreadPool(2) as pool:
        return pool.map(words.__getitem__, numbers)


def in_the_wrong_order(words, numbers):
    with Pool(2) as pool:
        return pool.map(partial(getitem, words), sorted(numbers))


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (with_the_tasks, "they travelled 8 times for 2 workers"),
        (on_threads, "nothing was sent"),
        (lambda words, numbers: [words[number] for number in numbers], "nothing was sent"),
        (in_the_wrong_order, "in this order"),
        (lambda words, numbers: ..., "What came back is still `...`"),
        (lambda words, numbers: None, "What came back is None"),
        (lambda words, numbers: Pool(2, initializer=...), "initializer must be a callable"),
        (lambda words, numbers: [lambda: 4], "What came back is [<function"),
        (..., "should be a function"),
        ("lookups.look_up", "should be a function"),
    ],
)
def test_sent_once_wrong(answer, hint):
    verdict = checks.sent_once(answer)
    assert not verdict.ok
    assert hint in verdict.message
