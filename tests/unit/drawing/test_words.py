from dataclasses import replace

import pytest

from swimlanes import drawing


def test_weak_study_is_told_with_its_own_work(weak_study):
    said = plain(drawing.describe_study(weak_study))
    assert said.startswith(
        "Fastest with 3 processes: 12 tasks in 0.43 s, 3.00 times as fast as serial"
    )


def plain(sentence):
    return sentence.replace("\xa0", " ")


def test_run_is_described_with_and_without_a_serial_run(make_run):
    run, serial = make_run(tasks=4, cores=2), make_run("serial", tasks=4)
    assert plain(drawing.describe_run(run, serial)) == (
        "2 processes: 4 tasks in 0.23 s, 1.87 times as fast as serial (2.0 times is possible)."
    )
    assert "serial mode" in drawing.describe_run(run)
    assert "times as fast as serial" in drawing.describe_run(
        make_run("processes", 1, slower=1.2), serial
    )


def test_study_is_described(make_study):
    assert plain(drawing.describe_study(make_study())) == (
        "With 2 processes (about equal with 4, this study cannot tell): 16 tasks in 0.87 s, "
        "1.87 times as fast as serial (2.0 times is possible). "
        "More than 2 do not help: there is no third core to run on."
    )
    assert "only one core" in drawing.describe_study(make_study(cores=1))


@pytest.mark.parametrize("slower", [1.0, 1.5])
@pytest.mark.parametrize("workers", [1, 2])
def test_one_number_of_workers_says_nothing_of_others(make_study, slower, workers):
    study = make_study(most=2)
    runs = tuple(slowed(run, slower) for run in study.runs if run.workers == workers)
    said = plain(drawing.describe_study(replace(study, runs=runs)))
    assert said.startswith(f"With {workers} process")
    assert "More" not in said


def test_no_gain_is_told_of_what_was_measured(make_study):
    study = make_study(most=3)
    study = replace(study, runs=tuple(slowed(run, 3.0) for run in study.runs))
    said = plain(drawing.describe_study(study))
    assert said.startswith("No speedup with up to 3 processes: at best 0.6")
    assert "times as fast as serial" in said


def test_nothing_is_called_the_fastest_where_others_disturbed_the_runs(make_study):
    study = make_study(most=2)
    assert drawing.describe_study(study).startswith("Fastest with 2 processes")
    first, *rest = (run for run in study.runs if run.workers == 2)
    alone = [run for run in study.runs if run.workers == 1]
    held_up = replace(study, runs=(*alone, replace(first, others_load=1.5), *rest))
    said = drawing.describe_study(held_up)
    assert said.startswith("With 2 processes: ")
    assert "no fair measurement" in said
    slow = replace(study, runs=(replace(alone[0], others_load=1.5), first))
    assert "about equal with 1, this study cannot tell" in drawing.describe_study(slow)


def test_whether_there_is_a_speedup_is_untold_where_others_disturbed_all_runs(make_study):
    def told(*disturbed):
        study = make_study(most=3, disturbed=disturbed)
        return plain(
            drawing.describe_study(replace(study, runs=tuple(slowed(r, 3.0) for r in study.runs)))
        )

    untold = (
        "It cannot be told whether there is a speedup: programs outside the runs kept up to 1.00 "
        "cores busy. It was at best 0.62 times as fast as serial. Measure again when those "
        "programs have ended."
    )
    assert {told(1, 2, 3), told(2, 3), told(2)} == {untold}
    assert told(3).startswith("No speedup with up to 2 processes: at best 0.62 times")
    assert told(1).startswith("No speedup with up to 3 processes: at best 0.62 times")


def slowed(run, times):
    return replace(run, timeline=replace(run.timeline, wall_time_s=run.wall_time_s * times))


def test_more_workers_than_cores_may_have_been_the_fastest(make_run, make_study):
    study = make_study(most=2)
    third = make_run("processes", 3, 16, slower=1.3)  # within 2.0, in spite of its chunks
    said = drawing.describe_study(replace(study, runs=(*study.runs, third, third)))
    assert said.startswith("Fastest with 3 processes")
    assert "do not help" not in said
    once = drawing.describe_study(replace(study, runs=(study.runs[1], third)))
    assert once.startswith("With 3 processes (about equal with 2, this study cannot tell)")


def test_a_run_that_was_disturbed_says_so_without_a_serial_run(make_run):
    disturbed = replace(make_run(), others_load=1.5)
    assert "This is no fair measurement: programs outside this run kept 1.50 cores" in (
        drawing.describe_run(disturbed)
    )
    assert "no fair" not in drawing.describe_run(make_run())
