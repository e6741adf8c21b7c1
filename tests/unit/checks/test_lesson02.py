import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

import pytest

from swimlanes import checks

pytestmark = pytest.mark.usefixtures("nothing_left")

LAST_DONE = {
    "1, 8, 1.5, 2 on one thread": 12.5,
    "1, 8, 1.5, 2 on two threads": 8,
    "1, 1.5, 2, 8 on two threads": 9.5,
    "1, 8, 1.5, 2 on three threads": 8.0,
}
WAYS = {
    "all results as a list, to plot them": "map",
    "show each web page as soon as it is there, whichever": "imap_unordered",
    "write each result below the one before, in order, while the rest still runs": " imap",
    "stop at the first server that answers": "IMAP_unordered ",
}


def test_last_one_done_right():
    assert checks.last_one_done(LAST_DONE).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        (None, "dictionary"),
        ([12.5, 8, 9.5, 8], "dictionary"),
        (dict.fromkeys(LAST_DONE, ...), "Still open are"),
        ({**LAST_DONE, "1, 1.5, 2, 8 on two threads": "9.5"}, "3 of 4 are right"),
        ({**LAST_DONE, "1, 1.5, 2, 8 on two threads": 8}, "3 of 4 are right"),
        ({**LAST_DONE, "1, 8, 1.5, 2 on three threads": 12.5 / 3}, "below the longest"),
        (dict.fromkeys(LAST_DONE, float("nan")), "0 of 4 are right"),
    ],
)
def test_last_one_done_wrong(answer, hint):
    verdict = checks.last_one_done(answer)
    assert not verdict.ok
    assert hint in verdict.message


def test_which_map_right():
    assert checks.which_map(WAYS).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        ("map", "dictionary"),
        ({}, "Still open are"),
        (dict.fromkeys(WAYS, "map"), "1 of 4 are right"),
        ({**WAYS, "all results as a list, to plot them": map}, "3 of 4 are right"),
        ({**WAYS, "stop at the first server that answers": "imap"}, "may be the slowest"),
    ],
)
def test_which_map_wrong(answer, hint):
    verdict = checks.which_map(answer)
    assert not verdict.ok
    assert hint in verdict.message


def with_pool(ask, questions):
    with ThreadPool(len(questions)) as pool:
        return pool.map(ask, questions)


def with_many(ask, questions):
    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(ask, questions))


def never_closed(ask, questions):
    return ThreadPool(4).map(ask, questions)


@pytest.mark.parametrize("answer", [with_pool, with_many, never_closed])
def test_ask_all_right(answer):
    verdict = checks.ask_all(answer)
    assert verdict.ok, verdict.message


def too_few(ask, questions):
    with ThreadPool(2) as pool:
        return pool.map(ask, questions)


def as_they_end(ask, questions):
    with ThreadPool(4) as pool:
        return list(pool.imap_unordered(ask, questions))


def iterator(ask, questions):
    with ThreadPool(4) as pool:
        return pool.imap(ask, questions)


def processes(ask, questions):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        return pool.map(ask, questions)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        (["answer 0"], "should be a function"),
        (lambda ask, questions: ..., "Nothing is asked yet"),
        (lambda ask, questions: None, "should return a list, and it returned None"),
        (lambda ask, questions: list(map(ask, questions)), "At most 1 of 4 questions waited"),
        (lambda ask, questions: map(ask, questions), "should return a list"),
        (lambda ask, questions: questions, "the answers are"),
        (lambda ask, questions: {"a"}, "should return a list, and it returned {'a'}."),
        (lambda ask, questions: ask(questions[9]), "IndexError"),
        (lambda questions: questions, "could not be tried"),
        (too_few, "At most 2 of 4 questions waited"),
        (as_they_end, "not in the order"),
        (iterator, "should return a list"),
        (processes, "take a `ThreadPool`"),
    ],
)
def test_ask_all_wrong(answer, hint):
    verdict = checks.ask_all(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.usefixtures("short_limit")
def test_asking_that_never_ends_is_stopped():
    def endless(ask, questions):
        while True:
            time.sleep(0.01)

    assert "had not ended" in checks.ask_all(endless).message
