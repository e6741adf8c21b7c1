import dataclasses

import pytest

from swimlanes import run, scaling, study
from swimlanes.errors import RequestError, RunCancelled
from swimlanes.errors import MixedRunsError
from swimlanes.records import ScalingStudy

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_a_study_of_waiting_threads():
    seen = []
    record = study(
        "query",
        mode="threads",
        tasks=8,
        task_ms=30,
        max_workers=3,
        repeats=2,
        on_progress=lambda *now: seen.append(now),
    )
    assert [point.workers for point in record.points] == [1, 2, 3]
    assert [len(point.wall_times_s) for point in record.points] == [2, 2, 2]
    assert record.points[1].speedup > 1.5
    assert record.points[2].ceiling == pytest.approx(8 / 3)
    for point in record.points:
        assert point.efficiency == point.speedup / point.workers
        low, high = point.speedup_spread
        assert low <= point.speedup <= high
    # One warm-up, then twice the serial run and three others.
    assert [done for done, _, _ in seen] == list(range(10))
    assert {total for _, total, _ in seen} == {9}
    assert seen[-1][2] == record


def test_repetitions_are_interleaved():
    plans = scaling.make_plans("processes", max_workers=2, repeats=2)
    order = [(plan.mode, plan.workers) for plan in plans]
    one_round = [("serial", 1), ("processes", 1), ("processes", 2)]
    assert order == [("serial", 1), *one_round, *one_round]


def test_a_sweep_can_be_stopped_midway():
    steps = scaling.sweep("query", mode="processes", task_ms=60_000, max_workers=2)
    step = next(steps)
    step.running.cancel()
    with pytest.raises(RunCancelled):
        next(steps)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"mode": "serial"}, "has one. Choose threads or processes"),
        ({"mode": "magic"}, "no mode 'magic'"),
        ({"max_workers": 0}, "workers must be a whole number"),
        ({"max_workers": 10**6}, "workers must be a whole number"),
        ({"repeats": 0}, "repeats must be a whole number"),
    ],
)
def test_bad_values(request_, sentence):
    with pytest.raises(RequestError, match=sentence):
        study(**request_)


@pytest.fixture(scope="module")
def serial_run():
    return run("query", mode="serial", tasks=2, task_ms=1)


@pytest.mark.parametrize(
    ("field", "value"), [("workload", "other"), ("inputs_digest", "0"), ("results_digest", "0")]
)
def test_runs_that_do_not_belong_together(serial_run, field, value):
    stranger = dataclasses.replace(serial_run, **{field: value})
    with pytest.raises(MixedRunsError) as caught:
        ScalingStudy((serial_run, stranger))
    assert repr(value) in str(caught.value)
    assert repr(getattr(serial_run, field)) in str(caught.value)


def test_other_conditions_do_not_belong_together(serial_run):
    elsewhere = dataclasses.replace(serial_run.conditions, usable_cores=99)
    with pytest.raises(MixedRunsError, match="usable_cores=99"):
        ScalingStudy((serial_run, dataclasses.replace(serial_run, conditions=elsewhere)))


def test_a_study_needs_a_baseline():
    with pytest.raises(ValueError, match="baseline"):
        ScalingStudy(())


@pytest.mark.parametrize(("load", "disturbed"), [(None, False), (0.05, False), (0.5, True)])
def test_disturbed_repetitions_are_flagged(serial_run, load, disturbed):
    threads = run("query", mode="threads", workers=2, tasks=2, task_ms=1)
    noisy = dataclasses.replace(threads, others_load=load)
    (point,) = ScalingStudy((serial_run,), (threads, noisy)).points
    assert point.disturbed is disturbed
