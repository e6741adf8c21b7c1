"""At which task length a cluster begins to pay, near and behind a slow network.

Not in CI: ``make cluster-numbers``, as root on a quiet machine, with the image's Python. It writes
into ``build`` what ``course/figures`` draws. A run that others disturbed is made again.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "build" / "when_far_pays.json"

TASK_MS = (1, 3, 10, 30, 100)
STUDY = """
import json, statistics, sys
import swimlanes

def undisturbed(**request):
    while True:
        run = swimlanes.run(tasks=16, **request)
        if not run.disturbed:
            return run

def median_s(mode, task_ms, **more):
    runs = [undisturbed(mode=mode, task_ms=task_ms, **more) for _ in range(5)]
    return statistics.median(run.wall_time_s for run in runs), runs[-1].account

there = {"mode": "cluster", "workers": 2, "cluster": sys.argv[1]}
for task_ms in json.loads(sys.argv[2]):
    serial_s, _ = median_s("serial", task_ms)
    here_s, _ = median_s("processes", task_ms, workers=2)
    there_s, account = median_s(task_ms=task_ms, **there)
    network = account.transfer / account.area_s
    print(json.dumps([task_ms, serial_s / here_s, serial_s / there_s, network]), flush=True)
"""


@pytest.mark.parametrize(
    "far_cluster", [("near", "near"), ("far", "far")], ids="-".join, indirect=True
)
def test_where_a_cluster_begins_to_pay(far_cluster, request):
    link = far_cluster.link
    print(f"\n{request.node.name}: {link.delay_s * 1000:g} ms one way, {link.bytes_per_s:g} B/s")
    print("task       S(2) processes   S(2) cluster   network's share")
    rows = far_cluster.tell(STUDY, json.dumps(TASK_MS))
    for task_ms, here, there, network in rows:
        print(f"{task_ms:>5} ms   {here:>13.2f}   {there:>12.2f}   {network:>14.1%}")
    pays = [task_ms for task_ms, _, there, _ in rows if there > 1]
    print(f"faster than serial from {min(pays)} ms on" if pays else "never faster than serial")
    FILE.parent.mkdir(exist_ok=True)
    found = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.write_text(json.dumps(found | {request.node.callspec.id: rows}) + "\n")
