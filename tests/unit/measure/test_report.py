"""What the sheet and the runner's answer become; the clocks and the answer are made by hand."""

import pickle
import platform
from types import SimpleNamespace

import pytest

import swimlanes.sheet
from swimlanes import core_load, travel
from swimlanes.cores import Limit, UsableCores
from swimlanes.measure import Plan, Work, report
from swimlanes.records import Lane, LostAttempt, TaskRecord, Tasks, Timeline
from swimlanes.runner.protocol import Success
from swimlanes.runner.usage import Usage
from swimlanes.sheet import (
    MAP_END,
    MAP_START,
    POOL_END,
    POOL_START,
    ClusterTold,
    FarLane,
    Sheet,
    SheetWriter,
    map_words,
)

MARKS = (POOL_START, MAP_START, MAP_END, POOL_END)
CORES = UsableCores([Limit("host", 2, "online")], cpus=[0, 1])
WORK = Work("hashing", abs, (-1, 2), task_ms=7.0, task_bytes=9, lengths="1,2")
PLAN = Plan("processes", workers=2, start_method="spawn", schedule="imap")
TASKS = (
    TaskRecord(0, 1, 0.25, 0.5, cpu_s=0.125, waiting_s=0.0),
    TaskRecord(1, 2, 0.25, 1.0, cpu_s=0.5, waiting_s=0.0),
)
LANES = (Lane(1, 7, 70, 0.125), Lane(2, 8, 80, 0.25))
TIMELINE = Timeline(
    "processes", 2, 2, 1, 2.0, 0.25, 1.5, 2.0, LANES, Tasks.of(TASKS)
)  # fmt: skip


def answer(results=(1, 2), own_s=0.75, busy_s=1.75, at_s=2.0, far=None):
    """Return what a runner says at the end, when the cores have been busy for `busy_s`."""
    pickled = [pickle.dumps(result) for result in results]
    usage = Usage(at_s=at_s, own_s=own_s, busy_s=busy_s)
    return Success(
        pickled, "CPython 3.13.5", usage, inner_cpu_s=0.25, record_cost_s=1e-6, far=far,
        warmups=[], shared=[],
    )  # fmt: skip


def reported(**said):
    return report.make_run(WORK, PLAN, CORES, answer(**said), TIMELINE)


@pytest.mark.parametrize("loads_s", [(0.75, 1.75), (1.75, 0.75)])
def test_others_that_came_for_the_recorded_or_for_the_bare_run_have_disturbed_it(loads_s):
    first, again = (reported(busy_s=busy_s) for busy_s in loads_s)
    both = report.with_times_of(first, again)
    assert (both.others_load, both.others_share) == (0.5, 0.375 * 0.25)
    assert both.evidence.others_error == reported(busy_s=1.75).evidence.others_error
    assert (both.wall_time_s, both.evidence.record_cost_s) == (2.0, 1e-6)


def test_others_have_used_what_the_cores_were_busy_beyond_the_runs_own_time():
    assert reported(own_s=0.75, busy_s=1.75, at_s=2.0).others_load == 0.5
    assert reported(own_s=0.75, busy_s=0.75, at_s=2.0).others_load == 0.0


def test_a_clock_that_ticks_too_late_is_no_load_below_zero():
    assert reported(own_s=0.75, busy_s=0.74).others_load == 0.0


def test_the_load_is_told_with_its_error():
    run = reported(busy_s=1.75, at_s=2.0)
    assert run.evidence.others_error == core_load.busy_error_s(2, 2.0, 1.75) / 2.0


def test_where_the_system_does_not_tell_the_load_is_unknown():
    run = reported(busy_s=None)
    assert (run.others_load, run.evidence.others_error) == (None, None)


@pytest.mark.parametrize(
    ("at_s", "told"), [(0.02, False), (0.1, False), (0.14, False), (0.16, True), (1.0, True)]
)
def test_a_run_of_a_few_ticks_says_nothing_of_others(at_s, told):
    # One of two cores was busy, so the count of ticks is at its least certain.
    run = reported(own_s=0.0, busy_s=at_s, at_s=at_s)
    assert (run.others_load is not None) == told
    assert (run.evidence.others_error is not None) == told


def test_what_was_measured_beside_the_tasks_is_in_the_record():
    run = reported(results=("x" * 1000, "y"))
    assert (run.evidence.inner_cpu_s, run.evidence.record_cost_s) == (0.25, 1e-6)
    assert run.evidence.input_bytes == len(WORK.sent_inputs.data)
    assert 1000 < run.evidence.result_bytes < 1100


@pytest.mark.parametrize(
    ("quota", "environment", "settings"),
    [
        (None, {}, ""),
        (1.5, {}, "quota=1.5"),
        (None, {"MKL_NUM_THREADS": "1"}, "MKL_NUM_THREADS=1"),
        (2.0, {"OMP_NUM_THREADS": "2"}, "OMP_NUM_THREADS=2, quota=2"),
    ],
)
def test_what_limits_threads_and_time_belongs_to_the_conditions(
    monkeypatch, quota, environment, settings
):
    for name in report.THREADS_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    limits = [Limit("host", 2, "online"), Limit("cgroup quota", quota, "a quota")]
    run = report.make_run(WORK, PLAN, UsableCores(limits, [0, 1]), answer(), TIMELINE)
    assert run.conditions.settings == settings


