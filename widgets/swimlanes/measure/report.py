"""What a run leaves behind, put into records: the sheet and the runner's answer."""

from __future__ import annotations

import os
import pickle
import platform
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from swimlanes import core_load, travel
from swimlanes.cores import UsableCores
from swimlanes.measure.plan import Plan
from swimlanes.measure.sending import travelling_bytes
from swimlanes.measure.watch import CoreLoadLog
from swimlanes.measure.work import Work
from swimlanes.records import Bare, Conditions, Evidence, Lane, LostAttempt, Run, Tasks, Timeline
from swimlanes.runner.protocol import Success
from swimlanes.runner.usage import Usage
from swimlanes.sheet import (
    MAP_END,
    MAP_START,
    POOL_END,
    POOL_START,
    WARMUP_START,
    ClusterTold,
    Sheet,
    WorkerRow,
)
from swimlanes.warmup import Warmed
from swimlanes.worker import Unloadable, in_one_line

THREADS_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
TOO_SHORT = 0.25
"""Error of the load by others, as a share of the cores, from which on nothing is said of it."""


def read_timeline(sheet: Sheet, plan: Plan, tasks_count: int, load: CoreLoadLog) -> Timeline:
    """Return what can be seen of a run at this moment."""
    start, map_start, map_end, end = map(sheet.mark_ns, (POOL_START, MAP_START, MAP_END, POOL_END))
    now = end or (time.monotonic_ns() if start else 0)
    ready = sheet.mark_ns(WARMUP_START) or map_start
    warmup_ns = (map_start or now) - ready if ready else 0
    elapsed_s, warmup_s = _seconds(now - warmup_ns, start), warmup_ns / 1e9
    return Timeline(
        mode=plan.mode,
        workers=plan.workers,
        tasks_count=tasks_count,
        chunksize=plan.settled_chunksize(tasks_count),
        elapsed_s=elapsed_s + warmup_s,
        startup_s=_seconds(ready, start) if ready else None,
        map_s=_seconds(map_end, map_start) if map_end else None,
        wall_time_s=elapsed_s if end else None,
        lanes=tuple(
            _lane(row, start, (ready, ready + warmup_ns) if warmup_ns else (start, start))
            for row in sheet.workers()
        ),
        tasks=Tasks(sheet.slots(), start),
        threads=plan.threads,
        core_load=load.samples(start, end),
        warmup_s=warmup_s,
        cpus=load.cpus,
    )


def _lane(row: WorkerRow, start: int, warmup: tuple[int, int]) -> Lane:
    """Return a lane; until more is known, its warm-up is that of all lanes."""
    warmup_s = (_seconds(moment, start) for moment in warmup)
    return Lane(
        row.worker, row.pid, row.thread_id, _seconds(row.ready_ns, start), "", 0.0, *warmup_s
    )


def make_run(
    work: Work, plan: Plan, cores: UsableCores, success: Success, timeline: Timeline
) -> Run:
    """Return the record of a run that ended well; the results in `success` are used up."""
    size_bytes = sum(map(len, success.results))
    results = tuple(_open(success.results))
    cpu_time_s = success.usage.own_s
    conditions = replace(conditions_here(cores), interpreter=success.interpreter)
    others_load, others_error = others(success.usage, len(cores.cpus))
    if success.warmups:
        timeline = _with_warmups(timeline, success.warmups)
    if success.far is not None:
        timeline = _with_far(timeline, success.far)
        if success.far.cores:  # elsewhere, and nobody here sees what else goes on there
            conditions = replace(conditions, usable_cores=success.far.cores)
            others_load, others_error = None, None
            cpu_time_s += sum(task.cpu_s for task in timeline.tasks)
    return Run(
        workload=work.name,
        task_ms=work.task_ms,
        start_method=plan.start_method,
        inputs_digest=work.inputs_digest,
        results_digest=travel.digest_of_values(results),
        cpu_time_s=cpu_time_s,
        others_load=others_load,
        conditions=conditions,
        timeline=timeline,
        results=results,
        lengths=work.lengths,
        task_bytes=work.task_bytes,
        schedule=plan.schedule,
        function_digest=work.function_digest,
        warmup=work.warmup,
        evidence=Evidence(
            others_error=others_error,
            inner_cpu_s=success.inner_cpu_s,
            record_cost_s=success.record_cost_s,
            input_bytes=travelling_bytes(work.inputs, len(work.sent_inputs.data)),
            result_bytes=size_bytes,
        ),
    )


