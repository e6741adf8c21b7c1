from dataclasses import replace

import pytest

from swimlanes.drawing.possible import comparable, possible, possible_for_run
from swimlanes.records import ScalingStudy


def test_computing_is_limited_by_cores_and_waiting_is_not(make_study):
    assert possible(make_study(cores=2, tasks=16), 5) == 2.0
    assert possible(make_study(cores=2, tasks=16, cpu_share=0.0), 5) == 4.0


def test_unequal_tasks_allow_less(make_study, make_run):
    equal = make_study(cores=8, tasks=4)
    unequal = [replace(run, lengths="1,8,1.5,2") for run in (*equal.serial_runs, *equal.runs)]
    study = ScalingStudy(tuple(unequal[:3]), tuple(unequal[3:]))
    assert possible(study, 4) == pytest.approx(12.5 / 8)
    assert possible(study, 7) == pytest.approx(12.5 / 8)  # not measured
    assert possible_for_run(unequal[-1], unequal[0]) == pytest.approx(12.5 / 8)


def test_chosen_chunk_size_limits_numbers_of_workers_not_measured_yet(make_study):
    study = make_study(cores=8, most=1, tasks=16)
    assert possible(study, 5) == 4.0  # the pool's own choice for five workers is 1
    runs = tuple(replace(run, timeline=replace(run.timeline, chunksize=8)) for run in study.runs)
    assert possible(replace(study, runs=runs), 5) == 2.0


def test_a_busy_machine_does_not_turn_computing_into_waiting(make_study, make_run):
    serial = make_run("serial", 1, 16, cpu_share=0.2, waiting_share=0.8, cores=2)
    assert possible(replace(make_study(), serial_runs=(serial,)), 5) == 2.0


def test_only_studies_of_the_same_work_are_compared_the_latest_of_each_mode(make_study):
    other, old, threads = make_study(tasks=8), make_study(), make_study("threads")
    latest = make_study()
    shown = comparable([other, old, threads, latest])
    assert [id(study) for study in shown] == [id(threads), id(latest)]


def test_strong_and_weak_studies_are_not_compared(make_study, weak_study):
    assert len(comparable([make_study(tasks=4, most=1), weak_study])) == 1
