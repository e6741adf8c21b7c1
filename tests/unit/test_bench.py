import os
import subprocess
import sys
import time

import pytest

from swimlanes import bench, core_load
from swimlanes.bench import compare, costs, peers, turns
from swimlanes.cores import usable_cores
from swimlanes.errors import SwimlanesError

pytestmark = pytest.mark.usefixtures("nothing_left")

IN_THE_STANDARD_LIBRARY = ["serial map", "Pool.map", "concurrent.futures"]
LEND = """
import sys
from swimlanes.bench.peers import PEERS
with PEERS[sys.argv[1]].lend(2) as map_:
    assert list(map_(abs, [-1, 2, -1])) == [1, 2, 1]
"""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    for name in ("ROUNDS", "MANY_ROUNDS", "DISPLAY_ROUNDS", "WATCH_ROUNDS", "STUDY_REPEATS"):
        monkeypatch.setattr(costs, name, 1)
    for name in ("NO_OP_TASKS", "MANY_TASKS"):
        monkeypatch.setattr(costs, name, 100)
    monkeypatch.setattr(costs, "REDRAWS", 2)
    monkeypatch.setattr(costs, "STUDY_TASK_MS", 2)
    monkeypatch.setattr(costs, "ACCOUNT_TASKS", 2)
    monkeypatch.setattr(costs, "WORKLOADS", ("query", "matrix-product"))


@pytest.fixture
def bench_python(repository, require):
    """The interpreter that has the peers."""
    python = repository / ".venv-bench" / "bin" / "python"
    require(python.exists(), "The peers of the bench are not installed", "make venv-bench")
    return python


@pytest.mark.parametrize(
    "measurement",
    [measurement for measurement in bench.MEASUREMENTS if "speedup" not in measurement.__name__],
    ids=lambda measurement: measurement.__name__,
)
def test_a_measurement_gives_a_number(measurement):
    value = measurement()
    # The difference of two noisy times can be anything, and a remainder is best 0.
    differences = (
        costs.recording_us_per_task, costs.no_op_100k_extra_s, costs.watching_us_per_call
    )  # fmt: skip
    assert value > 0 or measurement in (*differences, costs.account_remainder)


def test_each_ratio_stands_under_its_name(monkeypatch):
    monkeypatch.setattr(bench, "MEASUREMENTS", (costs.redraw_ms,))
    told = []
    report = bench.measure_all(told.append)
    assert told == list(report["ratios"]) == ["redraw_ms"]
    assert report["machine"]["usable_cores"] >= 1
    assert report["others_load"] >= 0


def test_both_sides_take_turns():
    order = []
    ours = lambda: order.append("ours") or 1.0  # noqa: E731
    theirs = lambda: order.append("theirs") or 2.0  # noqa: E731
    assert turns.medians(ours, theirs, rounds=2) == (1.0, 2.0)
    assert order == ["ours", "theirs"] * 2


def test_the_load_by_others_leaves_out_our_own_processes():
    def burn():
        code = "import time\nwhile time.process_time() < 1.0: pass"
        return subprocess.run([sys.executable, "-c", code], check=True).returncode

    before = core_load.busy_s(usable_cores().cpus), time.monotonic()
    returned, others_load = turns.with_others_load(burn)
    busy_s = core_load.busy_s(usable_cores().cpus) - before[0]
    # All that ran, less the second that was ours; a tick is 10 ms.
    assert returned == 0
    assert others_load * (time.monotonic() - before[1]) <= busy_s - 0.9


def test_a_fresh_process_that_fails_says_why():
    with pytest.raises(SwimlanesError, match=r"peers ended with exit code 1") as caught:
        turns.fresh_process("swimlanes.bench.peers", {"name": "nobody"})
    assert "KeyError" in caught.value.detail


@pytest.mark.parametrize("name", [*IN_THE_STANDARD_LIBRARY, peers.OURS])
def test_a_pool_is_timed_in_a_process_of_its_own(name):
    request = {"name": name, "workers": 2, "function": "abs", "inputs": [1, 2, 3]}
    times = turns.fresh_process("swimlanes.bench.peers", request)
    assert 0 < times["map_s"] < times["total_s"]
    assert times["first_result_s"] > 0


@pytest.mark.parametrize("name", peers.PEERS)
def test_a_peer_lends_a_map(name, bench_python, repository, tmp_path):
    environment = {
        **os.environ,
        "PYTHONPATH": str(repository / "widgets"),
        "IPYTHONDIR": str(tmp_path),
        "DASK_TEMPORARY_DIRECTORY": str(tmp_path),
    }
    subprocess.run(
        [bench_python, "-c", LEND, name], env=environment, cwd=tmp_path, check=True, timeout=120
    )


def test_a_row_holds_each_round_against_its_own_baseline():
    compute = {
        "serial map": [{"map_s": 2.0}, {"map_s": 4.0}, {"map_s": 3.0}],
        "Pool.map": [
            {"map_s": 1.0, "total_s": 2.0, "first_result_s": 0.010},
            {"map_s": 2.5, "total_s": 4.0, "first_result_s": 0.030},
            {"map_s": 1.0, "total_s": 2.0, "first_result_s": 0.020},
        ],
    }
    no_op = {"Pool.map": [{"map_s": compare.NO_OP_TASKS / 1e6}]}
    row = compare.make_row("Pool.map", compute, no_op)
    assert (row.speedup, row.speedup_spread) == (2.0, (1.6, 3.0))
    assert row.speedup_with_startup == 1.0
    assert row.first_result_ms == pytest.approx(20)
    assert row.no_op_us == pytest.approx(1)
    assert len(compare.table([row]).rows) == 1
