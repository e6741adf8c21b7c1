import dataclasses
import json

import pytest

from swimlanes import metrics
from swimlanes.records import Bare, LoadSample, LostAttempt, TaskRecord, Waits


def with_tasks(run, *tasks):
    return dataclasses.replace(run, timeline=dataclasses.replace(run.timeline, tasks=tasks))


def waiting_run(make_run, **changes):
    """Return a run of 0.83 s on two lanes whose tasks waited for a core for 0.4 s altogether."""
    return dataclasses.replace(make_run(tasks=8, task_s=0.2, waiting_share=0.25), **changes)


def test_a_run_says_what_was_asked_for_and_what_came_of_it(make_run):
    run = make_run("processes", workers=2, tasks=16, task_s=0.1, cores=3)
    asked_for = (run.mode, run.workers, run.threads, run.tasks_count, run.chunksize)
    assert asked_for == ("processes", 2, 1, 16, 2)
    assert run.usable_cores == 3
    assert (run.startup_s, run.map_s) == (0.01, pytest.approx(0.8))
    assert run.wall_time_s == pytest.approx(0.01 + 0.8 + 0.02)
    assert len(run.tasks) == 16


def test_before_its_end_a_run_has_taken_no_time(make_run):
    timeline = make_run().timeline
    begun = dataclasses.replace(timeline, startup_s=None, map_s=None, wall_time_s=None)
    run = dataclasses.replace(make_run(), timeline=begun)
    assert (run.startup_s, run.map_s, run.wall_time_s) == (0.0, 0.0, 0.0)


def test_tasks_end_in_one_order_and_their_results_arrive_in_another(make_run):
    run = with_tasks(
        make_run(tasks=4),
        TaskRecord(0, 1, 0.0, 0.4, 0.0, 0.0, arrived_s=0.5),
        TaskRecord(1, 2, 0.0, 0.1, 0.0, 0.0, arrived_s=0.8),
        TaskRecord(2, 2, 0.1, 0.3, 0.0, 0.0, arrived_s=0.6),
        TaskRecord(3, 2, 0.3, None, 0.0, 0.0),
    )
    assert run.completion_order == (1, 2, 0)
    assert run.arrival_order == (3, 0, 2, 1)


def with_evidence(run, **changes):
    return dataclasses.replace(run, evidence=dataclasses.replace(run.evidence, **changes))


@pytest.mark.parametrize(
    ("load", "cores", "disturbed"),
    [
        (None, 2, False),
        (0.0, 2, False),
        (0.99, 2, False),
        (1.0, 2, True),
        (0.49, 1, False),
        (0.5, 1, True),
        (3.0, 8, False),
    ],
)
def test_others_on_half_of_the_cores_disturb(make_run, load, cores, disturbed):
    assert make_run(others_load=load, cores=cores).disturbed is disturbed


@pytest.mark.parametrize(("load", "disturbed"), [(14.0, False), (15.0, True)])
def test_others_on_cpus_that_a_quota_leaves_free_do_not_disturb(make_run, load, disturbed):
    run = make_run(others_load=load, cores=2, waiting_share=0.1)
    run = dataclasses.replace(
        run, timeline=dataclasses.replace(run.timeline, cpus=tuple(range(16)))
    )
    assert run.disturbed is disturbed
    assert bool(run.account.neighbour) is disturbed


@pytest.mark.parametrize(
    ("cpu_s", "load", "disturbed"),
    [
        (0.01, 2.0, False),  # it waits
        (0.04, 2.0, True),  # its workers took so much to start
        (0.04, 0.9, False),
        (0.2, 2.0, True),  # it sends values all the time
        (0.2, 0.3, True),
        (0.2, 0.2, False),
    ],
)
@pytest.mark.parametrize("bare", [False, True])
def test_others_disturb_what_computes_also_beside_the_tasks(make_run, cpu_s, load, disturbed, bare):
    waits = make_run(cpu_share=0.0, others_load=load)
    run = dataclasses.replace(waits, cpu_time_s=cpu_s)
    assert run.account.useful < run.account.blocked
    if bare:  # then nothing is known of what the tasks waited for
        times = Bare(startup_s=0.01, map_s=0.2, wall_time_s=0.25, cpu_time_s=cpu_s)
        run = dataclasses.replace(run, bare=times)
    assert run.others_share == pytest.approx(min(1.0, cpu_s / 0.23 * load / 2))
    assert run.disturbed is disturbed


