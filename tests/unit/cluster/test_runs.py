"""Runs on a cluster give what they give elsewhere, and an account of the network besides."""

import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise

import pytest
from distributed import Client

import swimlanes
from swimlanes import measure, modes, run, study
from swimlanes.errors import RunError, TaskTimeout
from swimlanes.plain import plain_code

pytestmark = pytest.mark.usefixtures("nothing_left")

SIZES = {"tasks": 6, "task_ms": 2, "task_bytes": 20_000, "lengths": "1,3,0.5"}


@pytest.fixture
def way(dask_cluster):
    return {"mode": "cluster", "workers": 2, "cluster": dask_cluster.address}


@pytest.mark.parametrize("workload", ["count-down", "matrix-product", "payload", "sampling-pi"])
def test_workloads_give_the_serial_results(workload, way):
    work = measure.make_work(workload, **SIZES)
    serial, record = (
        measure.RunInProgress(work, plan).result()
        for plan in (measure.make_plan("serial"), measure.make_plan(**way))
    )
    assert record.results_digest == serial.results_digest


@pytest.mark.parametrize("schedule", modes.SCHEDULES)
@pytest.mark.parametrize("chunksize", [None, 4])
def test_every_schedule(schedule, chunksize, way):
    record = run(abs, range(-6, 0), schedule=schedule, chunksize=chunksize, **way)
    assert record.results == (6, 5, 4, 3, 2, 1)
    assert record.chunksize == (chunksize or 1)
    assert [task.task for task in record.tasks] == list(range(6))
    by_lane = {}
    for task in sorted(record.tasks, key=lambda task: task.start_s):
        by_lane.setdefault(task.worker, []).append(task)
    for lane in by_lane.values():
        assert all(before.end_s <= after.start_s for before, after in pairwise(lane))
    assert all((task.arrived_s is None) is (schedule == "map") for task in record.tasks)


def test_lanes_bear_the_names_of_workers_and_say_how_good_their_clocks_are(way):
    record = run("query", tasks=4, task_ms=5, **way)
    lanes = record.timeline.lanes
    assert [lane.name for lane in lanes] == ["worker-1", "worker-2"]
    assert all(0 < lane.clock_error_s < 0.1 for lane in lanes)
    assert record.others_load is None


def test_the_account_is_whole(way):
    record = run("query", tasks=8, task_ms=10, **way)
    account = record.account
    assert abs(account.remainder_s) <= 0.001 * account.area_s + 2 * max(
        lane.clock_error_s for lane in record.timeline.lanes
    )
    assert account.transfer > 0
    assert account.lost == 0


def test_functions_and_classes_of_a_notebook(way):
    @dataclass(frozen=True)
    class Point:
        x: int

    points = run(lambda x: Point(x + 1), [1, 2], **way).results
    assert points == (Point(2), Point(3))


def test_an_initializer_and_a_warm_up_on_each_worker(way):
    calls = []

    def remember(value):
        calls.append(value)

    def recall(x):
        calls.append(x)
        time.sleep(0.01)
        return calls[:3]

    beginning = {"initializer": remember, "initargs": ["first"], "warmup": 2}
    record = run(recall, [0, 1, 2, 3], **way, **beginning)
    assert record.results == (["first", 0, 1],) * 4
    for lane in record.timeline.lanes:
        assert lane.warmup_end_s - lane.warmup_start_s >= 0.02
        assert lane.warmup_end_s <= record.timeline.map_start_s + lane.clock_error_s
    assert record.wall_time_s == pytest.approx(record.timeline.elapsed_s - record.warmup_s)


@pytest.mark.parametrize("warmup", [0, 1])
def test_an_initializer_that_raises(way, warmup):
    def refuse():
        raise ValueError("no database")

    with pytest.raises(RunError, match="The initializer raised ValueError: no database"):
        run(abs, [1], **way, initializer=refuse, warmup=warmup)


def test_a_study_against_the_serial_baseline(way):
    del way["workers"]
    record = study("query", tasks=4, task_ms=10, repeats=1, max_workers=2, **way)
    assert [point.workers for point in record.points] == [1, 2]
    assert {run.mode for run in record.serial_runs} == {"serial"}


def test_a_run_survives_saving(way, tmp_path):
    record = run(abs, [-1, 2], **way)
    swimlanes.save(record, tmp_path / "run.json")
    assert swimlanes.load(tmp_path / "run.json") == record
    swimlanes.save(record, tmp_path / "run.trace.json")
    assert '"worker 1 (worker-1)"' in (tmp_path / "run.trace.json").read_text()


def test_the_setting_names_the_cluster(way, monkeypatch):
    monkeypatch.setenv("SWIMLANES_CLUSTER", way.pop("cluster"))
    assert run(abs, [-1], mode="cluster", workers=1).timeline.lanes[0].name == "worker-1"


def test_without_an_address_a_cluster_is_started_and_ended(monkeypatch):
    monkeypatch.delenv("SWIMLANES_CLUSTER", raising=False)
    record = run("query", tasks=4, task_ms=5, mode="cluster", workers=2)
    assert len(record.timeline.lanes) == 2
    assert {lane.clock_error_s for lane in record.timeline.lanes} == {0.0}  # one machine, one clock
    assert all(lane.pid for lane in record.timeline.lanes)


def plugins_of_runs(address):
    """Return the names of what runs have left on the scheduler."""
    with Client(address, set_as_default=False) as client:
        names = client.run_on_scheduler(
            lambda dask_scheduler: [*dask_scheduler.plugins, *dask_scheduler.worker_plugins]
        )
    return [name for name in names if name.startswith("swimlanes-")]


def test_stop_leaves_the_cluster_in_order(way, eventually):
    running = measure.launch("query", tasks=8, task_ms=300, **way)
    while not running.timeline().tasks:
        assert not running.wait(0.05)
    running.cancel()
    assert run(abs, [-1, -2], **way).results == (1, 2)
    eventually(lambda: not plugins_of_runs(way["cluster"]))


def test_a_task_that_takes_too_long_is_named(way):
    with pytest.raises(TaskTimeout, match=r"^Task \d, .* on worker \d for .* limit of 0.3 s"):
        run("query", tasks=2, task_ms=1500, limit_s=0.3, **way)


def test_a_plain_program_does_the_same(way):
    work = measure.make_work("query", tasks=4, task_ms=2)
    program = plain_code(work, measure.make_plan(**way))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.endswith(f" s\nresults: {[0.002] * 4}\n"), done.stderr


# Clocks


def test_a_clock_that_is_ahead_is_set_right(own_cluster, require):
    """Both workers' lanes agree with the time of day, whatever their own clocks show."""
    ahead = ("unshare", "--time", "--monotonic", "1000", "--fork", "--kill-child")
    works = subprocess.run([*ahead, "true"], capture_output=True).returncode == 0
    require(works, "no time namespace can be made here", "run as root on Linux 5.6 or later")
    own_cluster.add()
    own_cluster.add(before=ahead)

    def time_of_day(_):
        now = time.time_ns()
        time.sleep(0.01)
        return now

    record = run(time_of_day, range(20), mode="cluster", workers=2, cluster=own_cluster.address)
    # A task is recorded as started a moment before it asks for the time.
    early = {
        lane.worker: min(
            now / 1e9 - task.start_s
            for task, now in zip(record.tasks, record.results, strict=True)
            if task.worker == lane.worker
        )
        for lane in record.timeline.lanes
    }
    errors_s = sum(lane.clock_error_s for lane in record.timeline.lanes)
    assert abs(early[1] - early[2]) <= errors_s + 0.0005
    assert errors_s < 0.1
