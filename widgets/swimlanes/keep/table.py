"""Tables for spreadsheets: a run's tasks, a study's runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from swimlanes import metrics
from swimlanes.records import Run, ScalingStudy, TaskRecord

_OF_A_TASK = ("task", "worker", "start_s", "end_s", "cpu_s", "waiting_s", "arrived_s", "transfer_s")
_OF_A_RUN = (
    "mode", "workers", "threads", "tasks_count", "startup_s", "map_s", "wall_time_s", "cpu_time_s",
    "others_load", "throttled_s", "disturbed",
)  # fmt: skip


def write_tasks(run: Run) -> bytes:
    """Return a run's tasks as CSV."""
    return _csv(_OF_A_TASK, (_fields(task, _OF_A_TASK) for task in run.tasks))


def write_runs(study: ScalingStudy) -> bytes:
    """Return a study's runs as CSV, the serial ones first."""
    return _csv((*_OF_A_RUN, "repetition", "speedup"), _runs(study))


def _runs(study: ScalingStudy) -> Iterator[tuple[object, ...]]:
    baselines = [metrics.speedup(study.serial_s, run.wall_time_s) for run in study.serial_runs]
    groups = [(study.serial_runs, baselines)]
    groups += [(point.runs, list(point.speedups)) for point in study.points]
    for runs, speedups in groups:
        for repetition, (run, speedup) in enumerate(zip(runs, speedups, strict=True), start=1):
            yield (*_fields(run, _OF_A_RUN), repetition, speedup)


def _fields(record: TaskRecord | Run, names: Sequence[str]) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in names)


def _csv(head: Sequence[str], lines: Iterator[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    return text.getvalue().encode()