def test_the_record_names_work_plan_and_place():
    run = reported()
    assert (run.workload, run.task_ms, run.task_bytes, run.lengths) == ("hashing", 7.0, 9, "1,2")
    assert (run.start_method, run.schedule) == ("spawn", "imap")
    assert run.inputs_digest == WORK.inputs_digest
    assert (run.usable_cores, run.conditions.interpreter) == (2, "CPython 3.13.5")
    assert run.conditions.machine == f"{platform.node()} {platform.machine()}"
    assert run.function_digest == WORK.function_digest
    assert (run.cpu_time_s, run.timeline) == (0.75, TIMELINE)


def test_results_are_unpacked_in_order_and_their_pickles_let_go():
    success = answer(results=("first", "second", "third"))
    run = report.make_run(WORK, PLAN, CORES, success, TIMELINE)
    assert run.results == ("first", "second", "third")
    assert run.results_digest == travel.digest_of_values(run.results)
    assert success.results == []


def far(cores):
    zero_ns = TIMELINE.tasks.zero_ns
    lost = ((1, 2, zero_ns + 500_000_000, zero_ns + 1_250_000_000),)
    return ClusterTold((FarLane("near", 0), FarLane("far", 2_000_000)), lost, cores)


@pytest.mark.parametrize("cores", [0, 8])
def test_a_cluster_names_its_lanes_and_tells_what_was_lost(cores):
    timeline = reported(far=far(cores)).timeline
    assert [(lane.name, lane.clock_error_s) for lane in timeline.lanes] == [
        ("near", 0.0), ("far", 0.002),
    ]  # fmt: skip
    assert [lane.pid for lane in timeline.lanes] == [7, 8]
    assert timeline.lost == (LostAttempt(1, 2, 0.5, 1.25),)


def test_a_cluster_here_is_measured_as_a_pool_is():
    run = reported(far=far(0))
    assert (run.usable_cores, run.others_load, run.cpu_time_s) == (2, 0.5, 0.75)


def test_of_a_cluster_elsewhere_only_the_tasks_time_is_known():
    run = reported(far=far(8))
    assert (run.usable_cores, run.others_load) == (8, None)
    assert run.evidence.others_error is None
    assert run.cpu_time_s == 0.75 + 0.125 + 0.5


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """Return a function: what is seen of a run, at 9 s, whose marks were set at these moments."""
    sheet = Sheet(tmp_path / "sheet", 4)
    words = map_words(str(tmp_path / "sheet"), 4)
    load = SimpleNamespace(samples=lambda start, end: (start, end), cpus=(0, 1))
    for module in (report.time, swimlanes.sheet):
        monkeypatch.setattr(module, "monotonic_ns", lambda: 9_000_000_000)
    writer = SheetWriter(str(tmp_path / "sheet"), 4)

    def look(*moments_s):
        for mark, moment_s in zip(MARKS, moments_s, strict=False):
            words[mark] = round(moment_s * 1e9)
        writer.record(2, abs, -1)
        plan = Plan("nested", workers=3, threads=2, chunksize=5)
        return report.read_timeline(sheet, plan, 4, load)

    yield look
    sheet.close()


def test_before_the_pool_is_asked_for_no_time_passes(seen):
    timeline = seen()
    assert (timeline.elapsed_s, timeline.startup_s, timeline.map_s) == (0.0, None, None)
    assert (timeline.mode, timeline.workers, timeline.threads) == ("nested", 3, 2)
    assert (timeline.tasks_count, timeline.chunksize) == (4, 5)


@pytest.mark.parametrize(
    ("moments_s", "times_s"),
    [
        ([1.0], (8.0, None, None, None)),
        ([1.0, 1.5], (8.0, 0.5, None, None)),
        ([1.0, 1.5, 3.5], (8.0, 0.5, 2.0, None)),
        ([1.0, 1.5, 3.5, 4.0], (3.0, 0.5, 2.0, 3.0)),
    ],
)
def test_a_part_of_a_run_has_a_length_when_it_has_ended(seen, moments_s, times_s):
    timeline = seen(*moments_s)
    parts = timeline.elapsed_s, timeline.startup_s, timeline.map_s, timeline.wall_time_s
    assert parts == times_s


def test_the_load_is_that_from_the_pools_start_to_its_end(seen):
    assert seen(1.0, 1.5, 3.5).core_load == (1_000_000_000, 0)
    assert seen(1.0, 1.5, 3.5, 4.0).core_load == (1_000_000_000, 4_000_000_000)


def test_lanes_and_tasks_are_told_from_the_pools_start(seen):
    timeline = seen(1.0)
    (lane,) = timeline.lanes
    (task,) = timeline.tasks
    assert (lane.worker, lane.ready_s) == (1, 8.0)
    assert (task.task, task.worker, task.start_s, task.end_s) == (2, 1, 8.0, 8.0)
