"""From the values of a record to the run, study or comparison that they tell of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from swimlanes import workloads
from swimlanes.brief import shown
from swimlanes.fitting import Unfit, fitted
from swimlanes.keep.schema import KINDS
from swimlanes.records import Comparison, LeftOut, Run, ScalingStudy, TaskRecord, Tasks
from swimlanes.sheet import TRIP_WORDS


def rebuild(values: dict[str, Any]) -> Run | ScalingStudy | Comparison:
    """Return the run, study or comparison that a record's values tell of.

    Raises
    ------
    Unfit, ValueError
        If a field is missing or wrong, or if the figures contradict each other.
    MixedRunsError
        If the runs of a study do not belong together.
    """
    kinds: dict[str, Callable[[Any], Run | ScalingStudy | Comparison]]
    kinds = {"run": _run, "study": _study, "comparison": _comparison}
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise Unfit(f"its kind should be one of {', '.join(kinds)}, not {shown(kind)}")
    fitted(values, KINDS[kind])
    return kinds[kind](values)


def _comparison(values: dict[str, Any]) -> Comparison:
    serial_runs, remarks = _runs(values["serial_runs"]), tuple(values["remarks"])
    return Comparison(
        serial_runs,
        tuple(_way(serial_runs, way, remarks) for way in values["studies"]),
        tuple(LeftOut(entry["way"], entry["reason"]) for entry in values["left_out"]),
        remarks,
    )


def _way(serial_runs: tuple[Run, ...], way: dict[str, Any], noted: tuple[str, ...]) -> ScalingStudy:
    """Return a way's study; without serial runs of its own it has the common ones."""
    if not way["runs"]:
        raise Unfit("a way of the comparison has no runs")
    return ScalingStudy(_runs(way["serial_runs"]) or serial_runs, _runs(way["runs"]), noted=noted)


def _study(values: dict[str, Any]) -> ScalingStudy:
    return ScalingStudy(
        serial_runs=_runs(values["serial_runs"]),
        runs=_runs(values["runs"]),
        scaling=values["scaling"],
        noted=tuple(values["remarks"]),
    )


def _runs(runs: Iterable[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(map(_run, runs))


def _run(values: dict[str, Any]) -> Run:
    """Return a run; its file holds its conditions and its timeline beside all else."""
    parts = {"conditions": values, "timeline": _timeline(values), "results": ()}
    run: Run = fitted(values | parts, Run)
    run = replace(run, timeline=replace(run.timeline, tasks=Tasks.of(run.timeline.tasks)))
    _check(run)
    return run


def _timeline(values: dict[str, Any]) -> dict[str, Any]:
    recorded: dict[str, float] = values["recorded"]
    columns = [values["tasks"][name] for name in TaskRecord.__slots__]
    tasks = [
        dict(zip(TaskRecord.__slots__, task, strict=True)) for task in zip(*columns, strict=True)
    ]
    for task in tasks:
        _check_task(task, values["tasks_count"])
    elapsed_s = recorded["wall_time_s"] + values["warmup_s"]
    return values | recorded | {"elapsed_s": elapsed_s, "tasks": tasks}


def _check_task(task: dict[str, Any], tasks_count: int) -> None:
    """Refuse a task that has no place among so many, or whose trip is not one of pickle's."""
    if task["task"] >= tasks_count:
        raise Unfit(f"it has a task {task['task']}, and should have {tasks_count} tasks from 0")
    if len(task["trip_s"]) not in (0, 2 * TRIP_WORDS):
        raise Unfit(f"the trip of task {task['task']} should have {2 * TRIP_WORDS} moments")


def _check(run: Run) -> None:
    """Refuse a run whose figures contradict each other.

    Raises
    ------
    ValueError
        With a sentence that names them.
    """
    lanes = [lane.worker for lane in run.timeline.lanes]
    if lanes != list(range(1, len(lanes) + 1)):
        raise Unfit(f"its lanes are not numbered 1, 2 and so on, but {shown(lanes)}")
    if len(run.tasks) != run.tasks_count:
        raise Unfit(f"it tells of {run.tasks_count} tasks, but holds {len(run.tasks)}")
    for task in run.tasks:
        if task.end_s is None or task.end_s < task.start_s:
            raise Unfit(f"task {task.task} ends before it starts")
        if task.worker > len(lanes):
            raise Unfit(f"task {task.task} ran on lane {task.worker} of {len(lanes)}")
    if not {attempt.worker for attempt in run.timeline.lost} <= set(lanes):
        raise Unfit("an attempt that was lost ran on none of its lanes")
    if len({len(sample.busy) for sample in run.timeline.core_load}) > 1:
        raise Unfit("the number of cores changes from one reading of their load to the next")
    if run.lengths:
        workloads.weights(run.lengths, 1)
    _ = run.account
