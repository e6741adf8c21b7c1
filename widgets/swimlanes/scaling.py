"""A scaling study: which runs, in which order, how often."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import Any, Literal, Unpack

from swimlanes import modes
from swimlanes.brief import shown
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
from swimlanes.measure.plan import check_choice, is_number
from swimlanes.options import PoolOptions, StudyOptions, WorkOptions, part_of, takes
from swimlanes.records import Comparison, Run, ScalingStudy
from swimlanes.records.agreement import SharedResults

ALL_UP_TO = 32
"""Up to here every number of workers is tried, beyond only some, so that a sweep has an end."""
BEYOND_CORES = 3
"""How many workers beyond the usable cores a study tries, to show where the curve bends."""
MAX_REPEATS = 1000
FEWEST_REPEATS = 5
"""Repetitions that there are before a spread can be small enough."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StudyStep:
    """One step of a sweep.

    Attributes
    ----------
    done, total : int
        Runs that have ended, runs in all; an early end makes them fewer.
    running : RunInProgress or None
        The run that goes on now; None when all have ended.
    study : ScalingStudy or None
        What has been measured so far; None before the first serial run has ended.
    """

    done: int
    total: int
    running: RunInProgress | None
    study: ScalingStudy | None


@dataclass(frozen=True)
class Design:
    """Which runs a study makes.

    Attributes
    ----------
    plan : Plan
        The mode under study; its number of workers is the largest.
    repeats : int
        Repetitions of every run, at most.
    scaling : str
        ``strong`` or ``weak``.
    spread : float or None
        Spread that is small enough for an early end, as a share of the median.
    check_results : bool
        Whether the results of the runs are compared.
    """

    plan: Plan
    repeats: int
    scaling: Literal["strong", "weak"]
    spread: float | None
    check_results: bool = True

    @property
    def one_repetition(self) -> list[Plan]:
        """The serial baseline, then the numbers of workers."""
        serial = Plan("serial", python=self.plan.python, limit_s=self.plan.limit_s)
        numbers = numbers_of_workers(self.plan.workers, usable_cores())
        return [serial, *(replace(self.plan, workers=number) for number in numbers)]

    def portions(self, plan: Plan) -> int:
        """Return how many times the baseline's work a run does."""
        return plan.workers if self.scaling == "weak" else 1


