"""A scaling study: which runs, in which order, how often."""

from __future__ import annotations

import logging
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import Any, Generic, Literal, NamedTuple, TypeVar, Unpack

from swimlanes import modes
from swimlanes.brief import plural, shown
from swimlanes.cores import usable_cores
from swimlanes.errors import RequestError, RunCancelled, SwimlanesError
from swimlanes.forecast import Planned, about, load_of, run_s
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
"""Up to this one, every number of workers is tried; above it, only some, so that a sweep ends."""
BEYOND_CORES = 3
"""How many workers beyond the usable cores a study tries, to show where the curve bends."""
MAX_REPEATS = 1000
FEWEST_REPEATS = 5
"""Repetitions that there are before a spread can be small enough."""
_log = logging.getLogger(__name__)


R = TypeVar("R", ScalingStudy, Comparison)


@dataclass(frozen=True)
class Step(Generic[R]):
    """One step of a study or a comparison.

    Attributes
    ----------
    done, total : int
        Runs that have ended, runs in all; an early end or a way that is left out makes them fewer,
        a serial run that is repeated because it was disturbed makes them more.
    running : RunInProgress or None
        The run that goes on now; None when all have ended.
    record : ScalingStudy, Comparison or None
        What has been measured so far; None before the first serial run has ended.
    name : str
        The way of a comparison that goes on now.
    time_s : float or None
        About how long all runs that are planned take if the cores are free, seconds; None where
        nobody knows how long a task takes.
    """

    done: int
    total: int
    running: RunInProgress | None
    record: R | None
    name: str = ""
    time_s: float | None = None

    @property
    def comparison(self) -> R | None:
        """The record, as the steps of a comparison call it."""
        return self.record


class Entry(NamedTuple):
    """A run to be made, and the way that it is for; a warm-up does not count."""

    work: Work
    plan: Plan
    way: str = ""
    counts: bool = True


class Sweep(ABC, Generic[R]):
    """Runs that are made one after the other, and what they say together so far.

    First every serial run warms up and does not count. Then every repetition goes through all
    entries, so that a disturbance that lasts hits all of them alike.
    """

    def __init__(self, one_repetition: list[Entry], repeats: int) -> None:
        serial = [entry for entry in one_repetition if not modes.of(entry.plan.mode).parallel]
        self._baseline = one_repetition[0]
        self._entries = [entry._replace(counts=False) for entry in serial]
        self._entries += one_repetition * repeats
        self._again = repeats
        self.made: list[tuple[Entry, Run]] = []

    @abstractmethod
    def record(self) -> R | None:
        """Return what has been measured so far; None before the first serial run has ended."""

    def enough(self, record: R | None) -> bool:
        """Return whether no more runs are needed."""
        return False

    def leave_out(self, entry: Entry, error: SwimlanesError) -> None:
        """Note that the way of an entry is not followed any further, or refuse that."""
        raise error

    def steps(self) -> Iterator[Step[R]]:
        """Yield a step for each run that goes on, and one when all have ended."""
        results, record, done, time_s = SharedResults(), self.record(), 0, self._time_s()
        while self._entries:
            entry = self._entries.pop(0)
            try:
                running = RunInProgress(entry.work, entry.plan)
                total = done + 1 + len(self._entries)
                yield Step(done, total, running, record, entry.way, time_s)
                run = results.of(running.result())
                if entry.counts:
                    self.made.append((entry, run))
                record, done = self.record(), done + 1
            except RunCancelled:
                raise
            except SwimlanesError as error:
                self.leave_out(entry, error)
                self._entries = [later for later in self._entries if later.way != entry.way]
                self.made = [earlier for earlier in self.made if earlier[0].way != entry.way]
                record = self.record()
            if self.enough(record):
                self._entries = []
            if not self._entries and self._again and not self._fair:
                self._entries, self._again = [self._baseline], self._again - 1
        yield Step(done, done, None, record)

    def _time_s(self) -> float | None:
        """Return about how long all runs take; the work, which may be long, is looked at once."""
        works = {id(entry.work): entry.work for entry in self._entries}
        loads = {
            key: load_of(work.name, work.task_ms, work.lengths, len(work.inputs))
            for key, work in works.items()
        }
        cores, time_s = usable_cores(), 0.0
        for entry in self._entries:
            load, plan = loads[id(entry.work)], entry.plan
            if load is None:
                return None
            time_s += run_s(load, Planned(plan.mode, plan.workers, plan.threads), cores)
        return time_s

    @property
    def _fair(self) -> bool:
        """Whether there is a baseline that nobody disturbed, which a speedup needs."""
        return any(not run.disturbed for entry, run in self.made if entry is self._baseline)


def collect(
    runs: Iterable[Run],
    serial: tuple[Run, ...] = (),
    scaling: Literal["strong", "weak"] = "strong",
    noted: tuple[str, ...] | None = None,
) -> ScalingStudy | None:
    """Return the study of these runs; `serial` are its baseline if there is none among them."""
    runs = list(runs)
    own = tuple(run for run in runs if not modes.of(run.mode).parallel)
    parallel = tuple(run for run in runs if modes.of(run.mode).parallel)
    return ScalingStudy(own or serial, parallel, scaling, noted) if own or serial else None


