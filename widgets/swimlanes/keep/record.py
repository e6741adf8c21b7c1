"""The record as JSON: what `save` writes and `load` opens again.

The fields are those of ``Run.to_dict()``, but for the tasks, which stand in columns: a hundred
thousand of them take 6 MB. ``schema`` counts up when a field changes its meaning or a new one is
needed; `swimlanes.keep.older` turns the values of older files into those of today.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Literal, NoReturn

from swimlanes import __version__, modes, workloads
from swimlanes.brief import cut, plural, quoted, shown
from swimlanes.errors import MixedRunsError, SwimlanesError
from swimlanes.fitting import Unfit, fitted
from swimlanes.keep import files, older, schema
from swimlanes.records import (
    Comparison,
    LeftOut,
    Record,
    Run,
    ScalingStudy,
    TaskRecord,
    Tasks,
)
from swimlanes.sheet import TRIP_WORDS

FORMAT, SCHEMA = "swimlanes", 6
_CLOCKS_MAY_DIFFER_S = 1.0
"""How much later than its run a task may end: the clocks of a cluster differ."""
Kind = Literal["run", "study", "comparison", "figure"]
KINDS: dict[Kind, type] = {"run": Run, "study": ScalingStudy, "comparison": Comparison}


def write(what: Record) -> bytes:
    """Return the record of a run, a study or a comparison as JSON."""
    kind = next(kind for kind, type_ in KINDS.items() if isinstance(what, type_))
    head = {"format": FORMAT, "schema": SCHEMA, "kind": kind, "version": __version__}
    return files.as_json(head | _values(what), allow_nan=False)


def read(text: str, source: str) -> Record:
    """Return what a record tells of; `source` names it in the sentence if that fails."""
    values = _parsed(text, source)
    number = _schema(values, source)
    if number > SCHEMA:
        raise SwimlanesError(
            f"The record {quoted(source)} has schema {shown(number)}, and this is Swimlanes "
            f"{__version__}, which reads up to {SCHEMA}. Install a newer version to open it."
        )
    try:
        return _rebuilt(older.brought_up_to_date(values, number))
    except MixedRunsError as error:
        raise MixedRunsError(f"The record {quoted(source)} cannot be opened. {error}") from error
    except SwimlanesError:
        raise
    except (Unfit, ValueError, RecursionError) as error:
        raise SwimlanesError(
            f"The record {quoted(source)} is damaged: {cut(str(error)).rstrip('.')}. Save it again."
        ) from error


def _parsed(text: str, source: str) -> Any:  # noqa: ANN401 - a file can hold anything
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SwimlanesError(
            f"The record {quoted(source)} cannot be read: it is no JSON, or not all of it "
            f"({cut(str(error))}). Save the run or study again."
        ) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _schema(values: object, source: str) -> int:
    """Return the schema of a record, or refuse what is none."""
    if older.is_schema_1(values):
        return 1
    if isinstance(values, dict) and values.get("format") == FORMAT:
        number = values.get("schema")
        if isinstance(number, int) and number > 1:
            return number
    raise SwimlanesError(
        f"The file {quoted(source)} is no record of a run or a study. Give a .json file that was "
        "saved, or what `swimlanes run --json` printed."
    )


def _values(what: Record) -> dict[str, Any]:
    if isinstance(what, Run):
        return _run_values(what)
    remarks = {"remarks": list(what.remarks)}
    if isinstance(what, ScalingStudy):
        return {"scaling": what.scaling, **_study_values(what), **remarks}
    return {
        "serial_runs": [_run_values(run) for run in what.serial_runs],
        "studies": [_study_values(study, what.serial_runs) for study in what.studies],
        "left_out": [entry._asdict() for entry in what.left_out],
        **remarks,
    }


def _study_values(study: ScalingStudy, common: tuple[Run, ...] = ()) -> dict[str, Any]:
    """Return a study's runs; the serial ones only where they are not the common ones."""
    own = () if study.serial_runs == common else study.serial_runs
    return {
        "serial_runs": [_run_values(run) for run in own],
        "runs": [_run_values(run) for run in study.runs],
    }


