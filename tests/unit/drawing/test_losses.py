import dataclasses
import re

import pytest

from swimlanes.drawing import describe_loss, describe_run, explain
from swimlanes.records import Bare, Evidence, LostAttempt, Waits


def figures(sentence):
    """Return what was possible, what was reached, and the sum of what went elsewhere."""
    reached, possible = map(
        float, re.match(r"Speedup (\d+\.\d\d) of (\d+\.\d\d) possible", sentence).groups()
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
    assert re.match(r"Speedup 1\.\d\d of 1\.50 possible", sentence)
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


def test_a_core_without_a_task_at_the_end_is_no_waiting_for_a_core(make_run):
    # Five tasks on four lanes and two cores: four take turns, and the fifth runs alone.
    run = make_run(workers=4, tasks=5, slower=2.0, cpu_share=0.5, waiting_share=0.5)
    *four, fifth = run.tasks
    alone = dataclasses.replace(fifth, end_s=fifth.start_s + 0.1, cpu_s=0.1, waiting_s=0.0)
    wall_s = run.wall_time_s - 0.1
    timeline = dataclasses.replace(
        run.timeline,
        tasks=(*four, alone),
        wall_time_s=wall_s,
        map_s=run.map_s - 0.1,
        elapsed_s=wall_s,
    )
    said = describe_loss(make_run("serial", tasks=5), dataclasses.replace(run, timeline=timeline))
    assert re.match(r"Speedup 1\.\d\d of 2\.00 possible", said)
    assert "to imbalance (task 4 ran alone" in said
    assert "waiting for a core" not in said


@pytest.mark.parametrize(
    ("mode", "waits", "words"),
    [
        ("threads", Waits(gil=9), "to waiting inside tasks, for the GIL,"),
        ("threads", Waits(lock=9), "to waiting inside tasks, for a lock or another thread,"),
        (
            "processes",
            Waits(lock=9),
            "waiting inside tasks, for a lock, or another process or thread,",
        ),
        ("threads", Waits(other=9), "to waiting inside tasks, for data, an answer or a pause,"),
        ("threads", Waits(gil=6, lock=4), "for the GIL and for a lock or another thread,"),
        ("threads", Waits(gil=60, lock=3), "inside tasks, for the GIL,"),
        (
            "threads",
            Waits(gil=9, lock=1),
            "inside tasks, for the GIL and perhaps for a lock or another thread,",
        ),
        (
            "threads",
            Waits(),
            "for data, locks or the GIL (this run cannot tell; a comparison of all modes can)",
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


@pytest.mark.parametrize("lanes", [2, 3])
def test_waiting_for_a_core_while_another_has_its_turn_is_waiting_for_the_turn(make_run, lanes):
    # One lane at a time could compute. The others waited for a core, or did not even try.
    shape = {"workers": lanes, "tasks": 6, "slower": lanes, "cpu_share": 1 / lanes}
    waiting, blocked = (
        with_evidence(make_run("threads", **shape, waiting_share=share), waits=Waits(gil=9))
        for share in (0.25, 0.0)
    )
    serial = make_run("serial", tasks=6)
    assert describe_loss(serial, waiting) == describe_loss(serial, blocked)
    assert "inside tasks, for the GIL" in describe_loss(serial, waiting)


def test_the_losses_of_bare_tasks_are_told_by_the_clocks_around_them(make_run):
    serial = dataclasses.replace(make_run("serial"), bare=Bare(0.0, 1.0, 1.0, 1.0))
    run = dataclasses.replace(make_run(), bare=Bare(0.2, 0.5, 0.8, 1.0))
    sentence = describe_loss(serial, run)
    assert "Speedup 1.25 of 2.00 possible: 0.50 went to start-up" in sentence
    assert "0.25 to shutting down" in sentence
    assert "handing out" not in sentence


@pytest.mark.parametrize(
    ("looks", "words"), [(1, "the GIL (this run cannot tell"), (100, "for the GIL,")]
)
def test_what_may_be_chance_is_not_named(looks, words, make_run):
    # A tenth of the looks saw the GIL: of ten that is one, which may be chance.
    serial = with_evidence(make_run("serial", cpu_share=0.5), waits=Waits(other=100))
    waits = Waits(gil=looks, other=9 * looks)
    run = with_evidence(make_run("threads", cpu_share=0.45, slower=1.01), waits=waits)
    assert words in describe_loss(serial, run)


@pytest.mark.parametrize(
    ("lanes", "changes", "evidence", "words"),
    [
        (4, {"others_load": 0.0}, {}, r"to waiting for a core \(4 lanes on 2 cores\)"),
        (2, {"others_load": 0.0}, {}, r"to waiting for a core \(this run cannot tell why\)"),
        (2, {"others_load": None}, {}, r"for a core \(the run is too short to tell why\)"),
        (2, {"others_load": 0.3}, {}, r"to programs outside this run \(they kept 0\.30 cores busy"),
        (2, {"others_load": 0.3}, {"others_error": 0.4}, r"core \(this run cannot tell why"),
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
    serial = make_run("serial", others_load=1.5)
    for said in (explain(make_run(), serial), describe_run(make_run(), serial)):
        assert "No speedup can be told: programs outside the serial run kept 1.50 cores" in said
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
    assert re.match(r"Speedup 1\.7\d of 2\.00 possible \(perhaps 0\.1\d more without", said)


def test_tasks_too_short_to_record_are_told_by_their_bare_times(make_run):
    run = dataclasses.replace(
        with_evidence(make_run(), record_cost_s=0.2),
        bare=Bare(startup_s=0.1, map_s=0.3, wall_time_s=0.5, cpu_time_s=0.6),
    )
    said = describe_loss(make_run("serial"), run)
    possible, reached, lost = figures(said)
    assert (possible, reached, lost) == (2.0, 0.86, pytest.approx(1.14))
    assert "to handing out tasks and bringing in results" in said
    assert "recording took 200% of their time" in said


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
    assert said.replace("\xa0", " ").startswith(
        "2 processes: 4 tasks in 0.23 s. Speedup 1.87 of 2.00 possible"
    )
    assert said.count("1.87") == 1
    assert explain(run, None) == describe_run(run)
    assert explain(serial, serial) == describe_run(serial)


def test_no_evidence_means_no_claim(make_run):
    assert make_run().evidence == Evidence()


def with_pauses(run, startup_s=0.0, gap_s=0.0, tail_s=0.0, shutdown_s=0.0):
    """Return a run that stood still for so long: before it was ready, before its tasks, after."""
    before_s = startup_s + gap_s
    timeline = run.timeline
    whole_s = timeline.wall_time_s + before_s + tail_s + shutdown_s
    moved = [
        dataclasses.replace(task, start_s=task.start_s + before_s, end_s=task.end_s + before_s)
        for task in run.tasks
    ]
    lanes = [dataclasses.replace(lane, ready_s=lane.ready_s + startup_s) for lane in timeline.lanes]
    timeline = dataclasses.replace(
        timeline,
        startup_s=timeline.startup_s + startup_s,
        map_s=timeline.map_s + gap_s + tail_s,
        wall_time_s=whole_s,
        elapsed_s=whole_s,
        tasks=tuple(moved),
        lanes=tuple(lanes),
    )
    return dataclasses.replace(run, timeline=timeline)


def with_longer(run, more_s):
    """Return a run some of whose tasks computed for longer, by number."""
    tasks = [
        dataclasses.replace(
            task,
            end_s=task.end_s + more_s.get(task.task, 0.0),
            cpu_s=task.cpu_s + more_s.get(task.task, 0.0),
        )
        for task in run.tasks
    ]
    most_s = max(more_s.values())
    run = with_pauses(run, tail_s=most_s)
    return dataclasses.replace(run, timeline=dataclasses.replace(run.timeline, tasks=tuple(tasks)))


def named(sentence):
    """Return what is named, and the figure of each."""
    found = re.findall(r"(\d+\.\d\d) (went )?to ([a-z -]+)", sentence.replace("\xa0", " "))
    assert [bool(went) for _, went, _ in found] == [True] + [False] * (len(found) - 1)
    return [cause.strip() for _, _, cause in found], [float(figure) for figure, _, _ in found]


def test_the_largest_loss_comes_first(make_run):
    run = with_pauses(make_run(), startup_s=0.05, gap_s=0.04, tail_s=0.02, shutdown_s=0.1)
    causes, sizes = named(describe_loss(make_run("serial"), run))
    assert causes == [
        "shutting down", "start-up", "handing out tasks", "bringing in the results",
    ]  # fmt: skip
    assert sizes == sorted(sizes, reverse=True)


def test_start_up_says_when_the_workers_were_ready(make_run):
    run = with_pauses(make_run(), startup_s=0.04)
    said = describe_loss(make_run("serial"), run).replace("\xa0", " ")
    assert "start-up (the workers were ready after 50 ms)" in said
    first, second = run.timeline.lanes
    lanes = (first, dataclasses.replace(second, ready_s=0.25))
    timeline = dataclasses.replace(run.timeline, lanes=lanes)
    said = describe_loss(make_run("serial"), dataclasses.replace(run, timeline=timeline))
    assert "ready after 50 ms to 0.25 s)" in said.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("shutdown_s", "said"),
    [
        (0.0, ": next to nothing was lost."),
        (0.008, ": next to nothing was lost."),
        (0.012, ": 0.04 went to shutting down, 0.01 to smaller things."),
        (0.03, ": 0.07 went to shutting down, 0.01 to smaller things."),
    ],
)
def test_less_than_a_fiftieth_of_the_lanes_has_no_name(make_run, shutdown_s, said):
    serial, run = make_run("serial", task_s=0.5), make_run(task_s=0.5)
    assert describe_loss(serial, with_pauses(run, shutdown_s=shutdown_s)).endswith(said)


def test_what_was_better_than_in_the_serial_run_is_a_gain(make_run):
    run = with_pauses(make_run(), shutdown_s=0.2)
    assert "was gained, because tasks computed faster than in serial." in describe_loss(
        make_run("serial", slower=1.25), run
    )
    throttled = dataclasses.replace(
        make_run("serial", cpu_share=0.8, waiting_share=0.2, slower=1.25), throttled_s=0.1
    )
    said = describe_loss(throttled, run)
    assert said.endswith("0.23 was gained, because throttling took less time than in serial.")


def test_slower_computing_is_told_by_the_cpu_time(make_run):
    said = describe_loss(make_run("serial"), make_run(slower=1.5))
    assert "slower computing (the tasks took 1.50 times the CPU time of the serial run" in said


def test_two_tasks_that_are_late_together_run_alone_neither(make_run):
    serial, run = make_run("serial", tasks=6), make_run(workers=3, tasks=6, cores=3)
    assert "to imbalance," in describe_loss(serial, with_longer(run, {4: 0.2, 5: 0.2}))
    said = describe_loss(serial, with_longer(run, {4: 0.1, 5: 0.2})).replace("\xa0", " ")
    assert "to imbalance (task 5 ran alone for 0.1 s)" in said


def test_a_task_runs_alone_from_its_start_at_the_earliest(make_run):
    run = make_run(workers=2, tasks=4)
    last = dataclasses.replace(run.tasks[3], start_s=0.5, end_s=0.8, cpu_s=0.3)
    run = with_pauses(run, tail_s=0.6)
    timeline = dataclasses.replace(run.timeline, tasks=(*run.tasks[:3], last))
    said = describe_loss(make_run("serial"), dataclasses.replace(run, timeline=timeline))
    assert "to imbalance (task 3 ran alone for 0.3 s)" in said.replace("\xa0", " ")


def test_a_cluster_loses_messages_and_workers(make_run):
    run = with_pauses(make_run(), gap_s=0.2)
    tasks = tuple(dataclasses.replace(task, transfer_s=0.05) for task in run.tasks)
    lost = (LostAttempt(0, 1, 0.01, 0.11),)
    timeline = dataclasses.replace(run.timeline, tasks=tasks, lost=lost)
    causes, _ = named(
        describe_loss(make_run("serial"), dataclasses.replace(run, timeline=timeline))
    )
    assert {"messages under way between machines", "tasks that were lost with their worker"} <= {
        *causes
    }


@pytest.mark.parametrize(
    ("size_bytes", "said"),
    [
        (4 * 65_535, "handing out tasks,"),
        (4 * 65_536, "handing out tasks (65.5 kB each),"),
        (4 * 1_234_567, "handing out tasks (1.23 MB each),"),
    ],
)
def test_an_input_that_fills_a_pipe_is_named_with_its_size(make_run, size_bytes, said):
    run = with_evidence(with_pauses(make_run(), gap_s=0.1), input_bytes=size_bytes)
    assert said in describe_loss(make_run("serial"), run).replace("\xa0", " ")
