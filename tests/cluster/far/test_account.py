"""A cluster behind a slow network: the account shows what that cost, and clocks agree."""

from __future__ import annotations

import pytest

PROGRAM = """
import json, sys, time
import swimlanes

def time_of_day(_):
    now = time.time_ns()
    time.sleep(0.02)
    return now

where = {"mode": "cluster", "workers": 2, "cluster": sys.argv[1]}
run = swimlanes.run(time_of_day, range(12), **where)
early_s = [
    min(
        now / 1e9 - task.start_s
        for task, now in zip(run.tasks, run.results, strict=True)
        if task.worker == lane.worker
    )
    for lane in run.timeline.lanes
]
payload = swimlanes.run("payload", tasks=4, task_bytes=500_000, **where)
print(json.dumps({
    "errors_s": {lane.name: lane.clock_error_s for lane in run.timeline.lanes},
    "early_s": early_s,
    "transfer_s": run.account.transfer,
    "remainder": run.account.remainder_s / run.account.area_s,
    "payload_transfer_s": payload.account.transfer,
}))
"""


@pytest.fixture(scope="module")
def told(far_cluster):
    """Run the program once."""
    (answer,) = far_cluster.tell(PROGRAM)
    return answer


pytestmark = pytest.mark.parametrize(
    "far_cluster", [("near", "far")], indirect=True, scope="module"
)


def test_clocks_agree_within_what_is_stated(told, far_cluster):
    """Lanes would show the same moment at the same place, but for what they state."""
    errors_s = told["errors_s"]
    assert errors_s["far-2"] >= far_cluster.link.delay_s
    assert errors_s["near-1"] < errors_s["far-2"]
    # A task is recorded as started a moment before it asks for the time of day.
    first, second = told["early_s"]
    assert abs(first - second) <= sum(errors_s.values()) + 0.0005


def test_the_account_shows_what_the_network_cost(told, far_cluster):
    assert told["transfer_s"] >= far_cluster.link.delay_s  # no input can have come sooner
    assert abs(told["remainder"]) < 0.01


def test_large_inputs_cost_bandwidth(told, far_cluster):
    assert told["payload_transfer_s"] >= 500_000 / far_cluster.link.bytes_per_s