def test_what_tasks_compute_counts_for_what_they_waited_for_alone(make_run):
    run = make_run(cpu_share=1.0, others_load=0.5)
    in_tasks_s = sum(lane.cpu_s for lane in run.timeline.lane_totals())
    quick = dataclasses.replace(run, cpu_time_s=in_tasks_s)
    assert (quick.others_share, quick.disturbed) == (0.0, False)


def test_the_cpu_time_of_a_warmup_is_none_of_the_tasks(make_run):
    run = dataclasses.replace(make_run(cpu_share=0.0, others_load=2.0), cpu_time_s=0.04)
    warm = dataclasses.replace(run, timeline=dataclasses.replace(run.timeline, warmup_s=1.0))
    assert (run.disturbed, warm.disturbed) == (True, False)


@pytest.mark.parametrize(("load", "share", "disturbed"), [(0.15, 0.075, False), (0.4, 0.2, True)])
def test_others_who_took_a_tenth_of_the_time_disturb_on_however_many_cores(
    make_run, load, share, disturbed
):
    run = waiting_run(make_run, others_load=load, conditions=conditions(make_run, 8))
    assert run.others_share == pytest.approx(share)
    assert run.disturbed is disturbed


@pytest.mark.parametrize(("error", "seen"), [(None, 1.0), (0.9, 1.0), (1.0, 0.0), (1.1, 0.0)])
def test_a_load_within_its_own_error_was_not_seen(make_run, error, seen):
    run = with_evidence(make_run(others_load=1.0), others_error=error)
    assert (run.others_seen, run.disturbed) == (seen, seen > 0)


def test_times_are_those_without_records_where_there_are_such(make_run):
    bare = Bare(startup_s=0.01, map_s=0.2, wall_time_s=0.25, cpu_time_s=0.3)
    run = dataclasses.replace(make_run(others_load=0.5), bare=bare)
    assert (run.startup_s, run.map_s, run.wall_time_s) == (0.01, 0.2, 0.25)
    assert run.account.wall_time_s == run.timeline.wall_time_s
    assert run.others_share == 0.25
    assert dataclasses.replace(run, others_load=5.0).others_share == 1.0
    assert run.to_dict()["bare"] == dataclasses.asdict(bare)
    assert run.to_dict()["recorded"]["wall_time_s"] == run.timeline.wall_time_s


def test_recording_is_a_share_of_the_time_in_tasks(make_run):
    run = with_evidence(make_run(tasks=4, task_s=0.1), record_cost_s=0.025)
    assert run.recording_share == pytest.approx(0.25)
    assert make_run().recording_share == 0.0
    assert with_tasks(run).recording_share == 0.0


@pytest.mark.parametrize(
    ("inner_s", "cores", "oversubscribed"),
    [(None, 2, False), (0.13, 2, False), (0.15, 2, True), (None, 1, True), (None, 3, False)],
)
def test_more_threads_than_cores_be_it_within_the_tasks(make_run, inner_s, cores, oversubscribed):
    run = with_evidence(make_run(tasks=4, task_s=0.1, cores=cores), inner_cpu_s=inner_s)
    # Threads that have just been made spin for a tenth of a second.
    assert run.inner_threads == pytest.approx(max(0.0, (inner_s or 0.0) - 0.1) / 0.4)
    assert run.oversubscribed is oversubscribed


def test_who_has_computed_nothing_had_no_threads_inside(make_run):
    assert with_evidence(make_run(cpu_share=0.0), inner_cpu_s=1.0).inner_threads == 0.0


def conditions(make_run, cores):
    return dataclasses.replace(make_run().conditions, usable_cores=cores)


@pytest.mark.parametrize(
    ("changes", "neighbour_s"),
    [
        ({"others_load": 0.0}, 0.0),
        # A quarter of a core, for as long as the run took.
        ({"others_load": 0.25}, 0.25 * 0.83),
        # What others did cannot have cost more than the run has waited.
        ({"others_load": 1.9}, 0.4),
        # A quota is known to have held the run back for half of that.
        ({"others_load": 1.9, "throttled_s": 0.2}, 0.2),
    ],
)
def test_waiting_is_laid_to_others_as_far_as_they_computed(make_run, changes, neighbour_s):
    run = waiting_run(make_run, **changes)
    assert run.account.waiting == pytest.approx(0.4)
    assert run.account.neighbour == pytest.approx(neighbour_s)


TURNS = {"cpu_share": 0.5, "waiting_share": 0.25}
"""Two lanes that compute half of the time each, as if one at a time could."""


