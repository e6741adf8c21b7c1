import dataclasses
import statistics

import pytest

from swimlanes import run, scaling, study
from swimlanes.errors import MixedRunsError, RequestError, RunCancelled
from swimlanes.measure import Plan
from swimlanes.records import ScalingStudy
from swimlanes.scaling import Design

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
    assert record.points[2].ceiling == pytest.approx(8 / 3)
    for point in record.points:
        assert point.serial_s == record.points[0].serial_s
        assert point.speedup == pytest.approx(
            point.serial_s / statistics.median(point.wall_times_s)
        )
        assert point.efficiency == point.speedup / point.workers
        low, high = point.speedup_spread
        assert low <= point.speedup <= high
    # One warm-up, then twice the serial run and three others.
    assert [done for done, _, _ in seen] == list(range(10))
    assert {total for _, total, _ in seen} == {9}
    assert seen[-1][2] == record


def test_repetitions_are_interleaved():
    steps = scaling.sweep("query", mode="processes", tasks=2, task_ms=1, max_workers=2, repeats=2)
    order = [(step.running.plan.mode, step.running.plan.workers) for step in steps if step.running]
    one_round = [("serial", 1), ("processes", 1), ("processes", 2)]
    assert order == [("serial", 1), *one_round, *one_round]


def test_results_that_are_equal_are_kept_once():
    record = study(bytes, [100_000] * 2, mode="threads", max_workers=2, repeats=2)
    assert len({id(run.results) for run in (*record.serial_runs, *record.runs)}) == 1


def test_weak_scaling_gives_each_worker_the_same_work():
    record = study(
        "query", mode="threads", tasks=2, task_ms=20, max_workers=3, repeats=2, scaling="weak"
    )
    assert [run.tasks_count for run in record.runs] == [2, 4, 6, 2, 4, 6]
    assert record.tasks_count == 2
    one, _, three = record.points
    assert three.serial_s == pytest.approx(3 * one.serial_s)
    assert record.points[2].ceiling == pytest.approx(3.0)
    assert record.amdahl is None


def test_weak_scaling_compares_results_with_the_serial_ones(tmp_path):
    counter = tmp_path / "calls"

    def fickle(_):
        with counter.open("ab") as file:
            file.write(b".")
        return counter.stat().st_size > 4

    # The serial runs and the first with one worker see four calls, the others more.
    record = study(fickle, [1], mode="threads", max_workers=2, repeats=1, scaling="weak")
    (remark,) = record.remarks
    assert "returned False in serial and True in threads with 2 workers" in remark
    assert "There is only one serial run" in remark


def test_a_study_ends_early_when_the_spread_is_small_enough():
    request = {"mode": "threads", "tasks": 2, "task_ms": 30, "max_workers": 1, "repeats": 8}
    assert len(study("query", **request, spread=0.9).serial_runs) == scaling.FEWEST_REPEATS
    assert len(study("query", **request, spread=1e-9).serial_runs) == 8


def test_a_study_of_the_participants_own_function():
    record = study(repr, [1, "two", None], mode="threads", max_workers=2, repeats=1)
    assert record.workload == "repr"
    assert record.longest_task_ceiling >= 1
    assert record.points[1].ceiling >= 1


def test_the_baseline_runs_on_the_interpreter_under_study():
    plan = Plan("free-threaded", workers=2, python="/opt/python3.13t", limit_s=3.0)
    serial, *parallel = Design(plan, 1, "strong", None).one_repetition
    assert (serial.mode, serial.python, serial.limit_s) == ("serial", plan.python, 3.0)
    assert [plan.workers for plan in parallel] == [1, 2]


def test_amdahl_is_fitted_within_the_usable_cores(make_study):
    record = make_study(cores=3, most=5)
    assert record.amdahl.points == 2 * 3
    assert 0 <= record.amdahl.serial_fraction < 0.5
    assert make_study(cores=1).amdahl is None


def test_a_sweep_can_be_stopped_midway():
    steps = scaling.sweep("query", mode="processes", task_ms=60_000, max_workers=2)
    step = next(steps)
    step.running.cancel()
    with pytest.raises(RunCancelled):
        next(steps)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"mode": "serial"}, "has only one. Choose threads or processes"),
        ({"mode": "magic"}, "no mode 'magic'"),
        ({"max_workers": 0}, "workers must be a whole number"),
        ({"max_workers": 10**6}, "workers must be a whole number"),
        ({"repeats": 0}, "repeats must be a whole number"),
        ({"scaling": "sideways"}, "no scaling 'sideways'"),
        ({"spread": 2}, "share between 0 and 1, not 2"),
        ({"lengths": "long"}, "no task lengths 'long'"),
    ],
)
def test_bad_values(request_, sentence):
    with pytest.raises(RequestError, match=sentence):
        study(**request_)


@pytest.fixture(scope="module")
def serial_run():
    return run("query", mode="serial", tasks=2, task_ms=1)


@pytest.mark.parametrize(
    ("field", "value"), [("workload", "other"), ("inputs_digest", "0"), ("lengths", "ramp-up")]
)
def test_runs_that_do_not_belong_together(serial_run, field, value):
    stranger = dataclasses.replace(serial_run, **{field: value})
    with pytest.raises(MixedRunsError) as caught:
        ScalingStudy((serial_run, stranger))
    assert repr(value) in str(caught.value)
    assert repr(getattr(serial_run, field)) in str(caught.value)


def test_other_conditions_do_not_belong_together(serial_run):
    elsewhere = dataclasses.replace(serial_run.conditions, usable_cores=99)
    with pytest.raises(MixedRunsError, match=r"usable_cores is \d+ in one and 99 in another"):
        ScalingStudy((serial_run, dataclasses.replace(serial_run, conditions=elsewhere)))


def test_a_study_needs_a_baseline():
    with pytest.raises(ValueError, match="baseline"):
        ScalingStudy(())


@pytest.mark.parametrize(("load", "disturbed"), [(None, False), (0.05, False), (1.0, True)])
def test_disturbed_repetitions_are_flagged(make_run, load, disturbed):
    noisy = make_run(others_load=load)
    (point,) = ScalingStudy((make_run("serial"),), (make_run(), noisy)).points
    assert point.disturbed is disturbed
