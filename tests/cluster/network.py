"""At which task length a cluster begins to pay, with a slow network between its members.

Not in CI: ``.venv/bin/python -m pytest --capture=no tests/cluster/network.py``, as root on a quiet
machine. Delay needs a kernel with ``sch_netem``; where there is none, the bandwidth alone is
limited, and the figures say so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

TASK_MS = (1, 3, 10, 30, 100, 300)
DELAY = ("netem", "delay", "2ms", "rate", "100mbit")
BANDWIDTH_ALONE = ("tbf", "rate", "100mbit", "burst", "32kb", "latency", "50ms")
STUDY = """
import json, statistics, sys
import swimlanes

def median_s(mode, task_ms, **more):
    run = lambda: swimlanes.run("count-down", mode=mode, tasks=16, task_ms=task_ms, **more)
    runs = [run() for _ in range(3)]
    return statistics.median(found.wall_time_s for found in runs), runs[-1]

for task_ms in json.loads(sys.argv[1]):
    serial_s, _ = median_s("serial", task_ms)
    here_s, _ = median_s("processes", task_ms, workers=2)
    there_s, last = median_s("cluster", task_ms, workers=2)
    transfer_s = sum(task.transfer_s for task in last.timeline.tasks)
    print(json.dumps([task_ms, serial_s / here_s, serial_s / there_s, transfer_s / 16]), flush=True)
"""


def limit(container, *rule):
    """Limit what a container sends, from outside: it has no right to do so itself."""
    pid = subprocess.check_output(
        ["docker", "inspect", "--format", "{{.State.Pid}}", container], text=True
    ).strip()
    inside = ["nsenter", "--target", pid, "--net", "tc", "qdisc", "replace", "dev", "eth0", "root"]
    return subprocess.run([*inside, *rule], capture_output=True, text=True)


@pytest.fixture
def slow_network(cluster, require):
    """Put delay and bandwidth limits between scheduler, workers and lab; return what was done."""
    require(os.geteuid() == 0 and shutil.which("tc"), "this needs root and tc", "iproute2, sudo")
    members = cluster.compose("ps", "--quiet", "scheduler", "worker").stdout.split()
    delayed = all(limit(member, *DELAY).returncode == 0 for member in members)
    if not delayed:
        for member in members:
            limited = limit(member, *BANDWIDTH_ALONE)
            assert limited.returncode == 0, limited.stderr
    return DELAY if delayed else BANDWIDTH_ALONE


def study(cluster):
    said = cluster.run("python", "-c", STUDY, json.dumps(TASK_MS)).stdout
    return [json.loads(line) for line in said.splitlines()]


def tell(network, rows):
    print(
        f"\n{network}\n{'task':>8} {'S(2) here':>10} {'S(2) there':>10} {'transfer per task':>18}"
    )
    for task_ms, here, there, transfer_s in rows:
        print(f"{task_ms:>5} ms {here:>10.2f} {there:>10.2f} {1000 * transfer_s:>15.2f} ms")
    pays = [task_ms for task_ms, _, there, _ in rows if there > 1]
    print(f"faster than serial from {min(pays)} ms on" if pays else "never faster than serial")


def test_the_network_between_containers_as_it_is(cluster):
    tell("no limit", study(cluster))


def test_a_slow_network(cluster, slow_network):
    tell(" ".join(slow_network), study(cluster))