@pytest.mark.parametrize(
    ("mode", "shares", "waits", "neighbour_s"),
    [
        ("threads", TURNS, Waits(gil=9), 0.0),
        ("threads", TURNS, Waits(gil=1), 0.0),
        ("processes", TURNS, Waits(lock=9), 0.0),
        # Too few looks, or they saw something else, or more was computed than one core can.
        ("processes", TURNS, Waits(lock=4), 0.1),
        ("threads", TURNS, Waits(gil=4, other=5), 0.1),
        ("threads", TURNS, Waits(), 0.1),
        ("threads", {"cpu_share": 0.6, "waiting_share": 0.25}, Waits(gil=9), 0.1),
        # There was time in which no lane computed: so much may be the others' doing.
        ("threads", {"cpu_share": 0.4, "waiting_share": 0.25}, Waits(gil=9), 0.08),
    ],
)
def test_others_cost_nothing_while_another_lane_has_its_turn(
    make_run, mode, shares, waits, neighbour_s
):
    run = with_evidence(make_run(mode, **shares), waits=waits)
    run = dataclasses.replace(run, others_load=1.9)
    assert run.account.waiting == pytest.approx(0.1)
    assert run.account.neighbour == pytest.approx(neighbour_s)


@pytest.mark.parametrize(("cores", "part"), [(1, "oversubscribed"), (2, "unclear")])
def test_where_nobody_looked_nobody_is_blamed(make_run, cores, part):
    run = waiting_run(make_run, others_load=None, conditions=conditions(make_run, cores))
    waiting = {name: run.account.parts[name] for name in ("neighbour", "oversubscribed", "unclear")}
    assert waiting.pop(part) == pytest.approx(0.4)
    assert set(waiting.values()) == {0.0}


def test_a_run_in_plain_values_is_json_and_says_the_same(make_run):
    run = dataclasses.replace(make_run(others_load=0.5), throttled_s=0.25)
    values = json.loads(json.dumps(run.to_dict()))
    for name in ("mode", "workload", "workers", "tasks_count", "task_ms", "chunksize", "lengths"):
        assert values[name] == getattr(run, name)
    for name in ("startup_s", "map_s", "wall_time_s", "cpu_time_s", "throttled_s", "disturbed"):
        assert values[name] == getattr(run, name)
    assert (values["evidence"], values["bare"]) == (dataclasses.asdict(run.evidence), None)
    assert values["usable_cores"] == run.conditions.usable_cores
    assert values["interpreter"] == run.conditions.interpreter
    assert [lane["pid"] for lane in values["lanes"]] == [4701, 4702]
    assert [task["end_s"] for task in values["tasks"]] == [task.end_s for task in run.tasks]


def test_lost_attempts_and_the_cores_load_are_in_the_plain_values(make_run):
    run = make_run()
    lost, load = LostAttempt(3, 2, 0.1, 0.2), LoadSample(0.2, (1.0, 0.5), (0.75, 0.5))
    timeline = dataclasses.replace(run.timeline, lost=(lost,), core_load=(load,))
    values = dataclasses.replace(run, timeline=timeline).to_dict()
    assert values["lost"] == [dataclasses.asdict(lost)]
    assert values["core_load"] == [dataclasses.asdict(load)]


def test_a_run_is_the_same_without_results_and_what_was_printed(make_run):
    run = make_run()
    assert (run.results, run.printed, run.task_bytes) == ((), "", None)
    full = dataclasses.replace(run, results=("a result",), printed="a line")
    assert full == run
    assert "a result" not in repr(full)
    assert "a line" not in repr(full)


def test_the_account_begins_and_ends_with_the_map(make_run):
    run = make_run()
    lanes = tuple(dataclasses.replace(lane, ready_s=0.0) for lane in run.timeline.lanes)
    run = dataclasses.replace(run, timeline=dataclasses.replace(run.timeline, lanes=lanes))
    assert run.account.startup == pytest.approx(2 * run.startup_s)
    assert run.account.shutdown == pytest.approx(2 * 0.02)


def test_the_account_in_plain_values_adds_up_to_the_area(make_run):
    run = make_run(workers=3, tasks=7)
    values = run.to_dict()["account"]
    parts = [values[f"{part}_s"] for part in (*metrics.PARTS, "remainder")]
    assert sum(parts) == pytest.approx(values["area_s"])
    assert values["area_s"] == pytest.approx(3 * run.wall_time_s)
    assert values["parallel_efficiency"] == run.account.parallel_efficiency
    assert values["load_balance"] == run.account.load_balance
    assert values["communication_efficiency"] == run.account.communication_efficiency