@dataclass(frozen=True)
class Design:
    """Which runs a study makes, for which the largest number of workers is that of `plan`.

    Every run is repeated `repeats` times, or less often if `spread` is enough: a share of the
    median.
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
        Called after every run with the runs done, the runs in all and the study so far. Without
        it, a notebook shows how far the study has come.
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

    def told(step: Step[ScalingStudy]) -> None:
        assert on_progress is not None
        on_progress(step.done, step.total, step.record)

    steps = sweep(workload, inputs, **options)
    return carry_out(steps, None if on_progress is None else told)


def carry_out(steps: Iterator[Step[R]], on_progress: Callable[[Step[R]], None] | None) -> R:
    """Go through all steps and return the record; without `on_progress`, a notebook shows a line.

    Its remarks also go to the log, for callers who do not read them. A log raises nothing, and a
    warning may.
    """
    show = on_progress or _line_in_notebook()
    for step in steps:
        show(step)
    assert step.record is not None
    for remark in step.record.remarks:
        _log.warning(remark)
    return step.record


def _line_in_notebook() -> Callable[[Step[Any]], None]:
    """Return what shows a step on a line below the cell; outside of a notebook it shows nothing."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if not hasattr(shell, "kernel"):
        return lambda step: None
    from IPython.display import display  # only a notebook has it

    line = display({"text/plain": ""}, raw=True, display_id=True)
    planned = 0

    def show(step: Step[Any]) -> None:
        nonlocal planned
        planned = planned or step.total
        line.update({"text/plain": _where(step, planned)}, raw=True)

    return show


def _where(step: Step[Any], planned: int) -> str:
    """Say how far a study or a comparison has come."""
    if step.running is None:
        more = step.done - planned
        again = f", {more} more than planned: the serial run was disturbed" if more > 0 else ""
        return f"Measured: {plural(step.done, 'run')}{again}."
    plan = step.running.plan
    who = f"{step.name or plan.mode}, {plural(plan.workers, 'worker')}"
    time = "" if step.time_s is None else f" ({about(step.time_s)} in all if the cores are free)"
    return f"Run {step.done + 1} of {step.total}: {who}{time}"


@takes(StudyOptions)
def sweep(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    **options: Unpack[StudyOptions],
) -> Iterator[Step[ScalingStudy]]:
    """Yield the steps of a study; the parameters are those of `study`.

    Each step's run has been started and goes on while the caller looks at it. Asking for the
    next step waits for its end. To stop, cancel the run and ask no more.
    """
    mode, repeats, spread = options["mode"], options["repeats"], options["spread"]
    workers = options["max_workers"]
    if workers is None:
        workers = min(usable_cores() + BEYOND_CORES, MAX_WORKERS)
    plan = make_plan(mode, workers, **part_of(options, PoolOptions))
    _check_parallel(mode)
    check_whole("repeats", repeats, MAX_REPEATS)
    check_choice("scaling", options["scaling"], ("strong", "weak"))
    _check_spread(spread)
    work = make_work(workload, inputs, **part_of(options, WorkOptions))
    design = Design(plan, int(repeats), options["scaling"], spread, options["check_results"])
    return _StudySweep(work, design).steps()


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


class _StudySweep(Sweep[ScalingStudy]):
    """The runs of a designed study."""

    def __init__(self, work: Work, design: Design) -> None:
        plans, portions = design.one_repetition, design.portions
        works = {n: work.repeated(n) for n in map(portions, plans)}
        entries = [Entry(works[portions(plan)], plan) for plan in plans]
        super().__init__(entries, design.repeats)
        self._design = design

    def record(self) -> ScalingStudy | None:
        noted = None if self._design.check_results else ()
        return collect((run for _, run in self.made), (), self._design.scaling, noted)

    def enough(self, record: ScalingStudy | None) -> bool:
        """Return whether a repetition's runs are all there and their wall times spread little."""
        spread = self._design.spread
        repetitions, rest = divmod(len(self.made), len(self._design.one_repetition))
        if spread is None or record is None or rest or repetitions < FEWEST_REPEATS:
            return False
        samples = [record.serial_wall_times_s, *(point.wall_times_s for point in record.points)]
        return all(relative_spread(sample) <= spread for sample in samples)


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


def _check_parallel(mode: str) -> None:
    if mode in modes.MODES and not modes.of(mode).parallel:
        raise RequestError(
            "A study changes the number of workers, and the mode 'serial' has only one. "
            "Choose threads or processes."
        )


def _check_spread(spread: object) -> None:
    if spread is not None and not (is_number(spread, 1.0) and spread < 1):
        raise RequestError(
            f"The spread for an early end must be a share between 0 and 1, not {shown(spread)}."
        )
