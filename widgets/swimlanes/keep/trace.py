"""A run in Chrome's trace event format, which opens in Perfetto (https://ui.perfetto.dev).

Every worker is a thread with an event for its start-up, its warm-up, for each task and for its
shut-down. A process of its own shows the run as a whole and the load of the cores. The format is
described in "Trace Event Format" by the Chromium authors; times are µs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from swimlanes import modes
from swimlanes.drawing.legend import parts
from swimlanes.keep import files
from swimlanes.records import Lane, Run, TaskRecord

Event = dict[str, Any]

# No worker is process 1, and Perfetto takes 0 for the idle process.
_WHOLE_RUN = {"pid": 1, "tid": 1}
_CLUSTER = 2


def write(run: Run) -> bytes:
    """Return a run as a trace."""
    trace = {
        "traceEvents": [*_names(run), *_phases(run), *_workers(run), *_loads(run)],
        "displayTimeUnit": "ms",
        "otherData": {
            "mode": run.mode,
            "workload": run.workload,
            "interpreter": run.conditions.interpreter,
            "machine": run.conditions.machine,
        },
    }
    return files.as_json(trace, separators=(",", ":"))


def _names(run: Run) -> Iterator[Event]:
    yield _name("process_name", "the run", _WHOLE_RUN)
    yield _name("thread_name", "phases", _WHOLE_RUN)
    for pid in dict.fromkeys(_place(lane)["pid"] for lane in run.timeline.lanes):
        name = f"process {pid}" if modes.of(run.mode).starts_processes else run.mode
        yield _name("process_name", name, {"pid": pid, "tid": pid})
    for lane in run.timeline.lanes:
        name = f"worker {lane.worker}" + f" ({lane.name})" * bool(lane.name)
        yield _name("thread_name", name, _place(lane))
        order = {"sort_index": lane.worker}
        yield {"name": "thread_sort_index", "ph": "M", **_place(lane), "args": order}


def _name(kind: str, name: str, place: dict[str, int]) -> Event:
    return {"name": kind, "ph": "M", **place, "args": {"name": name}}


def _phases(run: Run) -> Iterator[Event]:
    map_start_s, map_end_s = run.startup_s + run.warmup_s, _map_end_s(run)
    yield _span("start-up", "run", 0.0, run.startup_s, _WHOLE_RUN)
    if run.warmup_s:
        yield _span("warm-up, not counted", "run", run.startup_s, map_start_s, _WHOLE_RUN)
    yield _span(run.schedule, "run", map_start_s, map_end_s, _WHOLE_RUN)
    yield _span("shut-down", "run", map_end_s, run.timeline.elapsed_s, _WHOLE_RUN)


def _map_end_s(run: Run) -> float:
    return run.startup_s + run.warmup_s + run.map_s


def _workers(run: Run) -> Iterator[Event]:
    lanes = {lane.worker: lane for lane in run.timeline.lanes}
    for lane in lanes.values():
        yield from _life(run, lane)
    for task in run.tasks:
        if task.end_s is not None:
            yield _task(task, task.end_s, _place(lanes[task.worker]))
    for lost in run.timeline.lost:
        name = f"task {lost.task}, lost"
        yield _span(name, "task", lost.start_s, lost.end_s, _place(lanes[lost.worker]))


def _life(run: Run, lane: Lane) -> Iterator[Event]:
    """Yield a worker's start-up and shut-down; one that came too late has none of the latter."""
    map_end_s = _map_end_s(run)
    yield _span("start-up", "worker", 0.0, lane.ready_s, _place(lane))
    if lane.warmup_end_s:
        ends_s = lane.warmup_start_s, lane.warmup_end_s
        yield _span("warm-up, not counted", "worker", *ends_s, _place(lane))
    if lane.ready_s <= map_end_s:
        yield _span("shut-down", "worker", map_end_s, run.timeline.elapsed_s, _place(lane))


def _task(task: TaskRecord, end_s: float, place: dict[str, int]) -> Event:
    shares = parts(task, end_s)
    states = {
        "useful": shares.useful,
        "waiting for a core": shares.waiting,
        "blocked": shares.blocked,
    }
    length_s = end_s - task.start_s
    detail = {
        "task": task.task,
        "state": max(states, key=lambda state: states[state]),
        "CPU ms": round(task.cpu_s * 1e3, 6),
        "waiting ms": round(task.waiting_s * 1e3, 6),
        "blocked ms": round(shares.blocked * length_s * 1e3, 6),
    }
    return {**_span(f"task {task.task}", "task", task.start_s, end_s, place), "args": detail}


def _loads(run: Run) -> Iterator[Event]:
    """Yield each core's load from the moment on from which it held."""
    since_s = 0.0
    for sample in run.timeline.core_load:
        for cpu, busy in zip(run.timeline.loaded_cpus, sample.busy, strict=True):
            yield {
                "name": f"load of core {cpu}", "ph": "C", "ts": _us(since_s),
                "pid": _WHOLE_RUN["pid"], "args": {"busy %": round(busy * 100, 1)},
            }  # fmt: skip
        since_s = sample.until_s


def _span(name: str, category: str, start_s: float, end_s: float, place: dict[str, int]) -> Event:
    start_us, end_us = _us(start_s), _us(end_s)
    return {
        "name": name, "cat": category, "ph": "X", "ts": start_us,
        "dur": round(max(0.0, end_us - start_us), 3), **place,
    }  # fmt: skip


def _place(lane: Lane) -> dict[str, int]:
    """Return where Perfetto shows a lane; a cluster's worker has a number of its own only."""
    if lane.name:
        return {"pid": _CLUSTER, "tid": lane.worker}
    return {"pid": lane.pid, "tid": lane.thread_id}


def _us(seconds: float) -> float:
    return round(seconds * 1e6, 3)
