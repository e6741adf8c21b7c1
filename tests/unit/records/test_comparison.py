import dataclasses
import json

import pytest

from swimlanes.errors import MixedRunsError
from swimlanes.records import Comparison, ScalingStudy, Way, way_of


def test_a_way_is_called_by_its_mode_and_how_it_starts():
    assert Way("threads").name == "threads"
    assert Way("processes", "spawn").name == "processes (spawn)"


def test_the_way_of_a_study_is_that_of_its_runs(make_comparison):
    ways = [way_of(study) for study in make_comparison().studies]
    assert ways == [
        ("threads", None), ("free-threaded", None), ("processes", "fork"), ("processes", "spawn"),
    ]  # fmt: skip
    assert way_of(ScalingStudy(make_comparison().serial_runs)) == ("serial", None)


def test_a_comparison_is_about_one_work_on_one_machine(make_comparison):
    record = make_comparison()
    assert (record.workload, record.tasks_count, record.usable_cores) == ("count-down", 4, 2)
    assert record.most_workers == 2
    assert record.serial_s == pytest.approx(0.43)


def test_one_run_of_each_is_enough(make_run):
    serial, run = make_run("serial"), make_run("processes")
    record = Comparison((serial,), (ScalingStudy((serial,), (run,)),))
    values = record.to_dict()
    assert (record.workload, record.tasks_count, record.usable_cores) == ("count-down", 4, 2)
    assert (values["task_ms"], values["ways"][0]["price_of_one"]) == (100.0, None)
    assert values["ways"][0]["interpreter"] == serial.conditions.interpreter
    assert values["ways"][0]["way"] == "processes (fork)"


def test_before_the_first_point_there_is_only_the_baseline(make_run):
    record = Comparison((make_run("serial"),))
    assert (record.most_workers, record.fastest, record.studies) == (1, None, ())


def test_every_point_is_against_the_common_baseline(make_comparison):
    record = make_comparison()
    free = record.studies[1]
    for study in record.studies:
        assert {point.serial_s for point in record.points(study)} == {record.serial_s}
        assert [point.workers for point in record.points(study)] == [1, 2]
    assert free.points[1].serial_s > record.serial_s


def test_only_another_interpreter_has_a_price(make_comparison):
    record = make_comparison()
    assert [record.price(study) is None for study in record.studies] == [True, False, True, True]
    assert record.price(record.studies[1]) == pytest.approx(0.63 / 0.43)


def test_the_price_is_of_the_median(make_comparison):
    record = make_comparison()
    slow, *usual = record.studies[1].serial_runs
    timeline = dataclasses.replace(slow.timeline, wall_time_s=99.0)
    serial = (dataclasses.replace(slow, timeline=timeline), *usual)
    assert record.price(dataclasses.replace(record.studies[1], serial_runs=serial)) < 2


def test_the_fastest_is_the_highest_speedup_of_all_ways(make_comparison):
    record = make_comparison()
    study, point = record.fastest
    assert (way_of(study).name, point.workers) == ("processes (fork)", 2)
    every = [point for study in record.studies for point in record.points(study)]
    assert point.speedup == max(point.speedup for point in every)


@pytest.mark.parametrize(("serial_load", "disturbed"), [(None, False), (0.01, False), (1.0, True)])
def test_a_disturbed_baseline_disturbs_all(make_comparison, serial_load, disturbed):
    assert make_comparison(serial_load=serial_load).disturbed is disturbed


def test_one_fair_repetition_of_the_baseline_is_enough(make_run):
    quiet, noisy = make_run("serial", others_load=0.0), make_run("serial", others_load=1.5)
    assert not Comparison((noisy, quiet, noisy)).disturbed
    assert Comparison((noisy, noisy)).disturbed


@pytest.mark.parametrize(
    "other",
    [
        {"workload": "query"},
        {"task_ms": 7.0},
        {"task_bytes": 7},
        {"lengths": "random"},
        {"inputs_digest": "0"},
    ],
    ids=str,
)
def test_another_work_is_refused(make_run, other):
    elsewhere = dataclasses.replace(make_run("serial"), **other)
    with pytest.raises(MixedRunsError, match=f"{next(iter(other))} is .* in one and"):
        Comparison((make_run("serial"),), (ScalingStudy((elsewhere,)),))


@pytest.mark.parametrize("place", [{"machine": "there"}, {"usable_cores": 7}], ids=str)
def test_another_place_is_refused_but_another_interpreter_is_not(make_run, place):
    run = make_run("serial")

    def elsewhere(**changes):
        conditions = dataclasses.replace(run.conditions, **changes)
        return ScalingStudy((dataclasses.replace(run, conditions=conditions),))

    Comparison((run,), (elsewhere(interpreter="CPython 3.14.0"),))
    with pytest.raises(MixedRunsError, match=f"{next(iter(place))} is .* in one and"):
        Comparison((run,), (elsewhere(**place),))


def test_serial_runs_that_differ_are_refused(make_run):
    runs = make_run("serial"), make_run("serial", task_s=0.2)
    with pytest.raises(MixedRunsError, match=r"task_ms is 100\.0 in one and 200\.0"):
        Comparison(runs)


def test_a_comparison_in_plain_values_is_json_and_says_the_same(make_comparison):
    record = make_comparison(serial_load=1.0)
    values = json.loads(json.dumps(record.to_dict()))
    for name in ("workload", "tasks_count", "usable_cores", "serial_s"):
        assert values[name] == getattr(record, name)
    assert values["task_ms"] == 100.0
    assert values["serial_wall_times_s"] == [run.wall_time_s for run in record.serial_runs]
    assert values["serial_disturbed"] is True
    assert [entry["way"] for entry in values["left_out"]] == ["interpreters"]
    for study, told in zip(record.studies, values["ways"], strict=True):
        assert told["way"] == way_of(study).name
        assert told["interpreter"] == study.serial_runs[0].conditions.interpreter
        assert told["price_of_one"] == record.price(study)
        for point, values_of in zip(record.points(study), told["points"], strict=True):
            assert values_of["workers"] == point.workers
            assert values_of["wall_times_s"] == list(point.wall_times_s)
            assert values_of["speedup"] == point.speedup
            assert values_of["speedup_spread"] == list(point.speedup_spread)
            assert values_of["disturbed"] == point.disturbed
