import os

import pytest

from swimlanes import checks, run, usable_cores
from swimlanes.checks.lesson07 import COMPUTING_THREADS, VARIABLES

pytestmark = pytest.mark.usefixtures("nothing_left")

RIGHT = dict(zip(COMPUTING_THREADS, (64, 8, 8, 16), strict=True))


def test_computing_threads_right():
    assert checks.computing_threads(RIGHT).ok


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (..., "dictionary"),
        ([64, 8, 8, 16], "dictionary"),
        ({}, "Still open"),
        (dict.fromkeys(COMPUTING_THREADS, 8), "2 of 4 are right. Think again of “Pool(8), no"),
        ({**RIGHT, "Pool(4), OMP_NUM_THREADS=4": 4}, "3 of 4 are right"),
        (dict.fromkeys(COMPUTING_THREADS, "many"), "0 of 4 are right"),
    ],
)
def test_computing_threads_wrong(answer, hint):
    verdict = checks.computing_threads(answer)
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.parametrize(
    "answer",
    [
        lambda environment: {**environment, **dict.fromkeys(VARIABLES, "1")},
        lambda environment: environment | dict.fromkeys([*VARIABLES, "NUMEXPR_NUM_THREADS"], "1"),
    ],
)
def test_one_thread_each_right(answer):
    verdict = checks.one_thread_each(answer)
    assert verdict.ok, verdict.message


def changing(environment):
    environment.update(dict.fromkeys(VARIABLES, "1"))
    return environment


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (changing, "Make a copy first"),
        (lambda environment: {**environment, **dict.fromkeys(VARIABLES, 1)}, "'1', in quotes"),
        (lambda environment: dict.fromkeys(VARIABLES, "1"), "HOME was in the environment"),
        (lambda environment: {**environment, "OMP_NUM_THREADS": "1"}, "OPENBLAS_NUM_THREADS is mi"),
        (lambda environment: {**environment, **dict.fromkeys(VARIABLES, "2")}, "THREADS is '2'"),
        (lambda environment: dict(environment), "OMP_NUM_THREADS is '8'"),
        (lambda environment: ..., "should return a dictionary; this is still `...`"),
        (lambda environment: None, "should return a dictionary; this is None"),
        (lambda environment: os.environ, "should return a dictionary"),
        (lambda: {}, "takes 0 positional arguments"),
        (..., "should be a function"),
        ({}, "should be a function"),
    ],
)
def test_one_thread_each_wrong(answer, hint):
    verdict = checks.one_thread_each(answer)
    assert not verdict.ok
    assert hint in verdict.message


def test_crowded_right():
    cores = int(usable_cores())
    verdict = checks.crowded(run("count-down", workers=6 * cores, tasks=24 * cores, task_ms=20))
    assert verdict.ok, verdict.message
    assert f"{6 * cores} worker(s) for {cores} core(s)" in verdict.message


@pytest.mark.parametrize(("waiting_share", "enough"), [(0.1, False), (0.5, False), (0.6, True)])
def test_crowded_looks_at_shares(waiting_share, enough, make_run):
    shares = {"cpu_share": 1 - waiting_share, "waiting_share": waiting_share}
    verdict = checks.crowded(make_run(workers=4, **shares))
    assert verdict.ok == enough
    assert f"{waiting_share:.0%} was spent waiting for a core" in verdict.message
    assert ("More cooks" in verdict.message) != enough


def test_crowded_praises_no_cause_that_the_run_calls_disturbed(make_run):
    run = make_run(workers=4, cpu_share=0.4, waiting_share=0.6, others_load=1.2)
    verdict = checks.crowded(run)
    assert verdict.ok
    assert "kept 1.20 cores busy meanwhile: how much" in verdict.message
    assert "so it goes with" not in verdict.message


def test_crowded_by_others_alone_is_not_crowded(make_run):
    run = make_run(workers=2, cpu_share=0.4, waiting_share=0.6, others_load=1.2)
    assert "There is a core for each worker" in checks.crowded(run).message


@pytest.mark.parametrize(
    ("workload", "mode", "hint"),
    [
        ("query", "processes", "This is 'query' on 'processes'"),
        ("count-down", "threads", "'count-down' on 'threads'"),
        ("count-down", "serial", "'count-down' on 'serial'"),
    ],
)
def test_crowded_with_something_else(workload, mode, hint):
    verdict = checks.crowded(run(workload, mode=mode, workers=2, tasks=2, task_ms=1))
    assert not verdict.ok
    assert hint in verdict.message


@pytest.mark.parametrize("answer", [..., None, 8, run])
def test_crowded_of_something_else(answer):
    assert "what `run(...)` returns" in checks.crowded(answer).message