@takes(StudyOptions)
def study(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    on_progress: Callable[[int, int, ScalingStudy | None], None] | None = None,
    **options: Unpack[StudyOptions],
) -> ScalingStudy:
    """Measure the speedup over the number of workers.

    Parameters
    ----------
    workload, inputs
        The work, as for `swimlanes.run`; the serial runs do it, too.
    on_progress : callable, optional
        Called after every run with the runs done, the runs in all and the study so far.
    {options}

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
    for step in sweep(workload, inputs, **options):
        if on_progress is not None:
            on_progress(step.done, step.total, step.study)
    assert step.study is not None
    tell(step.study)
    return step.study


def tell(record: ScalingStudy | Comparison) -> None:
    """Tell the remarks to who does not ask for them; a log raises nothing, as a warning may."""
    for remark in record.remarks:
        _log.warning(remark)


@takes(StudyOptions)
def sweep(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    **options: Unpack[StudyOptions],
) -> Iterator[StudyStep]:
    """Yield the steps of a study; the parameters are those of `study`.

    Each step's run has been started and goes on while the caller looks at it. Asking for the
    next step waits for its end. To stop, cancel the run and ask no more.
    """
    mode, repeats, spread = options["mode"], options["repeats"], options["spread"]
    workers = _settled_max_workers(options["max_workers"])
    plan = make_plan(mode, workers, **part_of(options, PoolOptions))
    _check_parallel(mode)
    check_whole("repeats", repeats, MAX_REPEATS)
    check_choice("scaling", options["scaling"], ("strong", "weak"))
    _check_spread(spread)
    work = make_work(workload, inputs, **part_of(options, WorkOptions))
    design = Design(plan, int(repeats), options["scaling"], spread, options["check_results"])
    return perform(work, design)


def numbers_of_workers(most: int, cores: int) -> list[int]:
    """Return the numbers of workers that a study tries: of large ones, one in eight.

    Examples
    --------
    >>> numbers_of_workers(5, cores=2)
    [1, 2, 3, 4, 5]
    >>> numbers_of_workers(67, cores=63)[31:]
    [32, 36, 40, 45, 50, 56, 63, 67]
    """
    number, numbers = 1, {min(cores, most), most}
    while number < most:
        numbers.add(number)
        number += 1 if number < ALL_UP_TO else number // 8
    return sorted(numbers)


def perform(work: Work, design: Design) -> Iterator[StudyStep]:
    """Yield the steps of a designed study.

    A first serial run warms up and does not count. Then every repetition goes through all
    numbers of workers, so that a disturbance that lasts hits all of them alike.
    """
    plans = [design.one_repetition[0], *design.one_repetition * design.repeats]
    works = {n: work.repeated(n) for n in {design.portions(plan) for plan in plans}}
    runs: list[Run] = []
    results = SharedResults()
    study_so_far: ScalingStudy | None = None
    for done, plan in enumerate(plans):
        if _enough(study_so_far, design, done):
            break
        running = RunInProgress(works[design.portions(plan)], plan)
        yield StudyStep(done, len(plans), running, study_so_far)
        runs.append(results.of(running.result()))
        study_so_far = _collect(runs[1:], design)
    for _ in range(design.repeats):  # a speedup needs a baseline that nobody disturbed
        if study_so_far is None or study_so_far.fair:
            break
        running = RunInProgress(work, plans[0])
        yield StudyStep(len(runs), len(runs) + 1, running, study_so_far)
        runs.append(results.of(running.result()))
        study_so_far = _collect(runs[1:], design)
    yield StudyStep(len(runs), len(runs), None, study_so_far)


def _enough(study: ScalingStudy | None, design: Design, done: int) -> bool:
    """Return whether all of a repetition's runs are there and their wall times spread little."""
    repetitions, rest = divmod(done - 1, len(design.one_repetition))
    if design.spread is None or study is None or rest or repetitions < FEWEST_REPEATS:
        return False
    serial_s = [run.wall_time_s for run in study.serial_runs]
    samples = [serial_s, *(point.wall_times_s for point in study.points)]
    return all(relative_spread(sample) <= design.spread for sample in samples)


def relative_spread(values: Iterable[float]) -> float:
    """Return the width of the middle half of the values as a share of their median.

    Examples
    --------
    >>> relative_spread([1.0, 1.0, 1.0, 1.0, 9.0])
    0.0
    """
    values = list(values)
    low, _, high = quantiles(values, n=4, method="inclusive")
    return (high - low) / median(values)


def _collect(runs: list[Run], design: Design) -> ScalingStudy | None:
    serial = tuple(run for run in runs if not modes.of(run.mode).parallel)
    parallel = tuple(run for run in runs if modes.of(run.mode).parallel)
    noted = None if design.check_results else ()
    return ScalingStudy(serial, parallel, design.scaling, noted) if serial else None


def _settled_max_workers(max_workers: int | None) -> int:
    if max_workers is None:
        return min(usable_cores() + BEYOND_CORES, MAX_WORKERS)
    return max_workers


def _check_parallel(mode: str) -> None:
    if mode in modes.MODES and not modes.of(mode).parallel:
        raise RequestError(
            "A study needs workers to count, and the mode 'serial' has one. "
            "Choose threads or processes."
        )


def _check_spread(spread: object) -> None:
    if spread is not None and not (is_number(spread, 1.0) and spread < 1):
        raise RequestError(
            f"The spread for an early end must be a share between 0 and 1, not {shown(spread)}."
        )
