"""What speedup was possible, and which studies may be seen side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swimlanes import metrics
from swimlanes.records import Run, ScalingStudy


def compute_bound(serial_run: Run) -> bool:
    """Return whether the tasks of a serial run mostly computed, rather than waited."""
    length_s = sum((task.end_s or task.start_s) - task.start_s for task in serial_run.tasks)
    # Waiting for a core is wanting to compute: a busy machine must not change the answer.
    return sum(task.cpu_s + task.waiting_s for task in serial_run.tasks) > 0.5 * length_s


def possible(study: ScalingStudy, workers: int) -> float:
    """Return the largest speedup that n workers can reach with these chunks and these cores.

    Only work that keeps a core busy is limited by the number of cores.
    """
    measured = (point.ceiling for point in study.points if point.workers == workers)
    ceiling = next(measured, None) or metrics.ceiling(study.tasks_count, workers)
    return min(ceiling, study.usable_cores) if compute_bound(study.serial_runs[0]) else ceiling


def possible_for_run(run: Run, serial_run: Run) -> float:
    """Return the same for one run, given a serial run of the same work."""
    ceiling = metrics.ceiling(run.tasks_count, run.workers, run.chunksize)
    return min(ceiling, run.usable_cores) if compute_bound(serial_run) else ceiling


def comparable(studies: Sequence[ScalingStudy]) -> list[ScalingStudy]:
    """Return the last study and those of the same work, only the latest of each mode."""
    latest: dict[str, ScalingStudy] = {}
    for study in studies:
        if _work(study) == _work(studies[-1]):
            latest.pop(study.mode, None)  # a later study comes later in the order, too
            latest[study.mode] = study
    return list(latest.values())


def serial_partner(run: Run, runs: Iterable[Run]) -> Run | None:
    """Return the last serial run among `runs` that did the same work as `run`, or None."""
    partner = None
    for other in runs:
        if other.mode == "serial" and _identity(other) == _identity(run):
            partner = other
    return partner


def _work(study: ScalingStudy) -> tuple[object, ...]:
    return _identity(study.serial_runs[0])


def _identity(run: Run) -> tuple[object, ...]:
    return run.workload, run.tasks_count, run.inputs_digest, run.conditions
