"""A scaling study: which runs, in which order, how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from swimlanes.cores import usable_cores
from swimlanes.errors import RequestError
from swimlanes.measure import (
    MAX_WORKERS,
    Plan,
    RunInProgress,
    Work,
    check_whole,
    make_plan,
    make_work,
)
from swimlanes.records import Run, ScalingStudy

BEYOND_CORES = 3
"""How many workers beyond the usable cores a study tries, to show where the curve bends."""
MAX_REPEATS = 1000


@dataclass(frozen=True)
class Step:
    """One step of a sweep.

    Attributes
    ----------
    done, total : int
        Runs that have ended, runs in all.
    running : RunInProgress or None
        The run that goes on now; None when all have ended.
    study : ScalingStudy or None
        What has been measured so far; None before the first serial run has ended.
    """

    done: int
    total: int
    running: RunInProgress | None
    study: ScalingStudy | None


def study(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    mode: str = "processes",
    tasks: int = 16,
    task_ms: float = 50.0,
    max_workers: int | None = None,
    repeats: int = 5,
    on_progress: Callable[[int, int, ScalingStudy | None], None] | None = None,
) -> ScalingStudy:
    """Measure the speedup over the number of workers.

    Parameters
    ----------
    workload, inputs, tasks, task_ms
        The work, as for `swimlanes.run`.
    mode : str
        ``threads`` or ``processes``.
    max_workers : int, optional
        Largest number of workers, 1 to 256; by default three more than there are usable cores.
    repeats : int
        Repetitions of every run, 1 to 1000.
    on_progress : callable, optional
        Called after every run with the runs done, the runs in all and the study so far.

    Returns
    -------
    ScalingStudy
        The serial baseline and one point per number of workers.

    Raises
    ------
    RequestError
        If a value makes no sense; nothing was started.
    RunError
        If a run did not end well.
    """
    steps = sweep(
        workload,
        inputs,
        mode=mode,
        tasks=tasks,
        task_ms=task_ms,
        max_workers=max_workers,
        repeats=repeats,
    )
    for step in steps:
        if on_progress is not None:
            on_progress(step.done, step.total, step.study)
    assert step.study is not None
    return step.study


def sweep(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    mode: str = "processes",
    tasks: int = 16,
    task_ms: float = 50.0,
    max_workers: int | None = None,
    repeats: int = 5,
) -> Iterator[Step]:
    """Yield the steps of a study; the parameters are those of `study`.

    Each step's run has been started and goes on while the caller looks at it. Asking for the
    next step waits for its end. To stop, cancel the run and ask no more.
    """
    plans = make_plans(mode, max_workers, repeats)
    return _perform(make_work(workload, inputs, tasks, task_ms), plans)


def make_plans(mode: str, max_workers: int | None, repeats: int) -> list[Plan]:
    """Return the runs of a study in their order.

    A first serial run warms up and does not count. Then every repetition goes through all
    numbers of workers, so that a disturbance that lasts hits all of them alike.
    """
    if mode == "serial":
        raise RequestError(
            "A study needs workers to count, and the mode 'serial' has one. "
            "Choose threads or processes."
        )
    if max_workers is None:
        max_workers = min(usable_cores() + BEYOND_CORES, MAX_WORKERS)
    check_whole("workers", max_workers, MAX_WORKERS)
    check_whole("repeats", repeats, MAX_REPEATS)
    serial = make_plan("serial", 1, None, None)
    parallel = [make_plan(mode, workers, None, None) for workers in range(1, max_workers + 1)]
    return [serial, *[serial, *parallel] * repeats]


def _perform(work: Work, plans: list[Plan]) -> Iterator[Step]:
    runs: list[Run] = []
    study_so_far: ScalingStudy | None = None
    for done, plan in enumerate(plans):
        running = RunInProgress(work, plan)
        yield Step(done, len(plans), running, study_so_far)
        runs.append(running.result())
        study_so_far = _collect(runs[1:])
    yield Step(len(plans), len(plans), None, study_so_far)


def _collect(runs: list[Run]) -> ScalingStudy | None:
    serial = tuple(run for run in runs if run.mode == "serial")
    parallel = tuple(run for run in runs if run.mode != "serial")
    return ScalingStudy(serial, parallel) if serial else None
