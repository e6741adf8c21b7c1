"""Runs, studies and comparisons in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from swimlanes import modes
from swimlanes.brief import plural
from swimlanes.cli.table import print_table, print_text
from swimlanes.drawing import describe_comparison, describe_loss
from swimlanes.drawing.account import NAMES
from swimlanes.drawing.limits import amdahl_in_words
from swimlanes.drawing.possible import compute_bound, fit_worth_telling, longest_task_binds
from swimlanes.drawing.svg import duration
from swimlanes.drawing.words import (
    ONCE_THEY_END,
    PointWords,
    after_warmup,
    describe_price,
    point_in_words,
    telling_times,
    unfair_baseline,
    with_warmup,
    workers_of,
)
from swimlanes.records import Comparison, Run, ScalingPoint, ScalingStudy, way_of

_SMALLEST = 0.01
"""Parts of a run's time that are not worth a line, as a share of the whole."""
_DISTURBED = (
    "Disturbed: programs outside the run used so much of the cores that it is no fair "
    f"measurement. {ONCE_THEY_END}"
)
_FOOTNOTE = f"* {_DISTURBED[0].lower()}{_DISTURBED[1:]}"


def print_run(run: Run) -> None:
    """Print how long a run took and where the time went."""
    kind = modes.of(run.mode)
    pool = f"pool made in {duration(run.startup_s)}, {run.schedule} {duration(run.map_s)}, "
    print_text(
        f"{run.mode}: {plural(run.tasks_count, kind.task)} on {_lanes(run)} in "
        f"{duration(run.wall_time_s)}{after_warmup(run)}\n"
        f"{pool if kind.planned else ''}"
        f"CPU time {duration(run.cpu_time_s)}, usable cores {run.usable_cores}\n\n"
        f"Where the time of {_workers(run)} went:"
    )
    print_text(*(f"{share:6.1%}  {NAMES[part]}" for part, share in _shares(run)))
    print_text(*(f"\n{sentence}" for sentence in _about(run)))


def _about(run: Run) -> Iterator[str]:
    """Say what a reader of a run's figures must know."""
    if run.bare is not None:
        yield (
            f"With records, the run took {duration(run.timeline.wall_time_s or 0.0)}. Such short "
            "tasks run once more without records: the times above are of that second run, the "
            "shares are of the recorded run."
        )
    if run.disturbed:
        yield _DISTURBED
    elif run.others_load is None and not modes.of(run.mode).elsewhere:
        yield "The run is too short to tell whether other programs used the cores."
    elif run.others_share >= _SMALLEST:
        yield (
            f"Without the programs outside the run (they kept {run.others_seen:.2f} cores busy) it "
            f"might have been {run.others_share:.0%} shorter."
        )


def _lanes(run: Run) -> str:
    used = len({task.worker for task in run.tasks})
    if run.threads > 1:
        return f"{plural(used, 'thread')} of {workers_of(run.mode, run.workers, run.threads)}"
    workers = plural(run.workers, "worker")
    return workers if used == run.workers else f"{used} of {workers}"


def _workers(run: Run) -> str:
    """Count those whose time is told: in nested mode, each thread is one."""
    return plural(len(run.account.lanes), "thread" if run.threads > 1 else "worker")


def _shares(run: Run) -> list[tuple[str, float]]:
    """Return the parts of the area n × T, the largest first."""
    shares = [(part, spent_s / run.account.area_s) for part, spent_s in run.account.parts.items()]
    large = [(part, share) for part, share in shares if share > _SMALLEST]
    return sorted(large, key=lambda item: -item[1])


def print_study(study: ScalingStudy) -> None:
    """Print a line for every number of workers, and what they say together."""
    print_text(
        f"{study.mode}, {study.scaling} scaling, {study.workload}: "
        f"{plural(study.tasks_count, 'task')}{' per worker' * (study.scaling == 'weak')}, "
        f"usable cores {study.usable_cores}, serial {duration(study.serial_s)}{with_warmup(study)}"
    )
    head = ("workers", *(name.replace("_", " ") for name in PointWords._fields), "")
    tell = telling_times(study.serial_s, study.points)
    print_table(head, [_row(study, point, tell) for point in study.points])
    print_text(*_sentences(study), *study.remarks)


def _row(study: ScalingStudy, point: ScalingPoint, tell: Callable[[float], str]) -> tuple[str, ...]:
    threads = point.runs[0].threads
    return (
        f"{point.workers}" + (f" × {threads}" if threads > 1 else ""),
        *point_in_words(point, study.possible(point.workers), study.fair, tell),
        "*" if point.disturbed else "",
    )


def _sentences(study: ScalingStudy) -> Iterator[str]:
    if not study.fair:
        yield f"{unfair_baseline(study.baseline)} {ONCE_THEY_END}"
        return
    if study.usable_cores == 1 and compute_bound(study.baseline):
        yield "There is one core to use, so no number of workers makes computing faster."
    point = _widest_with_cores(study)
    if point is not None and study.scaling == "strong":
        who = workers_of(study.mode, point.workers, point.runs[0].threads)
        yield f"{who}: {describe_loss(study.baseline, point.median_run)}"
    yield from _amdahl(study)
    most = max((point.lanes for point in study.points), default=1)
    if longest_task_binds(study, most):
        yield (
            f"No number of workers brings more than {study.longest_task_ceiling:.2f}: the longest "
            "task is never divided among workers."
        )
    if any(point.disturbed for point in study.points):
        yield _FOOTNOTE


def print_comparison(record: Comparison) -> None:
    """Print a line for every way with its speedup by the number of workers, and the reasons."""
    print_text(
        f"all modes, {record.workload}: {plural(record.tasks_count, 'task')}, "
        f"usable cores {record.usable_cores}, serial {duration(record.serial_s)}"
        f"{with_warmup(record)}"
    )
    numbers = sorted({run.workers for study in record.studies for run in study.runs})
    head = ("speedup with", *(plural(number, "worker") for number in numbers))
    if not record.disturbed:
        print_table(head, [_way(record, study) for study in record.studies])
    print_text(*describe_comparison(record), *record.remarks)
    print_text(*filter(None, (describe_price(record, study) for study in record.studies)))
    print_text(*(f"Not here: {way}. {reason}" for way, reason in record.left_out))
    if any(point.disturbed for study in record.studies for point in study.points):
        print_text(_FOOTNOTE)


def _way(record: Comparison, study: ScalingStudy) -> tuple[str, ...]:
    speedups = (f"{point.speedup:.2f}{' *' * point.disturbed}" for point in record.points(study))
    return (way_of(study).name, *speedups)


def _widest_with_cores(study: ScalingStudy) -> ScalingPoint | None:
    """Return the point with the most lanes that each had a core of its own."""
    fitting = [point for point in study.points if 1 < point.lanes <= study.usable_cores]
    return fitting[-1] if fitting else None


def _amdahl(study: ScalingStudy) -> Iterator[str]:
    fit = fit_worth_telling(study)
    if fit is not None:
        yield amdahl_in_words(fit, study.usable_cores)
