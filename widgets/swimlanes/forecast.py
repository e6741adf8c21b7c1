"""About how many runs there will be, and how long they take, before the first one begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from swimlanes import modes
from swimlanes.brief import plural
from swimlanes.workloads import WORKLOADS, weights


class Load(NamedTuple):
    """The work of a run: all tasks and the longest one, seconds, their number, and if they wait."""

    serial_s: float
    longest_s: float
    tasks: int
    waits: bool


class Planned(NamedTuple):
    """A run that is to be made."""

    mode: str
    workers: int = 1
    threads: int = 1


def load_of(workload: str, task_ms: float | None, lengths: str, tasks: int) -> Load | None:
    """Return the work of a workload; None where nobody knows how long its tasks take.

    Examples
    --------
    >>> load_of("query", 1000, "1,60", tasks=2)
    Load(serial_s=61.0, longest_s=60.0, tasks=2, waits=True)
    """
    if task_ms is None or workload not in WORKLOADS or WORKLOADS[workload].in_bytes:
        return None
    factors = weights(lengths, tasks)
    return Load(
        task_ms / 1000 * sum(factors),
        task_ms / 1000 * max(factors),
        tasks,
        WORKLOADS[workload].waits,
    )


def run_s(load: Load, planned: Planned, cores: int) -> float:
    """Return about how long a run takes on free cores, seconds; start and end are in it.

    It is never shorter than its longest task.
    """
    kind = modes.of(planned.mode)
    take_turns = kind.shares_gil and not kind.starts_processes
    at_once = 1 if take_turns else min(planned.workers, cores)
    if load.waits:
        at_once = planned.workers * planned.threads
    shared_s = load.serial_s / min(at_once, load.tasks)
    return kind.around_s + max(load.longest_s, shared_s)


def in_words(what: str, runs: int, time_s: float | None) -> str:
    """Say how many runs there will be, and about how long they take if that is known.

    Examples
    --------
    >>> in_words("Sweep", 7, 33), in_words("Sweep", 7, None)
    ('Sweep makes 7 runs, about 35 s if the cores are free.', 'Sweep makes 7 runs.')
    """
    time = "" if time_s is None else f", {about(time_s)} if the cores are free"
    return f"{what} makes {plural(runs, 'run')}{time}."


def all_runs(one_repetition: Sequence[Planned], repeats: int) -> list[Planned]:
    """Return the runs of a study or a comparison; every serial run warms up first."""
    warmups = [planned for planned in one_repetition if not modes.of(planned.mode).parallel]
    return [*warmups, *(planned for _ in range(repeats) for planned in one_repetition)]


def about(time_s: float) -> str:
    """Return a time in words that promise no more than an estimate can.

    Examples
    --------
    >>> about(3), about(33), about(200)
    ('a few seconds', 'about 35 s', 'about 3 min')
    """
    if time_s < 10:
        return "a few seconds"
    return f"about {5 * round(time_s / 5)} s" if time_s < 90 else f"about {time_s / 60:.0f} min"


def sum_s(load: Load | None, runs: Iterable[Planned], cores: int) -> float | None:
    """Return about how long runs of the same work take together, seconds; None if not known."""
    return None if load is None else sum(run_s(load, planned, cores) for planned in runs)
