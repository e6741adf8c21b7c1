"""Tables for spreadsheets: a run's tasks, a study's or a comparison's runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from swimlanes import metrics
from swimlanes.markup import legible
from swimlanes.records import Comparison, Run, ScalingPoint, ScalingStudy, TaskRecord, way_of

_OF_A_TASK = ("task", "worker", "start_s", "end_s", "cpu_s", "waiting_s", "arrived_s", "transfer_s")
_OF_A_RUN = (
    "mode", "workers", "threads", "tasks_count", "startup_s", "map_s", "wall_time_s", "cpu_time_s",
    "warmup_s", "others_load", "throttled_s", "disturbed",
)  # fmt: skip

_FORMULA_SIGNS = ("=", "+", "-", "@")


def write_tasks(run: Run) -> bytes:
    """Return a run's tasks as CSV; each says whether the run was disturbed."""
    lines = ((*_fields(task, _OF_A_TASK), run.disturbed) for task in run.tasks)
    return as_csv((*_OF_A_TASK, "disturbed"), lines)


def write_runs(study: ScalingStudy) -> bytes:
    """Return a study's runs as CSV, the serial ones first."""
    lines = chain(_serial(study), _points(study.points))
    return as_csv((*_OF_A_RUN, "repetition", "speedup"), lines)


def write_ways(comparison: Comparison) -> bytes:
    """Return a comparison's runs as CSV, the serial ones first; all speedups are against those."""
    return as_csv(("way", *_OF_A_RUN, "repetition", "speedup"), _ways(comparison))


def _ways(comparison: Comparison) -> Iterator[tuple[object, ...]]:
    for line in _serial(comparison):
        yield ("serial", *line)
    for study in comparison.studies:
        for line in _points(comparison.points(study)):
            yield (way_of(study).name, *line)


def _serial(record: ScalingStudy | Comparison) -> Iterator[tuple[object, ...]]:
    speedups = [metrics.speedup(record.serial_s, time_s) for time_s in record.serial_wall_times_s]
    return _repetitions(record.serial_runs, speedups)


def _points(points: Sequence[ScalingPoint]) -> Iterator[tuple[object, ...]]:
    for point in points:
        yield from _repetitions(point.runs, point.speedups)


def _repetitions(runs: Sequence[Run], speedups: Sequence[float]) -> Iterator[tuple[object, ...]]:
    for repetition, (run, speedup) in enumerate(zip(runs, speedups, strict=True), start=1):
        yield (*_fields(run, _OF_A_RUN), repetition, speedup)


def _fields(record: TaskRecord | Run, names: Sequence[str]) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in names)


def as_csv(head: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """Return lines below a head as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(map(_cell, line) for line in lines)
    return text.getvalue().encode()


def _cell(value: object) -> object:
    """Return what a cell holds; a spreadsheet would take text with such a sign for a formula."""
    if not isinstance(value, str):
        return value
    text = legible(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA_SIGNS) else text