def conditions_here(cores: UsableCores) -> Conditions:
    """Return the conditions of a run by this interpreter on this machine."""
    return Conditions(
        usable_cores=int(cores.granted),
        interpreter=travel.interpreter(),
        machine=f"{platform.node()} {platform.machine()}",
        settings=_settings(cores),
    )


def _settings(cores: UsableCores) -> str:
    """Return what limits threads and CPU time, as far as it is set."""
    named = [f"{name}={os.environ[name]}" for name in THREADS_SETTINGS if name in os.environ]
    return ", ".join([*named, *([f"quota={cores.quota:g}"] if cores.quota else [])])


def _with_warmups(timeline: Timeline, warmups: list[Warmed]) -> Timeline:
    """Return the timeline with the moments when each lane warmed up."""
    assert isinstance(timeline.tasks, Tasks)
    zero_ns = timeline.tasks.zero_ns
    numbers = {(lane.pid, lane.thread_id): lane.worker for lane in timeline.lanes}
    spans = {
        lane or numbers.get((pid, thread)): (start_ns, end_ns)
        for pid, thread, start_ns, end_ns, lane in warmups
    }
    nothing = zero_ns, zero_ns
    lanes = []
    for lane in timeline.lanes:
        start_s, end_s = (_seconds(at_ns, zero_ns) for at_ns in spans.get(lane.worker, nothing))
        lanes.append(replace(lane, warmup_start_s=start_s, warmup_end_s=end_s))
    return replace(timeline, lanes=tuple(lanes))


def _with_far(timeline: Timeline, far: ClusterTold) -> Timeline:
    """Return the timeline with what only the cluster knows of it."""
    assert isinstance(timeline.tasks, Tasks)
    zero_ns = timeline.tasks.zero_ns
    lanes = (
        replace(lane, name=told.name, clock_error_s=told.clock_error_ns / 1e9)
        for lane, told in zip(timeline.lanes, far.lanes, strict=True)
    )
    lost = (
        LostAttempt(task, worker, _seconds(start_ns, zero_ns), _seconds(end_ns, zero_ns))
        for task, worker, start_ns, end_ns in far.lost
    )
    return replace(timeline, lanes=tuple(lanes), lost=tuple(lost))


def _open(pickled: list[bytes]) -> Iterator[Any]:
    """Yield the results, letting go of their pickles one by one: both together may be large."""
    count = len(pickled)
    pickled.reverse()
    while pickled:
        task = len(pickled)
        try:
            yield travel.unpack(pickle.loads(pickled.pop()))
        except (Exception, SystemExit) as error:
            which = f"The result of task {count - task}"
            raise Unloadable(which, in_one_line(error)) from error


def others(usage: Usage, cpus: int) -> tuple[float | None, float | None]:
    """Return the load by other programs and by how much it may be wrong, cores.

    Whatever is not part of the run is another program, also the browser that shows the notebook.
    None where the system does not tell, or where the run was so short that the error alone comes
    to a quarter of the cores.
    """
    if usage.busy_s is None:
        return None, None
    error = core_load.busy_error_s(cpus, usage.at_s, usage.busy_s) / usage.at_s
    if error > TOO_SHORT * cpus:
        return None, None
    return core_load.load_by_others(cpus, usage.at_s, usage.busy_s, usage.own_s), error


def with_times_of(run: Run, bare: Run) -> Run:
    """Return a recorded run with the times of the same run without records.

    Others that came for one of the two only have disturbed all that is said of both.
    """
    beside = max(run, bare, key=lambda each: each.others_load or 0.0)
    return replace(
        run,
        bare=Bare(bare.startup_s, bare.map_s, bare.wall_time_s, bare.cpu_time_s),
        others_load=beside.others_load,
        evidence=replace(run.evidence, others_error=beside.evidence.others_error),
    )


def _seconds(at_ns: int, zero_ns: int) -> float:
    return (at_ns - zero_ns) / 1e9
