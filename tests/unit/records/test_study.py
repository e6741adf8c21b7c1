import dataclasses
import json

import pytest

from swimlanes import metrics
from swimlanes.errors import MixedRunsError
from swimlanes.records import ScalingStudy
from swimlanes.records.study import require_equal


def taking(make_run, wall_time_s, *place, **choices):
    """Return a run that took just so long."""
    run = make_run(*place, **choices)
    timeline = dataclasses.replace(
        run.timeline, startup_s=0.0, map_s=wall_time_s, wall_time_s=wall_time_s
    )
    return dataclasses.replace(run, timeline=timeline)


def nested(run, threads=2):
    return dataclasses.replace(run, timeline=dataclasses.replace(run.timeline, threads=threads))


def under(run, **changes):
    return dataclasses.replace(run, conditions=dataclasses.replace(run.conditions, **changes))


@pytest.fixture
def measured(make_run):
    """Return a function: a study with these serial times, and times by number of workers."""

    def measure(serial_s=(1.0,), cores=2, scaling="strong", **times_s):
        serial = tuple(taking(make_run, time_s, "serial", cores=cores) for time_s in serial_s)
        runs = [
            taking(make_run, time_s, workers=int(workers[1:]), cores=cores)
            for workers, several_s in times_s.items()
            for time_s in several_s
        ]
        return ScalingStudy(serial, tuple(runs), scaling)

    return measure


def test_a_study_has_a_point_for_each_number_of_workers(measured):
    study = measured(n3=[0.5], n1=[1.0, 1.1], n2=[0.6])
    assert [(point.workers, len(point.runs)) for point in study.points] == [(1, 2), (2, 1), (3, 1)]
    assert (study.mode, study.workload, study.tasks_count) == ("processes", "count-down", 4)


def test_speedups_are_against_the_median_of_the_serial_runs(measured):
    study = measured([1.0, 1.2, 9.0], n2=[0.4, 0.6, 0.8])
    (point,) = study.points
    assert study.serial_s == point.serial_s == 1.2
    assert point.wall_times_s == (0.4, 0.6, 0.8)
    assert point.speedups == pytest.approx((3.0, 2.0, 1.5))
    assert point.speedup == pytest.approx(2.0)
    assert point.speedup_spread == pytest.approx((1.5, 3.0))


def disturbed(run):
    return dataclasses.replace(run, others_load=2.0, cpu_time_s=run.wall_time_s)


def test_a_disturbed_serial_run_does_not_count_while_there_is_another(make_run):
    fair, slow = taking(make_run, 1.0, "serial"), disturbed(taking(make_run, 4.0, "serial"))
    study = ScalingStudy((slow, fair, slow))
    assert (study.serial_s, study.baseline, study.fair) == (1.0, fair, True)
    assert (ScalingStudy((slow,)).serial_s, ScalingStudy((slow,)).fair) == (4.0, False)


@pytest.mark.parametrize(
    ("times_s", "shown_s"),
    [([0.7], 0.7), ([0.9, 0.7], 0.7), ([0.9, 0.7, 0.8], 0.8), ([0.9, 0.6, 0.8, 0.7], 0.7)],
)
def test_the_repetition_that_is_shown_is_the_median_or_just_below(measured, times_s, shown_s):
    study = measured(times_s, n2=times_s)
    assert study.baseline.wall_time_s == shown_s
    assert study.points[0].median_run.wall_time_s == shown_s


@pytest.mark.parametrize(
    ("workers", "cores", "told"),
    [(1, 4, False), (2, 4, True), (4, 4, True), (5, 4, False), (2, 1, False)],
)
def test_karp_and_flatt_are_asked_only_where_each_lane_has_a_core(measured, workers, cores, told):
    (point,) = measured([1.0], cores, **{f"n{workers}": [0.8]}).points
    assert (point.karp_flatt is not None) == told
    if told:
        assert point.karp_flatt == metrics.karp_flatt(1.25, workers)


