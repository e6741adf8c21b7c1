"""The pools of joblib; its workers outlive their call, waiting for the next."""

import pytest
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor

import swimlanes


def double(x):
    return 2 * x


@pytest.mark.parametrize(("backend", "kind"), [("loky", "loky"), ("threading", "ThreadPool")])
def test_each_call_of_joblib_has_a_bar(backend, kind):
    with swimlanes.watch() as seen, Parallel(2, backend=backend) as parallel:
        assert parallel(delayed(double)(n) for n in range(9)) == [2 * n for n in range(9)]
    assert {lane.name for lane in seen.run.timeline.lanes} == {kind}
    assert seen.run.tasks_count == 9
    if backend == "loky":
        get_reusable_executor().shutdown(kill_workers=True)
