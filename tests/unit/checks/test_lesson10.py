import time

import pytest

from swimlanes import checks
from swimlanes.checks.lesson10 import MACHINES, SHORTEST_MS

pytestmark = pytest.mark.usefixtures("nothing_left")

LENGTHS = {item: wanted.answer for item, wanted in SHORTEST_MS.items()}
PLACES = {item: wanted.answer for item, wanted in MACHINES.items()}


def test_right():
    assert checks.shortest_tasks(LENGTHS).ok
    assert checks.machines(PLACES).ok
    assert checks.far_speedup(lambda n, task, latency: n * task / (task + latency)).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        ({**LENGTHS, "next room, latency 1 ms": ...}, "Still open is “next room, latency 1 ms”"),
        ({**LENGTHS, "next country, latency 20 ms": 18}, "2 of 3 are right"),
        (dict(zip(LENGTHS, (1, 10, 200), strict=True)), "0 of 3 are right"),
        (dict.fromkeys(LENGTHS, "9 ms"), "how many times as long as the latency?"),
    ],
)
def test_shortest_tasks_wrong(answer, hint):
    verdict = checks.shortest_tasks(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("laptop", "dictionary"),
        (dict.fromkeys(PLACES, "cluster"), "1 of 5 are right"),
        ({**PLACES, "a million tasks of 10 microseconds": "cluster"}, "10 s of work"),
    ],
)
def test_machines_wrong(answer, hint):
    verdict = checks.machines(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        (lambda *_: ..., "returned no number"),
        (lambda *_: None, "returned no number"),
        (lambda n, task, latency: task / (task + latency), "You have several"),
        (lambda n, task, latency: (task + latency) / (n * task), "upside down"),
        (lambda n, task, latency: n, "without a latency"),
        (lambda n, task, latency: n * task / latency, "your function says 1."),
        (lambda n, task, latency: n * task, "your function says 8."),
        (lambda n, task: n * task, "could not be tried"),
    ],
)
def test_far_speedup_wrong(answer, hint):
    verdict = checks.far_speedup(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.usefixtures("short_limit")
def test_an_endless_loop_is_stopped():
    verdict = checks.far_speedup(lambda *_: time.sleep(60))
    assert not verdict.ok
    assert "had not ended after 0.5 s" in verdict.message