def test_a_nested_worker_counts_with_all_its_threads(make_run):
    serial = taking(make_run, 1.0, "serial", cores=4)
    runs = [nested(taking(make_run, 0.5, "nested", workers=n, cores=4)) for n in (1, 2, 3)]
    points = ScalingStudy((serial,), tuple(runs)).points
    assert [point.lanes for point in points] == [2, 4, 6]
    assert [point.efficiency for point in points] == [1.0, 0.5, pytest.approx(2 / 6)]
    assert [point.karp_flatt is None for point in points] == [False, False, True]


def test_the_ceiling_comes_from_tasks_and_chunks(make_study):
    points = make_study(cores=3, tasks=16, most=3).points
    assert [point.ceiling for point in points] == [1.0, 2.0, pytest.approx(16 / 6)]


def test_chosen_lengths_are_the_weights_and_own_functions_are_weighed(make_run):
    chosen = dataclasses.replace(make_run("serial"), lengths="1,8,1.5,2")
    assert ScalingStudy((chosen,)).weights == (1, 8, 1.5, 2)
    assert ScalingStudy((chosen,)).longest_task_ceiling == 12.5 / 8
    own = dataclasses.replace(make_run("serial", task_s=0.25), lengths="")
    assert ScalingStudy((own,)).weights == pytest.approx((0.25,) * 4)


def test_a_task_that_never_ended_weighs_nothing(make_run):
    own = dataclasses.replace(make_run("serial", tasks=2), lengths="")
    first, second = own.tasks
    tasks = (first, dataclasses.replace(second, end_s=None))
    own = dataclasses.replace(own, timeline=dataclasses.replace(own.timeline, tasks=tasks))
    assert ScalingStudy((own,)).weights == (pytest.approx(0.1), 0.0)


def test_amdahls_law_is_fitted_to_every_repetition_with_a_core_for_each_lane(measured):
    study = measured([1.0], cores=3, n1=[1.0], n2=[0.6, 0.7], n3=[0.5], n4=[0.1])
    assert study.amdahl == metrics.fit_amdahl([2, 2, 3], [1 / 0.6, 1 / 0.7, 1 / 0.5])
    assert measured([1.0], cores=1, n2=[0.9]).amdahl is None
    assert measured([1.0], cores=3, n1=[1.0]).amdahl is None


def test_amdahls_law_is_fitted_to_no_run_that_was_disturbed(make_study):
    fair, disturbed = make_study(most=2), make_study(most=2, disturbed=[2])
    once = ScalingStudy(fair.serial_runs, (*disturbed.runs[:2], *fair.runs[2:]))
    assert (fair.amdahl.points, once.amdahl.points, disturbed.amdahl) == (3, 2, None)


def weak(make_run, *workers):
    """Return a weak study of 4 tasks for each worker, all of which take 0.5 s."""
    runs = [
        dataclasses.replace(
            taking(make_run, 0.5, workers=n, tasks=4 * n, cores=4), inputs_digest=str(n)
        )
        for n in workers
    ]
    return ScalingStudy((taking(make_run, 0.4, "serial", cores=4),), tuple(runs), "weak")


def test_weak_scaling_compares_with_as_many_baselines_as_there_are_workers(make_run):
    study = weak(make_run, 1, 3)
    assert [point.speedup for point in study.points] == pytest.approx([0.8, 2.4])
    assert [len(point.weights) for point in study.points] == [4, 12]
    assert study.tasks_count == 4
    assert study.amdahl is None


def test_weak_scaling_needs_the_same_work_for_each_worker(make_run):
    with pytest.raises(MixedRunsError, match="number of tasks is 12 in one and 4 in another"):
        ScalingStudy((make_run("serial"),), (make_run(workers=3, tasks=4),), "weak")


def test_weak_scaling_compares_results_of_the_same_inputs_only(make_run):
    study = weak(make_run, 1, 2)
    more_work = dataclasses.replace(study.runs[1], results_digest="of twice the inputs")
    assert ScalingStudy(study.serial_runs, (study.runs[0], more_work), "weak").remarks == ()