def _run_values(run: Run) -> dict[str, Any]:
    tasks = list(run.tasks)
    columns = {name: [getattr(task, name) for task in tasks] for name in TaskRecord.__slots__}
    others = {"printed": run.printed, "remarks": list(run.remarks)}
    return run.to_dict() | {"tasks": columns} | others


def _rebuilt(values: dict[str, Any]) -> Record:
    """Return what a record's values tell of, or refuse them as `Unfit`."""
    kinds: dict[str, Callable[[Any], Record]]
    kinds = {"run": _run, "study": _study, "comparison": _comparison}
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise Unfit(f"its kind should be one of {', '.join(kinds)}, not {shown(kind)}")
    fitted(values, schema.KINDS[kind])
    return kinds[kind](values)


def _comparison(values: dict[str, Any]) -> Comparison:
    serial_runs, remarks = _serial_runs(values), tuple(values["remarks"])
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
    own = _serial_runs(way)
    return ScalingStudy(own or serial_runs, _runs(way["runs"]), noted=noted)


def _study(values: dict[str, Any]) -> ScalingStudy:
    return ScalingStudy(
        serial_runs=_serial_runs(values),
        runs=_runs(values["runs"]),
        scaling=values["scaling"],
        noted=tuple(values["remarks"]),
    )


def _serial_runs(values: dict[str, Any]) -> tuple[Run, ...]:
    runs = _runs(values["serial_runs"])
    for run in runs:
        if modes.of(run.mode).parallel:
            raise Unfit(f"one of its serial runs has the mode {run.mode!r}")
    return runs


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
    if len(set(map(len, columns))) > 1:
        raise Unfit(f"the columns of its tasks have {shown(list(map(len, columns)))} entries")
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


def _check_lengths(lengths: str) -> None:
    try:
        workloads.weights(lengths, 1)
    except ValueError as error:
        raise Unfit(f"lengths is {shown(lengths)}, which names no lengths of tasks") from error


def _check(run: Run) -> None:
    """Refuse a run whose figures contradict each other, in a sentence that names them."""
    lanes = [lane.worker for lane in run.timeline.lanes]
    if lanes != list(range(1, len(lanes) + 1)):
        raise Unfit(f"its lanes are not numbered 1, 2 and so on, but {shown(lanes)}")
    # Very short calls of a program that was watched are written down several together.
    most = len(run.tasks) if modes.of(run.mode).planned else run.tasks_count
    if not len(run.tasks) <= run.tasks_count <= most:
        raise Unfit(f"it should hold {plural(run.tasks_count, 'task')}, but holds {len(run.tasks)}")
    for task in run.tasks:
        if task.end_s is None or task.end_s < task.start_s:
            raise Unfit(f"task {task.task} ends before it starts")
        if task.worker > len(lanes):
            raise Unfit(f"task {task.task} ran on lane {task.worker} of {len(lanes)}")
        if task.end_s > run.timeline.elapsed_s + _CLOCKS_MAY_DIFFER_S:
            raise Unfit(f"task {task.task} ends at {task.end_s:g} s, after the run")
    if not {attempt.worker for attempt in run.timeline.lost} <= set(lanes):
        raise Unfit("an attempt that was lost ran on none of its lanes")
    cores = {len(sample.busy) for sample in run.timeline.core_load}
    if len(cores) > 1:
        raise Unfit("the number of cores changes from one reading of their load to the next")
    if {len(s.own) for s in run.timeline.core_load} - {0, *cores} or 0 in cores:
        raise Unfit("a reading of the cores' load does not tell of every core")
    if run.lengths:
        _check_lengths(run.lengths)
    _ = run.account
