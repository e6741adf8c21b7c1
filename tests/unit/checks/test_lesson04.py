from multiprocessing import get_context

import pytest

from swimlanes import checks, run

pytestmark = pytest.mark.usefixtures("nothing_left")

Pool = get_context("forkserver").Pool


def test_a_pool_that_stays_open_is_right_and_gone():
    def careless(function, inputs):
        return Pool(2).map(function, inputs)

    verdict = checks.on_two_processes(careless)
    assert verdict.ok, verdict.message


def ramped(**how):
    how = {"workers": 2, "tasks": 32, "task_ms": 2, **how}
    return run("query", mode="threads", **how)


@pytest.mark.parametrize(
    ("how", "hint"),
    [
        ({"lengths": "ramp-up"}, "a speedup of 1.78 is possible at most"),
        ({"lengths": "random"}, "a speedup of 1.81 is possible at most"),
        ({"lengths": "equal"}, "With `lengths='equal'` these are other tasks"),
        ({"lengths": "ramp-down", "chunksize": 1}, "Leave `chunksize` out"),
        ({"lengths": "ramp-down", "workers": 3}, "has 32 tasks on 3 workers. Take 32 tasks on 2"),
        ({"lengths": "ramp-down", "tasks": 8}, "has 8 tasks on 2 workers"),
    ],
)
def test_even_ends_wrong(how, hint):
    verdict = checks.even_ends(ramped(**how))
    assert not verdict.ok
    assert hint in verdict.message
