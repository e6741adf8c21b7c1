import dataclasses
import re

import pytest

from swimlanes.drawing import describe_loss, describe_run, explain
from swimlanes.records import Bare, Evidence, Waits


def figures(sentence):
    """Return what was possible, what was reached, and the sum of what went elsewhere."""
    possible, reached = map(
        float, re.match(r"Of (\d+\.\d\d) possible you reached (\d+\.\d\d)", sentence).groups()
    )
    lost = sum(map(float, re.findall(r"(\d+\.\d\d) (?:went )?to ", sentence)))
    won = sum(map(float, re.findall(r"(\d+\.\d\d) was gained", sentence)))
    return possible, reached, lost - won


def with_evidence(run, **changes):
    return dataclasses.replace(run, evidence=dataclasses.replace(run.evidence, **changes))


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
@pytest.mark.parametrize("cpu_share", [1.0, 0.5, 0.0])
def test_the_figures_add_up(make_run, workers, cpu_share):
    serial = make_run("serial", tasks=7)
    run = make_run("threads", workers, tasks=7, cpu_share=cpu_share, slower=1.2, cores=workers)
    possible, reached, lost = figures(describe_loss(serial, run))
    assert possible - reached == pytest.approx(lost, abs=1e-9)


def test_imbalance_that_the_tasks_make_unavoidable_is_not_a_loss(make_run):
    sentence = describe_loss(make_run("serial", tasks=3), make_run(workers=2, tasks=3, task_s=0.1))
    assert sentence.startswith("Of 1.50 possible you reached 1.")
    assert "imbalance" not in sentence


def test_imbalance_names_the_task_that_ran_alone(make_run):
    # The serial run's tasks were equal; here one of them took much longer.
    run = make_run(workers=2, tasks=4)
    last = run.tasks[-1]
    longer = dataclasses.replace(last, end_s=last.end_s + 0.2, cpu_s=last.cpu_s + 0.2)
    timeline = dataclasses.replace(
        run.timeline,
        tasks=(*run.tasks[:-1], longer),
        wall_time_s=run.wall_time_s + 0.2,
        map_s=run.map_s + 0.2,
        elapsed_s=run.wall_time_s + 0.2,
    )
    sentence = describe_loss(make_run("serial"), dataclasses.replace(run, timeline=timeline))
    assert "to imbalance (task 3 ran alone for 0.2" in sentence


@pytest.mark.parametrize(
    ("mode", "waits", "words"),
    [
        ("threads", Waits(gil=9), "to waiting inside tasks, for the GIL,"),
        ("threads", Waits(lock=9), "to waiting inside tasks, for a lock or another thread,"),
        ("processes", Waits(lock=9), "to waiting inside tasks, for a lock or another thread,"),
        ("threads", Waits(other=9), "to waiting inside tasks, for data, an answer or a pause,"),
        ("threads", Waits(gil=6, lock=4), "for the GIL and for a lock or another thread,"),
        ("threads", Waits(gil=9, lock=1), "inside tasks, for the GIL,"),
        (
            "threads",
            Waits(),
            "for data, locks or the GIL (this run cannot tell; Compare modes can)",
        ),
        ("threads", Waits(gil=4), "for data, locks or the GIL (this run cannot tell"),
        ("processes", Waits(), "for data or locks (this run cannot tell)"),
        ("free-threaded", Waits(), "for data or locks (this run cannot tell)"),
    ],
)
def test_what_tasks_waited_for_is_what_they_were_seen_to_wait_for(mode, waits, words, make_run):
    run = with_evidence(make_run(mode, cpu_share=0.5, slower=2.0), waits=waits)
    assert words in describe_loss(make_run("serial"), run)


def test_what_the_serial_run_waited_for_as_well_is_no_loss(make_run):
    # Half of each task is a pause, in both runs; what came on top was the GIL.
    serial = with_evidence(make_run("serial", cpu_share=0.5), waits=Waits(other=8))
    run = with_evidence(
        make_run("threads", cpu_share=0.25, slower=2.0), waits=Waits(gil=10, other=5)
    )
    assert "to waiting inside tasks, for the GIL," in describe_loss(serial, run)


