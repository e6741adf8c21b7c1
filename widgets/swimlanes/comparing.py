"""A comparison: the same work in every way that works here, against one serial baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Unpack

from swimlanes import modes
from swimlanes.cores import usable_cores
from swimlanes.errors import RunCancelled, SwimlanesError
from swimlanes.measure import (
    MAX_WORKERS,
    Plan,
    RunInProgress,
    Work,
    check_whole,
    make_plan,
    make_work,
)
from swimlanes.measure.plan import check_cluster
from swimlanes.options import (
    ComparisonOptions,
    ScheduleOptions,
    WorkOptions,
    part_of,
    takes,
)
from swimlanes.records import Comparison, LeftOut, Run, ScalingStudy, Way
from swimlanes.records.agreement import SharedResults
from swimlanes.scaling import MAX_REPEATS, tell

REPEATS = 3
"""Repetitions of every run: there are many."""
_ALL_UP_TO = 5
"""Up to here every number of workers is tried, beyond only some of them."""


@dataclass(frozen=True)
class ComparisonStep:
    """One step of a comparison.

    Attributes
    ----------
    done, total : int
        Runs that have ended, runs in all; a way that is left out makes them fewer.
    name : str
        The way that goes on now.
    running : RunInProgress or None
        The run that goes on now; None when all have ended.
    comparison : Comparison or None
        What has been measured so far; None before the first serial run has ended.
    """

    done: int
    total: int
    name: str
    running: RunInProgress | None
    comparison: Comparison | None


@takes(ComparisonOptions, repeats=REPEATS)
def compare(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    on_progress: Callable[[ComparisonStep], None] | None = None,
    **options: Unpack[ComparisonOptions],
) -> Comparison:
    """Measure the speedup of the same work in every way that works here.

    The ways are threads, free-threaded, interpreters, processes by each start method, and the
    cluster. One that does not work here, or not for this work, is left out with the reason.

    Parameters
    ----------
    workload, inputs
        The work, as for `swimlanes.run`; the serial runs do it, too.
    on_progress : callable, optional
        Called with each `ComparisonStep`, when its run has been started.
    {options}

    Returns
    -------
    Comparison
        A curve for each way; all speedups are against the same serial runs.

    Raises
    ------
    RequestError
        If a value makes no sense; nothing was started.
    RunError
        If a serial run did not end well.

    Examples
    --------
    >>> record = compare("query", tasks=2, task_ms=1, max_workers=1, repeats=1)
    >>> record.studies[0].mode
    'threads'
    """
    for step in comparing(workload, inputs, **options):
        if on_progress is not None:
            on_progress(step)
    assert step.comparison is not None
    tell(step.comparison)
    return step.comparison


@takes(ComparisonOptions, repeats=REPEATS)
def comparing(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    **options: Unpack[ComparisonOptions],
) -> Iterator[ComparisonStep]:
    """Yield the steps of a comparison; the parameters are those of `compare`.

    Each step's run has been started and goes on while the caller looks at it. Asking for the
    next step waits for its end. To stop, cancel the run: the next step raises `RunCancelled`.
    """
    cluster, repeats, most = options["cluster"], options["repeats"], options["max_workers"]
    serial = make_plan("serial", **part_of(options, ScheduleOptions) | {"cluster": None})
    check_cluster(cluster)
    workers = min(usable_cores(), MAX_WORKERS) if most is None else most
    check_whole("workers", workers, MAX_WORKERS)
    check_whole("repeats", repeats, MAX_REPEATS)
    work = make_work(workload, inputs, **part_of(options, WorkOptions))
    numbers = numbers_of_workers(int(workers), usable_cores())
    tally = _Tally(serial, numbers, cluster, options["check_results"])
    return _perform(work, tally, int(repeats))


def numbers_of_workers(most: int, cores: int) -> list[int]:
    """Return the numbers of workers that are tried: few enough to see the end.

    Examples
    --------
    >>> numbers_of_workers(4, cores=2), numbers_of_workers(20, cores=12)
    ([1, 2, 3, 4], [1, 2, 4, 8, 12, 16, 20])
    """
    if most <= _ALL_UP_TO:
        return list(range(1, most + 1))
    doubled = {1 << power for power in range(most.bit_length())}
    return sorted(number for number in doubled | {cores, most} if number <= most)


@dataclass(eq=False)
class _Measured:
    """A way with its plans and the runs so far.

    Attributes
    ----------
    serial : Plan or None
        The serial baseline of its own interpreter, if it has another.
    plans : list of Plan
        One for each number of workers.
    """

    way: Way
    serial: Plan | None
    plans: list[Plan]
    serial_runs: list[Run] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


class _Entry(NamedTuple):
    """A run to be made: for a way, or for the common baseline; a warm-up does not count."""

    measured: _Measured | None
    plan: Plan
    counts: bool = True

    @property
    def name(self) -> str:
        return "serial" if self.measured is None else self.measured.way.name


class _Tally:
    """What is to be measured, what has been, and what was left out."""

    def __init__(
        self, serial: Plan, numbers: Sequence[int], cluster: str | None, check_results: bool
    ) -> None:
        self._serial = serial
        self._noted = None if check_results else ()
        self._serial_runs: list[Run] = []
        self._left_out: list[LeftOut] = []
        self._ways: list[_Measured] = []
        for way in ways():
            reason = modes.why_unavailable(way.mode)
            if reason:
                self._left_out.append(LeftOut(way.name, reason))
            else:
                self._ways.append(_planned(way, serial, numbers, cluster))

    def entries(self, repeats: int) -> list[_Entry]:
        """Return all runs in their order.

        Every repetition goes through all ways, so that a disturbance that lasts hits all alike.
        """
        own = [(measured, measured.serial) for measured in self._ways if measured.serial]
        warm_up = [(None, self._serial), *own]
        one_repetition: list[tuple[_Measured | None, Plan]] = [(None, self._serial)]
        for measured in self._ways:
            plans = [measured.serial, *measured.plans] if measured.serial else measured.plans
            one_repetition += [(measured, plan) for plan in plans]
        return [
            *(_Entry(*pair, counts=False) for pair in warm_up),
            *(_Entry(*pair) for pair in one_repetition * repeats),
        ]

    def follows(self, entry: _Entry) -> bool:
        """Return whether the way of a run has not been left out."""
        return entry.measured is None or entry.measured in self._ways

    def leave_out(self, entry: _Entry, error: SwimlanesError) -> None:
        """Follow a way no further and keep but the reason; without a baseline there is no way."""
        if entry.measured is None:
            raise error
        self._ways.remove(entry.measured)
        self._left_out.append(LeftOut(entry.name, str(error)))

    def add(self, entry: _Entry, run: Run) -> None:
        """Take a run, unless it does not belong to those that there are."""
        measured = entry.measured
        if measured is None:
            self._serial_runs.append(run)
            return
        (measured.runs if modes.of(run.mode).parallel else measured.serial_runs).append(run)
        self._study(measured)

    @property
    def fair(self) -> bool:
        """Whether there is a common serial run that nobody disturbed."""
        return any(not run.disturbed for run in self._serial_runs)

    @property
    def serial_entry(self) -> _Entry:
        """The common serial run, once more."""
        return _Entry(None, self._serial)

    @property
    def comparison(self) -> Comparison | None:
        """What has been measured so far."""
        if not self._serial_runs:
            return None
        studies = tuple(self._study(measured) for measured in self._ways if measured.runs)
        left_out = tuple(self._left_out)
        return Comparison(tuple(self._serial_runs), studies, left_out, self._noted)

    def _study(self, measured: _Measured) -> ScalingStudy:
        serial_runs = tuple(measured.serial_runs or self._serial_runs)
        return ScalingStudy(serial_runs, tuple(measured.runs), noted=self._noted)


def ways() -> list[Way]:
    """Return the ways that are compared, in the order in which they are measured."""
    return [
        Way(mode, method)
        for mode in modes.MODES
        if modes.of(mode).compared
        for method in (modes.start_methods() if modes.of(mode).starts_processes else [None])
    ]


def _planned(way: Way, serial: Plan, numbers: Sequence[int], cluster: str | None) -> _Measured:
    address = cluster if modes.of(way.mode).elsewhere else None
    plan = make_plan(way.mode, start_method=way.start_method, cluster=address)
    own = replace(serial, python=plan.python) if plan.python else None
    plan = replace(
        plan, schedule=serial.schedule, chunksize=serial.chunksize, limit_s=serial.limit_s
    )
    return _Measured(way, own, [replace(plan, workers=number) for number in numbers])


def _perform(work: Work, tally: _Tally, repeats: int) -> Iterator[ComparisonStep]:
    done, entries, again = 0, tally.entries(repeats), repeats
    results = SharedResults()
    while entries:
        entry, *entries = entries
        try:
            running = RunInProgress(work, entry.plan)
            yield ComparisonStep(
                done, done + 1 + len(entries), entry.name, running, tally.comparison
            )
            run = results.of(running.result())
            if entry.counts:
                tally.add(entry, run)
            done += 1
        except RunCancelled:
            raise
        except SwimlanesError as error:
            tally.leave_out(entry, error)
            entries = [later for later in entries if tally.follows(later)]
        if not entries and again and not tally.fair:
            entries, again = [tally.serial_entry], again - 1
    yield ComparisonStep(done, done, "", None, tally.comparison)
