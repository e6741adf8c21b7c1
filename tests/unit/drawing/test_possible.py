from dataclasses import replace

import pytest

from swimlanes import metrics
from swimlanes.drawing.possible import comparable, fit_worth_telling
from swimlanes.records import ScalingStudy, possible_for_run
from swimlanes.records.possible import cpu_share


def test_computing_is_limited_by_cores_and_waiting_is_not(make_study):
    assert make_study(cores=2, tasks=16).possible(5) == 2.0
    assert make_study(cores=2, tasks=16, cpu_share=0.0).possible(5) == 4.0


def test_unequal_tasks_allow_less(make_study, make_run):
    equal = make_study(cores=8, tasks=4)
    unequal = [replace(run, lengths="1,8,1.5,2") for run in (*equal.serial_runs, *equal.runs)]
    study = ScalingStudy(tuple(unequal[:3]), tuple(unequal[3:]))
    assert study.possible(4) == pytest.approx(12.5 / 8)
    assert study.possible(7) == pytest.approx(12.5 / 8)  # not measured
    assert possible_for_run(unequal[-1], unequal[0]) == pytest.approx(12.5 / 8)


def test_chosen_chunk_size_limits_numbers_of_workers_not_measured_yet(make_study):
    study = make_study(cores=8, most=1, tasks=16)
    assert study.possible(5) == 4.0  # the pool's own choice for five workers is 1
    runs = tuple(replace(run, timeline=replace(run.timeline, chunksize=8)) for run in study.runs)
    assert replace(study, runs=runs).possible(5) == 2.0


def test_a_busy_machine_does_not_turn_computing_into_waiting(make_study, make_run):
    serial = make_run("serial", 1, 16, cpu_share=0.2, waiting_share=0.8, cores=2)
    assert replace(make_study(), serial_runs=(serial,)).possible(5) == 2.0


def test_only_studies_of_the_same_work_are_compared_the_latest_of_each_mode(make_study):
    other, old, threads = make_study(tasks=8), make_study(), make_study("threads")
    latest = make_study()
    shown = comparable([other, old, threads, latest])
    assert [id(study) for study in shown] == [id(threads), id(latest)]


def test_strong_and_weak_studies_are_not_compared(make_study, weak_study):
    assert len(comparable([make_study(tasks=4, most=1), weak_study])) == 1


@pytest.mark.parametrize(
    ("own", "waiting", "process", "share"),
    [
        (1.0, 0.0, 1.0, 1.0),
        (0.97, 0.0, 0.97, 1.0),  # clocks and page faults
        (0.9, 0.0, 0.9, 0.9),
        (0.5, 0.0, 0.5, 0.5),
        (0.0, 0.0, 0.0, 0.0),
        (0.5, 0.5, 0.5, 1.0),  # a neighbour
        (0.25, 0.5, 0.25, 0.5),
        (0.0, 1.0, 0.0, 1.0),
        (1.0, 0.0, 1.05, 1.0),
        (1.0, 0.0, 2.0, 2.0),  # threads inside the tasks
        (0.5, 0.0, 1.5, 1.5),
        (0.7, 0.3, 1.4, 2.0),  # the same beside a neighbour
        (0.0, 0.0, 1.0, 1.0),  # a process inside the tasks
        (0.0, 0.0, 3.0, 3.0),
    ],
)
def test_the_share_of_a_serial_run_s_tasks_that_computes(make_run, own, waiting, process, share):
    run = make_run("serial", tasks=1000, cpu_share=own, waiting_share=waiting)
    run = replace(run, cpu_time_s=process * 1000 * 0.1)
    assert cpu_share(run) == pytest.approx(share, rel=0.01)


def test_the_cpu_time_beside_the_tasks_is_not_theirs(make_run):
    serial = make_run("serial", tasks=1, task_s=1.0, cpu_share=0.0)
    beside_s = serial.wall_time_s - 1.0 + 0.1  # the runner's own threads
    assert cpu_share(replace(serial, cpu_time_s=beside_s)) == 0.0
    assert cpu_share(replace(serial, cpu_time_s=beside_s + 0.5)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("inner_cpu_s", "share"),
    [(None, 1.0), (0.0, 1.0), (metrics.SPIN_S, 1.0), (metrics.SPIN_S + 0.16, 2.0)],
)
def test_threads_inside_short_tasks_are_told_from_the_runner_s_own(make_run, inner_cpu_s, share):
    serial = make_run("serial", tasks=16, task_s=0.01)
    evidence = replace(serial.evidence, inner_cpu_s=inner_cpu_s)
    serial = replace(serial, cpu_time_s=0.16 + 0.05, evidence=evidence)
    assert cpu_share(serial) == pytest.approx(share)


def test_threads_inside_the_tasks_use_the_cores_of_this_machine_only(make_run):
    serial = replace(make_run("serial", tasks=16), cpu_time_s=3.2)
    run, far = make_run("processes", 2, tasks=16), make_run("cluster", 2, tasks=16)
    assert possible_for_run(run, serial) == pytest.approx(1.0, rel=0.05)
    assert possible_for_run(run, serial).bound_by == "threads inside the tasks"
    assert possible_for_run(far, serial) == 2.0


@pytest.mark.parametrize(
    ("mode", "schedule", "most"),
    [("processes", "map", 10 / 6), ("processes", "imap", 2.0), ("cluster", "map", 2.0)],
)
def test_only_map_chooses_larger_chunks_for_fewer_workers(make_study, mode, schedule, most):
    """Ten tasks are in chunks of one from three workers on, whoever chose that."""
    study = make_study(mode, cores=8, most=4, tasks=10)
    runs = [replace(run, schedule=schedule) for run in study.runs if run.workers > 2]
    assert replace(study, runs=tuple(runs)).possible(2) == pytest.approx(most)


def test_weak_scaling_has_n_times_the_tasks(weak_study):
    runs = [point.median_run for point in weak_study.points]
    limits = [possible_for_run(run, weak_study.baseline) for run in runs]
    assert [point.ceiling for point in weak_study.points] == limits
    assert limits == [1.0, 2.0, 3.0]


def test_n_times_the_tasks_are_in_chunks_of_their_own(make_run):
    run = make_run(workers=3, tasks=12, cores=8)
    assert possible_for_run(run, make_run("serial", tasks=4)) == 3.0


@pytest.mark.parametrize(
    ("load", "slower", "told"), [(0.0, 1.0, True), (1.5, 1.0, False), (0.0, 3.0, False)]
)
def test_a_law_is_fitted_to_a_fair_baseline_alone(load, slower, told, make_run):
    serial = make_run("serial", tasks=16, others_load=load, slower=slower)
    study = ScalingStudy((serial,), (make_run("processes", 2, tasks=16),))
    assert (fit_worth_telling(study) is not None) is told