@pytest.mark.parametrize(
    ("lanes", "changes", "evidence", "words"),
    [
        (4, {"others_load": 0.0}, {}, r"to waiting for a core \(4 lanes on 2 cores\)"),
        (2, {"others_load": 0.0}, {}, r"to waiting for a core \(for whom, this run cannot tell\)"),
        (2, {"others_load": None}, {}, r"for a core \(the run is too short to tell for whom\)"),
        (2, {"others_load": 0.3}, {}, r"to programs outside this run \(they kept 0\.30 cores busy"),
        (2, {"others_load": 0.3}, {"others_error": 0.4}, r"core \(for whom, this run cannot tell"),
        (2, {"others_load": 0.0, "throttled_s": 0.2}, {}, r"to the quota \(throttled for 0\.2"),
        (2, {"others_load": 0.0}, {"inner_cpu_s": 0.3}, r"2 cores, and threads inside the tasks"),
    ],
)
def test_waiting_for_a_core_has_the_cause_that_was_measured(
    make_run, lanes, changes, evidence, words
):
    # More than the cores alone make unavoidable.
    run = make_run(workers=lanes, tasks=8, cpu_share=0.3, waiting_share=0.7, slower=3.0 * lanes / 2)
    run = with_evidence(dataclasses.replace(run, **changes), **evidence)
    sentence = describe_loss(make_run("serial", tasks=8), run)
    assert re.search(words, sentence), sentence


def test_next_to_nothing_was_lost(make_run):
    serial = make_run("serial", tasks=400)
    assert describe_loss(serial, make_run(tasks=400)).endswith("next to nothing was lost.")


def test_no_speedup_is_told_against_a_disturbed_serial_run(make_run):
    serial = make_run("serial", others_load=0.9)
    for said in (explain(make_run(), serial), describe_run(make_run(), serial)):
        assert "No speedup can be told: programs outside the serial run kept 0.90 cores" in said
        assert "possible" not in said


def test_more_than_possible_is_the_serial_runs_fault(make_run):
    serial = make_run("serial", slower=2.0)
    for said in (explain(make_run(), serial), describe_run(make_run(), serial)):
        assert "The serial run is no fair baseline: compared with it this is 3." in said
        assert "no more than 2.00 is possible" in said
        assert "gained" not in said


def test_a_little_disturbance_says_how_much_the_speedup_may_be_off(make_run):
    run = make_run(cpu_share=0.9, waiting_share=0.1, slower=1 / 0.9, others_load=0.15)
    assert not run.disturbed
    said = describe_loss(make_run("serial"), run)
    assert re.match(r"Of 2\.00 possible you reached 1\.7\d \(perhaps 0\.1\d more without", said)


def test_tasks_too_short_to_record_are_told_by_their_bare_times(make_run):
    run = dataclasses.replace(
        with_evidence(make_run(), record_cost_s=0.2),
        bare=Bare(startup_s=0.1, map_s=0.3, wall_time_s=0.5, cpu_time_s=0.6),
    )
    said = describe_loss(make_run("serial"), run)
    possible, reached, *parts = map(float, re.findall(r"\d+\.\d\d", said))
    assert (possible, reached, sum(parts)) == (2.0, 0.86, pytest.approx(1.14))
    assert "to handing out tasks and bringing in results" in said
    assert "recording them takes 200% of their time" in said


def test_large_inputs_and_results_are_named_with_their_size(make_run):
    run = make_run(tasks=4, slower=1.0)
    trip = [0.02, 0.07, 0.07, 0.2]
    tasks = [
        dataclasses.replace(
            task,
            start_s=task.start_s + 0.2,
            end_s=task.end_s + 0.2,
            trip_s=(*trip, task.end_s + 0.2, task.end_s + 0.25, task.end_s + 0.25, 0.6),
        )
        for task in run.tasks
    ]
    timeline = dataclasses.replace(
        run.timeline, tasks=tuple(tasks), map_s=0.6, wall_time_s=0.65, elapsed_s=0.65
    )
    run = with_evidence(
        dataclasses.replace(run, timeline=timeline), input_bytes=160_000_000, result_bytes=99
    )
    said = describe_loss(make_run("serial"), run).replace("\xa0", " ")
    assert "to pickling and unpickling inputs (40 MB each)" in said
    assert "to pickling, sending and unpickling results," in said


def test_a_run_is_explained_without_saying_its_speedup_twice(make_run):
    serial, run = make_run("serial"), make_run()
    said = explain(run, serial)
    assert said.replace("\xa0", " ").startswith("2 processes: 4 tasks in 0.23 s. Of 2.00 possible ")
    assert said.count("1.87") == 1
    assert explain(run, None) == describe_run(run)
    assert explain(serial, serial) == describe_run(serial)


def test_no_evidence_means_no_claim(make_run):
    assert make_run().evidence == Evidence()
