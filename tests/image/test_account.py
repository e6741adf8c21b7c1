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
    causes = causes_of_waiting(record)
    assert record["throttled_s"] > 0
    assert max(causes, key=causes.get) == "throttled", causes


def test_more_workers_than_cores_take_turns(call):
    record = run_in(call, ("--cpuset-cpus", "0"), "--workers", "3")
    causes = causes_of_waiting(record)
    assert not record["throttled_s"]
    assert causes["oversubscribed"] > 0.2 * record["wall_time_s"], causes
