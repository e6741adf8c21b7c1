"""What a container's limits do to a run, as its account tells it."""

import json


def run_in(call, limits, *options):
    answer = call("swimlanes", "run", "--json", "--task-ms", "100", *options, options=limits)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def causes_of_waiting(record):
    causes = ("throttled", "neighbour", "oversubscribed")
    return {cause: record["account"][f"{cause}_s"] for cause in causes}


def test_a_quota_throttles(call):
    record = run_in(call, ("--cpus", "0.5"), "--workers", "2")
    # What the quota's clock has counted comes first, whatever else goes on on this machine.
    waiting_s = sum(causes_of_waiting(record).values())
    assert record["throttled_s"] > 0
    assert record["account"]["throttled_s"] == min(record["throttled_s"], waiting_s)


def test_more_workers_than_cores_take_turns(call):
    record = run_in(call, ("--cpuset-cpus", "0"), "--workers", "3")
    causes = causes_of_waiting(record)
    assert not record["throttled_s"]
    assert causes["oversubscribed"] > 0.2 * record["wall_time_s"], causes
