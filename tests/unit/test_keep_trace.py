import json
from collections import defaultdict
from itertools import pairwise

import jsonschema
import pytest

import swimlanes

pytestmark = pytest.mark.usefixtures("nothing_left")

# Times are rounded to the nanosecond.
STEP_US = 0.0015
STATES = {"useful": "CPU ms", "waiting for a core": "waiting ms", "blocked": "blocked ms"}
RUNS = {
    "serial": {"mode": "serial"},
    "threads": {"mode": "threads", "workers": 2},
    "processes": {"mode": "processes", "workers": 3, "schedule": "imap"},
    "nested": {"mode": "nested", "workers": 2, "threads": 2},
    "long": {"mode": "threads", "workers": 2, "task_ms": 150},
}


@pytest.fixture(scope="module", params=RUNS.values(), ids=RUNS)
def traced(request, tmp_path_factory):
    """Return a run and its trace."""
    run = swimlanes.run(**{"workload": "query", "tasks": 7, "task_ms": 3} | request.param)
    path = tmp_path_factory.mktemp("trace") / "run.trace.json"
    swimlanes.save(run, path)
    return run, json.loads(path.read_text())


def events(trace, phase):
    return [event for event in trace["traceEvents"] if event["ph"] == phase]


def by_thread(trace):
    threads = defaultdict(list)
    for event in events(trace, "X"):
        threads[event["pid"], event["tid"]].append(event)
    return threads


def test_the_trace_is_what_the_format_asks_for(traced, repository):
    schema = json.loads((repository / "tests/data/trace-event.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(traced[1], schema, jsonschema.Draft202012Validator)


def test_events_of_a_thread_follow_each_other(traced):
    for spans in by_thread(traced[1]).values():
        spans.sort(key=lambda event: event["ts"])
        for before, after in pairwise(spans):
            assert before["ts"] + before["dur"] <= after["ts"] + STEP_US


def test_every_task_is_there_with_its_times(traced):
    run, trace = traced
    tasks = [event for event in events(trace, "X") if event["cat"] == "task"]
    lanes = {lane.worker: (lane.pid, lane.thread_id) for lane in run.timeline.lanes}
    assert [event["args"]["task"] for event in tasks] == list(range(7))
    for event, task in zip(tasks, run.tasks, strict=True):
        assert event["ts"] == pytest.approx(task.start_s * 1e6, abs=STEP_US)
        assert event["dur"] == pytest.approx((task.end_s - task.start_s) * 1e6, abs=STEP_US)
        assert (event["pid"], event["tid"]) == lanes[task.worker]
        parts_ms = {state: event["args"][name] for state, name in STATES.items()}
        assert sum(parts_ms.values()) == pytest.approx(event["dur"] / 1e3, abs=0.001)
        assert event["args"]["state"] == max(parts_ms, key=parts_ms.get)


def test_processes_and_threads_have_names(traced):
    run, trace = traced
    names = {
        (event["name"], event["pid"], event["tid"]): event["args"].get("name")
        for event in events(trace, "M")
    }
    for lane in run.timeline.lanes:
        assert names["thread_name", lane.pid, lane.thread_id] == f"worker {lane.worker}"
    named = {pid for kind, pid, _ in names if kind == "process_name"}
    assert named == {event["pid"] for event in trace["traceEvents"]}


def test_start_up_and_shut_down_have_events_of_their_own(traced):
    run, trace = traced
    for spans in by_thread(trace).values():
        names = [event["name"] for event in sorted(spans, key=lambda event: event["ts"])]
        assert (names[0], names[-1]) == ("start-up", "shut-down")
    whole = [event for event in events(trace, "X") if event["cat"] == "run"]
    assert [event["name"] for event in whole] == ["start-up", run.schedule, "shut-down"]
    end_us = whole[-1]["ts"] + whole[-1]["dur"]
    assert end_us == pytest.approx(run.wall_time_s * 1e6, abs=STEP_US)


def test_the_cores_load_is_counted(traced):
    run, trace = traced
    counters = defaultdict(list)
    for event in events(trace, "C"):
        counters[event["name"]].append(event)
    assert len(counters) == (run.usable_cores if run.timeline.core_load else 0)
    for readings in counters.values():
        moments = [event["ts"] for event in readings]
        assert moments == sorted(set(moments))
        assert moments[0] == 0.0
        assert all(0 <= event["args"]["busy %"] <= 100 for event in readings)
