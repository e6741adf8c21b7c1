import re
from dataclasses import replace

import pytest
from jupyter_client.manager import start_new_kernel

from swimlanes import compare, comparing, modes
from swimlanes.errors import MixedRunsError, RequestError, RunCancelled, TaskError
from swimlanes.records import Comparison, way_of

pytestmark = pytest.mark.usefixtures("nothing_left")
QUICK = {"tasks": 2, "task_ms": 2, "max_workers": 2, "repeats": 2}
OWN = [mode for mode in ("threads", "interpreters") if not modes.why_unavailable(mode)]


def names(record):
    return [way_of(study).name for study in record.studies]


def test_every_way_that_works_has_a_curve_and_the_others_a_reason(require):
    reason = modes.why_unavailable("cluster")
    require(not reason, reason, "make venv")
    record = compare("query", **QUICK)
    every = {way.name for way in comparing.ways()}
    assert {*names(record), *(way for way, _ in record.left_out)} == every
    assert {"threads", "processes (fork)", "cluster"} <= set(names(record))
    for study in record.studies:
        points = record.points(study)
        assert [(point.workers, len(point.runs)) for point in points] == [(1, 2), (2, 2)]
        assert {point.serial_s for point in points} == {record.serial_s}
    assert all(reason.endswith(".") for _, reason in record.left_out)


@pytest.mark.usefixtures("few_modes")
def test_repetitions_go_through_all_ways():
    steps = [step for step in comparing.comparing("query", **QUICK) if step.running]
    order = [(step.name, step.running.plan.workers) for step in steps]
    order.remove(("cluster", 1))  # which does not work, so it is tried once
    ways = [*OWN, *(f"processes ({method})" for method in modes.start_methods())]
    one_repetition = [("serial", 1), *((way, n) for way in ways for n in (1, 2))]
    assert order == [("serial", 1), *one_repetition, *one_repetition]
    assert [step.done for step in steps][-3:] == [len(order) - 3, len(order) - 2, len(order) - 1]
    assert steps[-1].total == len(order) < steps[0].total


def test_a_python_without_the_gil_has_a_price_of_its_own(require):
    reason = modes.why_unavailable("free-threaded")
    require(not reason, reason, ".ci/free-threaded")
    record = compare("query", cluster="nonsense", **QUICK)
    prices = {study.mode: record.price(study) for study in record.studies}
    assert prices.pop("free-threaded") > 0
    assert set(prices.values()) == {None}


@pytest.mark.usefixtures("few_modes")
def test_a_way_that_cannot_do_this_work_is_left_out_and_the_rest_goes_on():
    def only_in_one_process(number):
        import multiprocessing

        if multiprocessing.parent_process() is not None:
            raise ValueError("not here")
        return number

    record = compare(only_in_one_process, [1, 2], max_workers=1, repeats=1)
    assert names(record) == ["threads"]
    reasons = dict(record.left_out)
    assert "Task 0, with the input 1, raised ValueError: not here" in reasons["processes (fork)"]


def test_what_fails_in_serial_fails_altogether():
    def fails(_):
        raise KeyError("gone")

    with pytest.raises(TaskError, match="KeyError"):
        compare(fails, [1], max_workers=1, repeats=1)


def test_a_comparison_can_be_stopped_midway():
    steps = comparing.comparing("query", task_ms=60_000)
    next(steps).running.cancel()
    with pytest.raises(RunCancelled):
        next(steps)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"max_workers": 0}, "workers must be a whole number"),
        ({"repeats": 0}, "repeats must be a whole number"),
        ({"schedule": "sometimes"}, "no schedule 'sometimes'"),
    ],
)
def test_bad_values(request_, sentence):
    with pytest.raises(RequestError, match=sentence):
        compare("query", **request_)


def test_speedups_are_against_the_common_baseline(make_comparison):
    record = make_comparison()
    free = record.studies[1]
    assert record.price(free) == pytest.approx(1.5, abs=0.05)
    assert record.points(free)[1].speedup == pytest.approx(free.points[1].speedup / 1.5, rel=0.05)
    study, point = record.fastest
    assert (way_of(study).name, point.workers) == ("processes (fork)", 2)
    assert record.to_dict()["ways"][1]["price_of_one"] == record.price(free)
    assert record.most_workers == 2


def test_other_work_is_refused(make_comparison, make_study):
    record = make_comparison()
    with pytest.raises(MixedRunsError, match="inputs_digest"):
        Comparison(record.serial_runs, (make_study(tasks=16),))
    elsewhere = [
        replace(run, conditions=replace(run.conditions, machine="there"))
        for run in record.serial_runs
    ]
    with pytest.raises(MixedRunsError, match="machine"):
        Comparison(tuple(elsewhere), record.studies)


def test_a_notebook_shows_how_far_it_is():
    manager, client = start_new_kernel(kernel_name="python3")
    shown = []

    def keep(message):
        if text := message["content"].get("data", {}).get("text/plain"):
            shown.append(text)

    try:
        options = "tasks=1, task_ms=1, max_workers=1, repeats=1"
        code = f"import swimlanes; record = swimlanes.compare('query', {options})"
        client.execute_interactive(code, output_hook=keep, timeout=120)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert re.fullmatch(r"Run 1 of \d+: serial, 1 worker \(.* in all if .*\)", shown[0])
    assert any("processes (spawn), 1 worker" in line for line in shown)
    assert re.fullmatch(r"Measured: \d+ runs\.", shown[-1])
