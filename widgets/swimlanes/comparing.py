"""A comparison: the same work in every way that works here, against one serial baseline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Unpack

from swimlanes import modes
from swimlanes.cores import usable_cores
from swimlanes.errors import SwimlanesError
from swimlanes.forecast import Planned
from swimlanes.measure import MAX_WORKERS, Plan, check_whole, make_plan, make_work
from swimlanes.measure.plan import check_cluster
from swimlanes.options import ComparisonOptions, ScheduleOptions, WorkOptions, part_of, takes
from swimlanes.records import Comparison, LeftOut, Run, Way
from swimlanes.scaling import MAX_REPEATS, Entry, Step, Sweep, carry_out, collect

REPEATS = 3
"""Repetitions of every run: there are many."""
_ALL_UP_TO = 5
"""Up to this one, every number of workers is tried; above it, only some."""
_SERIAL = "serial"
"""The name of the common baseline."""
ComparisonStep = Step[Comparison]
"""One step of a comparison."""


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
        Called with each `ComparisonStep`, when its run has been started. Without it, a notebook
        shows how far the comparison has come.
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
    return carry_out(comparing(workload, inputs, **options), on_progress)


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
    entries, left_out = [Entry(work, serial, _SERIAL)], []
    for way in ways():
        reason = modes.why_unavailable(way.mode)
        if reason:
            left_out.append(LeftOut(way.name, reason))
        else:
            plans = _plans(way, serial, numbers, cluster)
            entries += [Entry(work, plan, way.name) for plan in plans]
    return _ComparisonSweep(entries, int(repeats), left_out, options["check_results"]).steps()


def planned(most: int, cores: int, available: Collection[str]) -> list[Planned]:
    """Return the runs of one repetition, if these modes are available."""
    runs = [Planned(_SERIAL)]
    for way in ways():
        if way.mode in available:
            own = [Planned(_SERIAL)] * modes.of(way.mode).other_python
            runs += [*own, *(Planned(way.mode, n) for n in numbers_of_workers(most, cores))]
    return runs


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


class _ComparisonSweep(Sweep[Comparison]):
    """The runs of a comparison; without a baseline there is none, any other way may be left out."""

    def __init__(
        self, one_repetition: list[Entry], repeats: int, left_out: list[LeftOut], check: bool
    ) -> None:
        super().__init__(one_repetition, repeats)
        self._left_out = left_out
        self._noted = None if check else ()

    def leave_out(self, entry: Entry, error: SwimlanesError) -> None:
        """Keep only the reason why a way is left out."""
        if entry.way == _SERIAL:
            raise error
        self._left_out.append(LeftOut(entry.way, str(error)))

    def record(self) -> Comparison | None:
        runs: dict[str, list[Run]] = {}
        for entry, run in self.made:
            runs.setdefault(entry.way, []).append(run)
        serial = tuple(runs.pop(_SERIAL, ()))
        if not serial:
            return None
        studies = (collect(of_way, serial, noted=self._noted) for of_way in runs.values())
        begun = tuple(study for study in studies if study and study.runs)
        return Comparison(serial, begun, tuple(self._left_out), self._noted)


def ways() -> list[Way]:
    """Return the ways that are compared, in the order in which they are measured."""
    return [
        Way(mode, method)
        for mode in modes.MODES
        if modes.of(mode).compared
        for method in (modes.start_methods() if modes.of(mode).starts_processes else [None])
    ]


def _plans(way: Way, serial: Plan, numbers: Sequence[int], cluster: str | None) -> list[Plan]:
    """Return a plan for each number of workers; another interpreter has a serial run of its own."""
    address = cluster if modes.of(way.mode).elsewhere else None
    plan = make_plan(way.mode, start_method=way.start_method, cluster=address)
    own = [replace(serial, python=plan.python)] if plan.python else []
    plan = replace(
        plan, schedule=serial.schedule, chunksize=serial.chunksize, limit_s=serial.limit_s
    )
    return own + [replace(plan, workers=number) for number in numbers]
