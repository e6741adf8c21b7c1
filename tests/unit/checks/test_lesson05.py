import math
import pickle
import subprocess
import sys
import threading

import numpy as np

from swimlanes.checks.lesson05 import CAN_TRAVEL, JOURNEYS

TRAVELS = {name: wanted.answer for name, wanted in CAN_TRAVEL.items()}


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
