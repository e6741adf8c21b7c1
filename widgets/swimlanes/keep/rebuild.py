"""From the fields of a record to the run, study or comparison that it tells of."""

from __future__ import annotations

from typing import cast

from swimlanes import workloads
from swimlanes.brief import shown
from swimlanes.keep.fields import Damaged, Fields, is_number, is_number_or_none, is_whole
from swimlanes.measure import MAX_TASKS, MAX_WORKERS
from swimlanes.measure.work import MAX_WARMUP
from swimlanes.modes import MODES, SCHEDULES
from swimlanes.records import (
    WAITS,
    Bare,
    Comparison,
    Conditions,
    Evidence,
    Lane,
    LeftOut,
    LoadSample,
    LostAttempt,
    Run,
    ScalingStudy,
    TaskRecord,
    Tasks,
    Timeline,
    Waits,
)
from swimlanes.records.study import Scaling
from swimlanes.sheet import TRIP_WORDS

_MOST = 1 << 53  # what JSON's readers agree on
_MOST_CORES = 1 << 16
_TIMES = ("start_s", "end_s", "cpu_s", "waiting_s")


def rebuild(fields: Fields) -> Run | ScalingStudy | Comparison:
    """Return the run, study or comparison that the fields tell of.

    Raises
    ------
    Damaged, ValueError
        If a field is missing or wrong, or if the figures contradict each other.
    MixedRunsError
        If the runs of a study do not belong together.
    """
    kinds = {"run": _run, "study": _study, "comparison": _comparison}
    make = kinds[fields.choice("kind", tuple(kinds))]
    return cast(Run | ScalingStudy | Comparison, make(fields))


def _comparison(fields: Fields) -> Comparison:
    serial_runs, remarks = _runs(fields, "serial_runs"), _remarks(fields)
    return Comparison(
        serial_runs,
        tuple(_way(serial_runs, way, remarks) for way in fields.objects("studies")),
        tuple(LeftOut(e.text("way"), e.text("reason")) for e in fields.objects("left_out")),
        remarks,
    )


def _way(serial_runs: tuple[Run, ...], fields: Fields, noted: tuple[str, ...]) -> ScalingStudy:
    """Return a way's study; without serial runs of its own it has the common ones."""
    runs = _runs(fields, "runs")
    if not runs:
        raise Damaged("a way of the comparison has no runs")
    return ScalingStudy(_runs(fields, "serial_runs") or serial_runs, runs, noted=noted)


def _runs(fields: Fields, name: str) -> tuple[Run, ...]:
    return tuple(map(_run, fields.objects(name)))


def _study(fields: Fields) -> ScalingStudy:
    return ScalingStudy(
        serial_runs=_runs(fields, "serial_runs"),
        runs=_runs(fields, "runs"),
        scaling=cast(Scaling, fields.choice("scaling", ("strong", "weak"))),
        noted=_remarks(fields),
    )


def _remarks(fields: Fields) -> tuple[str, ...]:
    return tuple(fields.column("remarks", "sentences", lambda value: isinstance(value, str)))


def _run(fields: Fields) -> Run:
    run = Run(
        workload=fields.text("workload"),
        task_ms=fields.number_or_none("task_ms"),
        start_method=fields.text_or_none("start_method"),
        inputs_digest=fields.text("inputs_digest"),
        results_digest=fields.text("results_digest"),
        cpu_time_s=fields.number("cpu_time_s"),
        others_load=fields.number_or_none("others_load"),
        conditions=Conditions(
            usable_cores=fields.whole("usable_cores", 1, _MOST_CORES),
            interpreter=fields.text("interpreter"),
            machine=fields.text("machine"),
            settings=fields.text("settings"),
        ),
        timeline=_timeline(fields),
        lengths=fields.text("lengths"),
        task_bytes=_bytes(fields),
        schedule=fields.choice("schedule", SCHEDULES),
        throttled_s=fields.number_or_none("throttled_s"),
        printed=fields.text("printed"),
        evidence=_evidence(fields.part("evidence")),
        function_digest=fields.text("function_digest"),
        bare=None if fields.is_null("bare") else _bare(fields.part("bare")),
        remarks=fields.texts("remarks"),
        warmup=fields.whole("warmup", 0, MAX_WARMUP),
    )
    _check(run)
    return run


def _evidence(fields: Fields) -> Evidence:
    return Evidence(
        others_error=fields.number_or_none("others_error"),
        inner_cpu_s=fields.number_or_none("inner_cpu_s"),
        record_cost_s=fields.number("record_cost_s"),
        input_bytes=fields.whole("input_bytes", 0, _MOST),
        result_bytes=fields.whole("result_bytes", 0, _MOST),
        waits=_waits(fields.part("waits")),
        gaps=_waits(fields.part("gaps")),
    )


