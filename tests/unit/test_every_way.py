"""One body for all modes × workloads × schedules that exist here."""

from itertools import pairwise

import pytest

from swimlanes import measure, modes, run
from swimlanes.errors import TaskError
from swimlanes.workloads import WORKLOADS

pytestmark = pytest.mark.usefixtures("nothing_left")

WAYS = [
    {"mode": "serial"},
    {"mode": "threads", "workers": 2},
    *({"mode": "processes", "workers": 2, "start_method": m} for m in modes.start_methods()),
    {"mode": "nested", "workers": 2, "threads": 2},
    {"mode": "free-threaded", "workers": 2},
]
if not modes.why_unavailable("interpreters"):  # a matter of this very Python's version
    WAYS.append({"mode": "interpreters", "workers": 2})
SIZES = {"tasks": 6, "task_ms": 2, "task_bytes": 20_000, "lengths": "1,3,0.5"}
NEEDS_NUMPY = "matrix-product"


@pytest.fixture(params=WAYS, ids=lambda way: "-".join(map(str, way.values())))
def way(request, require):
    mode = request.param["mode"]
    require(not modes.why_unavailable(mode), modes.why_unavailable(mode), ".ci/free-threaded")
    return request.param


@pytest.fixture(scope="module")
def serial_digests():
    """Return the digest of a workload's results in serial mode, measured once."""
    works = {name: measure.make_work(name, **SIZES) for name in WORKLOADS}
    plan = measure.make_plan("serial")
    return {
        name: measure.RunInProgress(work, plan).result().results_digest
        for name, work in works.items()
    }


@pytest.mark.parametrize("schedule", modes.SCHEDULES)
@pytest.mark.parametrize("workload", WORKLOADS)
def test_every_way(way, workload, schedule, serial_digests):
    if way["mode"] in ("free-threaded", "interpreters") and workload == NEEDS_NUMPY:
        # NumPy is not installed for the one, and does not load in the other.
        with pytest.raises(TaskError, match=r"No module named 'numpy'|numpy\S* .*another mode"):
            run(workload, schedule=schedule, **way, **SIZES)
        return
    record = run(workload, schedule=schedule, **way, **SIZES)
    check_results(record, serial_digests[workload])
    check_lanes(record)
    check_account(record)


def check_results(record, digest):
    assert len(record.results) == 6
    same_files = record.mode != "free-threaded" or record.workload != "file-reading"
    assert (record.results_digest == digest) is same_files


def check_lanes(record):
    assert [task.task for task in record.tasks] == list(range(6))
    assert len(record.timeline.lanes) <= record.timeline.lanes_count
    by_lane = {}
    for task in sorted(record.tasks, key=lambda task: task.start_s):
        by_lane.setdefault(task.worker, []).append(task)
    for lane in by_lane.values():
        assert all(before.end_s <= after.start_s for before, after in pairwise(lane))
    for task in record.tasks:
        assert 0 <= task.start_s <= task.end_s <= record.timeline.wall_time_s
        one_by_one = record.schedule != "map"
        assert (task.arrived_s is not None) is one_by_one
        assert not one_by_one or task.end_s <= task.arrived_s <= record.timeline.wall_time_s


def check_account(record):
    account = record.account
    busy_s = sum(task.end_s - task.start_s for task in record.tasks)
    assert (
        busy_s <= account.area_s == pytest.approx(len(account.lanes) * record.timeline.wall_time_s)
    )
    assert all(part >= 0 for part in account.parts.values())
    assert abs(account.remainder_s) <= 0.01 * account.area_s
