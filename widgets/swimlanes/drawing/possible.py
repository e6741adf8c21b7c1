"""What limits the speedup of a study, and which studies and runs may be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swimlanes import metrics, modes
from swimlanes.records import Run, ScalingStudy

_BEYOND = 1.05
"""How many times what is possible a speedup may be before it is called the baseline's fault."""


def is_beyond(speedup: float, limit: float) -> bool:
    """Return whether a speedup is so far above what is possible that its serial run was slow."""
    return speedup > _BEYOND * limit


def compute_bound(serial_run: Run) -> bool:
    """Return whether the tasks of a serial run mostly computed, rather than waited."""
    account = serial_run.account
    # Waiting for a core is wanting to compute: a busy machine must not change the answer.
    return account.useful + account.waiting > account.blocked


def longest_task_binds(study: ScalingStudy, most_lanes: int) -> bool:
    """Return whether tasks differ so much that the longest limits the speedup within reach."""
    return study.scaling == "strong" and study.longest_task_ceiling < min(
        most_lanes, study.tasks_count - 0.5
    )


def fit_worth_telling(study: ScalingStudy) -> metrics.AmdahlFit | None:
    """Return Amdahl's law, as fitted, where it says something.

    It does not for work that waits, nor where all runs were slower than the serial one, nor where
    the serial run is no fair baseline.
    """
    fit = study.amdahl
    if fit is None or fit.serial_fraction >= 1 or not compute_bound(study.baseline):
        return None
    beyond = any(is_beyond(point.speedup, point.ceiling) for point in study.points)
    return fit if study.fair and not beyond else None


def threads_of(study: ScalingStudy) -> int:
    """Return how many threads, and so lanes, each worker has; more than 1 only if nested."""
    return study.runs[0].threads if study.runs else 1


def comparable(studies: Sequence[ScalingStudy]) -> list[ScalingStudy]:
    """Return the last study and those of the same work, only the latest of each mode.

    Each curve is the speedup over serial on its own interpreter, so a Python without the GIL may
    stand beside the ordinary one.
    """
    latest: dict[str, ScalingStudy] = {}
    for study in studies:
        if _work(study) == _work(studies[-1]):
            latest.pop(study.mode, None)  # a later study comes later in the order, too
            latest[study.mode] = study
    return list(latest.values())


def serial_partner(run: Run, runs: Iterable[Run]) -> Run | None:
    """Return the last serial run of the same work under the same conditions, or None.

    One that others did not disturb comes first, be it older.
    """
    partners = [
        other
        for other in runs
        if not modes.of(other.mode).parallel
        and other.conditions == run.conditions
        and same_work(other, run)
    ]
    fair = [partner for partner in partners if not partner.disturbed]
    return next(reversed(fair or partners), None)


def same_work(one: Run, other: Run) -> bool:
    """Return whether two runs did the same on the same cores."""
    return _identity(one) == _identity(other)


def _work(study: ScalingStudy) -> tuple[object, ...]:
    return study.scaling, *_identity(study.serial_runs[0])


def _identity(run: Run) -> tuple[object, ...]:
    where = run.conditions.machine, run.usable_cores
    what = run.workload, run.function_digest, run.tasks_count, run.inputs_digest, run.warmup
    return *what, where
