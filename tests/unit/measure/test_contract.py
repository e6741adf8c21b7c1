"""What the figures of a run promise, for every way to run tasks and every kind of work.

The machine's own record, /proc/stat, is read here by other code than the package's.
"""

import os
import threading
import time
from importlib import import_module
from pathlib import Path

import pytest

from swimlanes import run
from swimlanes.runner.usage import InnerThreads
from swimlanes.sheet import WorkerRow

pytestmark = pytest.mark.usefixtures("nothing_left")

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def cores_busy_s():
    """Return how long all cores have been busy since the machine started, seconds."""
    with open("/proc/stat") as file:
        fields = file.readline().split()[1:]
    idle, waiting_for_disk, stolen = (int(fields[place]) for place in (3, 4, 7))
    guests = sum(map(int, fields[8:10]))  # which are counted as user time as well
    return (sum(map(int, fields)) - idle - waiting_for_disk - stolen - guests) * TICK_S


@pytest.fixture(autouse=True)
def causes(monkeypatch):
    """Give the participant's module, which every Python can import."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "participant"))
    return import_module("causes")


@pytest.mark.parametrize("work", ["compute", "wait", "wait_and_compute"])
def test_the_figures_of_a_run_hold_against_the_machines_own(way, work):
    busy_s = cores_busy_s()
    record = run(f"causes:{work}", [0.03] * 12, **way)
    busy_s = cores_busy_s() - busy_s
    tasks_s = sum(task.cpu_s for task in record.tasks)
    # The clocks of the run and of its tasks are read to the microsecond.
    assert record.cpu_time_s >= tasks_s - 1e-4
    if work == "compute":
        assert tasks_s == pytest.approx(12 * 0.03, rel=0.2)
    # The run's own time is part of what the machine counted, but for ticks at the ends.
    cores = os.cpu_count()
    assert record.cpu_time_s <= busy_s + (2 * cores + 2 * (cores * busy_s / TICK_S) ** 0.5) * TICK_S
    if record.others_load is not None:
        assert 0 <= record.others_load <= cores
        assert record.others_seen * record.timeline.wall_time_s <= busy_s + 2 * cores * TICK_S
    assert 0 <= record.others_share <= 1
    assert record.account.neighbour <= record.account.waiting


@pytest.mark.parametrize("start_method", ["fork", "forkserver", "spawn"])
def test_workers_that_somebody_else_started_are_the_runs_own(start_method):
    record = run(
        "causes:compute", [0.05] * 8, mode="processes", workers=2, start_method=start_method
    )
    assert record.cpu_time_s >= 8 * 0.05


def test_a_cluster_started_here_is_the_runs_own():
    record = run("causes:compute", [0.05] * 4, mode="cluster", workers=2, cluster="")
    assert record.cpu_time_s >= 4 * 0.05


def test_a_thread_that_computes_is_not_taken_for_threads_inside_it():
    # What the system tells of a running thread may be as old as its last tick.
    inner = InnerThreads()
    rows = [WorkerRow(1, os.getpid(), threading.get_native_id(), 0, 0, 0)]
    for _ in range(30):
        end = time.thread_time() + 0.007
        while time.thread_time() < end:
            pass
        assert inner.cpu_s(rows) < 0.005


def test_a_run_too_short_to_tell_blames_nobody(way, eventually):
    def found():
        record = run("causes:wait", [0.001] * 4, **way)
        if record.timeline.wall_time_s >= 0.05:
            return True  # these workers take long to start
        if record.others_load is not None:
            return False  # this machine is busy: the clocks were read long before or after
        assert not record.disturbed
        assert record.account.neighbour == 0
        return True

    eventually(found)


def test_a_quiet_run_is_not_flagged(way, others_s):
    one = {"workers": 1} if "workers" in way else {}
    record = run("causes:compute", [0.02] * 12, **{**way, **one})
    # This machine may be busy: then the flag is right, and there is nothing to be seen here.
    assert others_s(record) > 0.1 * record.wall_time_s or not record.disturbed


@pytest.fixture
def others_s():
    """Return a function that tells for how long others have computed, by another instrument."""
    busy_s, own_s = cores_busy_s(), time.process_time()

    def computed_s(record):
        used_s = record.cpu_time_s + time.process_time() - own_s
        return cores_busy_s() - busy_s - used_s

    return computed_s
