from multiprocessing import get_context
from multiprocessing.pool import ThreadPool

import pytest

from swimlanes import checks, run
from swimlanes.checks import lesson04

pytestmark = pytest.mark.usefixtures("nothing_left")

Pool = get_context("forkserver").Pool
INPUTS = list(lesson04.INPUTS)


def on_a_pool(kind, workers, **how):
    """Return an answer that maps on a pool of this kind."""

    def answer(function, inputs):
        with kind(workers) as pool:
            return pool.map(function, inputs, **how)

    return answer


def as_an_iterator(function, inputs):
    with Pool(2) as pool:
        return pool.imap(function, inputs)


def in_any_order(function, inputs):
    with Pool(2) as pool:
        return pool.map(function, inputs)[::-1]


def test_on_two_processes_right():
    verdict = checks.on_two_processes(on_a_pool(Pool, 2))
    assert verdict.ok, verdict.message


def test_a_pool_that_stays_open_is_right_and_gone():
    def careless(function, inputs):
        return Pool(2).map(function, inputs)

    verdict = checks.on_two_processes(careless)
    assert verdict.ok, verdict.message


@pytest.fixture
def impatient(monkeypatch):
    """Wait a moment only for a second process that never comes."""
    monkeypatch.setattr(lesson04, "PATIENCE_S", 0.2)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda function, inputs: list(map(function, inputs)), "no other process has worked"),
        (on_a_pool(ThreadPool, 2), "no other process has worked"),
        (on_a_pool(Pool, 1), "one worker made them instead of 2"),
        (on_a_pool(Pool, 2, chunksize=4), "one worker made them instead of 2"),
        (in_any_order, "the results belong to [1, 4, 1, 3]"),
    ],
    ids=["loop", "threads", "one worker", "one chunk", "other order"],
)
def test_on_two_processes_wrong(answer, hint):
    verdict = checks.on_two_processes(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "should be a function"),
        (lambda function, inputs: ..., "what came back is still `...`"),
        (lambda function, inputs: None, "a list of 4 results"),
        (lambda function, inputs: inputs, "a list of 4 results"),
        (as_an_iterator, "a list of 4 results"),
        (lambda function: function, "takes 1 positional argument"),
        (lambda function, inputs: undefined, "NameError"),  # noqa: F821
    ],
)
def test_on_two_processes_of_something_else(answer, hint):
    verdict = checks.on_two_processes(answer)
    assert not verdict.ok
    assert hint in verdict.message


def ramped(**how):
    how = {"workers": 2, "tasks": 32, "task_ms": 2, **how}
    return run("query", mode="threads", **how)


def test_even_ends_right():
    verdict = checks.even_ends(ramped(lengths="ramp-down"))
    assert verdict.ok, verdict.message


@pytest.mark.parametrize(
    ("how", "hint"),
    [
        ({"lengths": "ramp-up"}, "at most 1.78 of 2"),
        ({"lengths": "random"}, "at most 1.81 of 2"),
        ({"lengths": "equal"}, "'equal' are other tasks"),
        ({"lengths": "ramp-down", "chunksize": 1}, "Leave `chunksize` out"),
        ({"lengths": "ramp-down", "workers": 3}, "workers: 3. Take 32 tasks on 2"),
        ({"lengths": "ramp-down", "tasks": 8}, "Tasks in this run: 8"),
    ],
)
def test_even_ends_wrong(how, hint):
    verdict = checks.even_ends(ramped(**how))
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.parametrize("answer", [..., None, "ramp-down", run])
def test_even_ends_of_something_else(answer):
    assert "what `run(...)` returns" in checks.even_ends(answer).message