def test_a_study_needs_a_baseline():
    with pytest.raises(MixedRunsError, match="at least one serial run as its baseline"):
        ScalingStudy(())


def test_a_single_run_says_in_which_mode_it_was(make_run):
    assert ScalingStudy((make_run("serial"),), (make_run("threads"),)).mode == "threads"


def test_before_its_first_point_a_study_is_its_baseline(make_run):
    study = ScalingStudy((make_run("serial", cores=3),))
    assert (study.mode, study.points, study.usable_cores) == ("serial", (), 3)


def test_a_clusters_cores_are_not_those_of_the_serial_runs(make_run):
    serial = make_run("serial", cores=2)
    study = ScalingStudy((serial,), (make_run("cluster", cores=8), make_run("cluster", cores=8)))
    assert study.usable_cores == 8
    with pytest.raises(MixedRunsError, match="usable_cores is 8 in one and 9 in another"):
        ScalingStudy((serial,), (make_run("cluster", cores=8), make_run("cluster", cores=9)))
    with pytest.raises(MixedRunsError, match="usable_cores is 2 in one and 8 in another"):
        ScalingStudy((serial,), (make_run("threads", cores=8),))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("workload", lambda run: dataclasses.replace(run, workload="query")),
        ("task_ms", lambda run: dataclasses.replace(run, task_ms=7.0)),
        ("task_bytes", lambda run: dataclasses.replace(run, task_bytes=7)),
        ("lengths", lambda run: dataclasses.replace(run, lengths="random")),
        ("inputs_digest", lambda run: dataclasses.replace(run, inputs_digest="0")),
        ("machine", lambda run: under(run, machine="there")),
        ("interpreter", lambda run: under(run, interpreter="CPython 3.9.0")),
        ("threads", nested),
    ],
)
def test_runs_of_other_work_or_from_elsewhere_are_refused(make_run, name, other):
    run = make_run()
    with pytest.raises(MixedRunsError, match=f"{name} is .* in one and .* in another"):
        ScalingStudy((make_run("serial"),), (run, other(run)))


def test_two_modes_are_two_studies(make_run):
    runs = make_run("threads"), make_run("processes")
    with pytest.raises(MixedRunsError, match="mode is 'threads' in one and 'processes' in"):
        ScalingStudy((make_run("serial"),), runs)


def test_no_values_and_equal_values_are_equal():
    require_equal("colour", [])
    require_equal("colour", ["red", "red"])
    with pytest.raises(MixedRunsError, match="colour is 'red' in one and 'blue' in another"):
        require_equal("colour", ["red", "red", "blue"])


def test_one_disturbed_repetition_marks_its_point(make_study):
    disturbed = {point.workers: point.disturbed for point in make_study(disturbed=(3,)).points}
    assert disturbed == {1: False, 2: False, 3: True, 4: False, 5: False}


def test_a_study_in_plain_values_is_json_and_says_the_same(measured):
    study = measured([1.0, 1.1, 1.2], cores=3, n2=[0.6], n3=[0.5], n4=[0.5])
    values = json.loads(json.dumps(study.to_dict()))
    for name in ("mode", "workload", "scaling", "tasks_count", "serial_s", "longest_task_ceiling"):
        assert values[name] == getattr(study, name)
    assert values["serial_wall_times_s"] == [1.0, 1.1, 1.2]
    assert values["amdahl"] == dataclasses.asdict(study.amdahl)
    for point, told in zip(study.points, values["points"], strict=True):
        for name in ("workers", "speedup", "ceiling", "efficiency", "karp_flatt", "disturbed"):
            assert told[name] == getattr(point, name)
        assert told["wall_times_s"] == list(point.wall_times_s)
        assert told["speedup_spread"] == list(point.speedup_spread)
    assert measured([1.0]).to_dict()["amdahl"] is None