def _waits(fields: Fields) -> Waits:
    return Waits(*(fields.whole(name, 0, _MOST) for name in WAITS))


def _bare(fields: Fields) -> Bare:
    names = ("startup_s", "map_s", "wall_time_s", "cpu_time_s")
    return Bare(*(fields.number(name) for name in names))


def _bytes(fields: Fields) -> int | None:
    value = fields.number_or_none("task_bytes")
    return None if value is None else fields.whole("task_bytes", 1, _MOST)


def _timeline(fields: Fields) -> Timeline:
    lanes = tuple(map(_lane, fields.objects("lanes")))
    tasks_count = fields.whole("tasks_count", 1, MAX_TASKS)
    recorded = fields.part("recorded")
    wall_time_s = recorded.number("wall_time_s")
    warmup_s = fields.number("warmup_s")
    return Timeline(
        mode=fields.choice("mode", MODES),
        workers=fields.whole("workers", 1, MAX_WORKERS),
        tasks_count=tasks_count,
        chunksize=fields.whole("chunksize", 1, MAX_TASKS),
        elapsed_s=wall_time_s + warmup_s,
        startup_s=recorded.number("startup_s"),
        map_s=recorded.number("map_s"),
        wall_time_s=wall_time_s,
        lanes=lanes,
        tasks=_tasks(fields.part("tasks"), {lane.worker for lane in lanes}, tasks_count),
        threads=fields.whole("threads", 1, MAX_WORKERS),
        core_load=tuple(map(_load_sample, fields.objects("core_load"))),
        lost=tuple(map(_lost, fields.objects("lost"))),
        warmup_s=warmup_s,
    )


def _lane(fields: Fields) -> Lane:
    return Lane(
        worker=fields.whole("worker", 1, MAX_WORKERS**2),
        pid=fields.whole("pid", 0, _MOST),
        thread_id=fields.whole("thread_id", 0, _MOST),
        ready_s=fields.number("ready_s"),
        name=fields.text("name"),
        clock_error_s=fields.number("clock_error_s"),
        warmup_start_s=fields.number("warmup_start_s"),
        warmup_end_s=fields.number("warmup_end_s"),
    )


def _lost(fields: Fields) -> LostAttempt:
    return LostAttempt(
        task=fields.whole("task", 0, MAX_TASKS),
        worker=fields.whole("worker", 1, MAX_WORKERS**2),
        start_s=fields.number("start_s"),
        end_s=fields.number("end_s"),
    )


def _load_sample(fields: Fields) -> LoadSample:
    busy, own = (tuple(fields.column(name, "numbers", is_number)) for name in ("busy", "own"))
    return LoadSample(fields.number("until_s"), busy, own)


def _tasks(fields: Fields, workers: set[int], tasks_count: int) -> Tasks:
    def is_task(value: object) -> bool:
        return is_whole(value, 0, tasks_count - 1)

    def is_lane(value: object) -> bool:
        return is_whole(value, 1, _MOST) and value in workers

    columns = (
        fields.column("task", f"numbers of {tasks_count} tasks", is_task),
        fields.column("worker", "numbers of its lanes", is_lane),
        *(fields.column(name, "numbers", is_number) for name in _TIMES),
        fields.column("arrived_s", "numbers or null", is_number_or_none),
        fields.column("transfer_s", "numbers", is_number),
        map(tuple, fields.column("trip_s", "lists of 8 numbers, or empty ones", _is_trip)),
    )
    return Tasks.of(TaskRecord(*values) for values in zip(*columns, strict=True))


def _is_trip(value: object) -> bool:
    fits = isinstance(value, list) and len(value) in (0, 2 * TRIP_WORDS)
    return fits and all(map(is_number, value))  # type: ignore[call-overload]


def _check(run: Run) -> None:
    """Refuse a run whose figures contradict each other.

    Raises
    ------
    ValueError
        With a sentence that names them.
    """
    if len(run.tasks) != run.tasks_count:
        raise Damaged(f"it tells of {run.tasks_count} tasks, but holds {len(run.tasks)}")
    for task in run.tasks:
        if task.end_s is None or task.end_s < task.start_s:
            raise Damaged(f"task {task.task} ends before it starts")
    lanes = [lane.worker for lane in run.timeline.lanes]
    if lanes != list(range(1, len(lanes) + 1)):
        raise Damaged(f"its lanes are not numbered 1, 2 and so on, but {shown(lanes)}")
    if not {attempt.worker for attempt in run.timeline.lost} <= set(lanes):
        raise Damaged("an attempt that was lost ran on none of its lanes")
    if len({len(sample.busy) for sample in run.timeline.core_load}) > 1:
        raise Damaged("the number of cores changes from one reading of their load to the next")
    if run.lengths:
        workloads.weights(run.lengths, 1)
    _ = run.account
