"""Checks of the lesson *Your cores*."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from swimlanes.checks.answers import a_run, call, gaps, number, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check
from swimlanes.cores import usable_cores
from swimlanes.records import TaskRecord

# What os.cpu_count() says and how many cores can work at once, on a host with 16; and a hint.
CONTAINERS = {
    "no limit": ((16, 16), "without a limit both are the host's."),
    "--cpuset-cpus 0-3": (
        (16, 4),
        "the set 0-3 has four cores, and os.cpu_count() does not look at it.",
    ),
    "--cpus 2": (
        (16, 2),
        "a quota is CPU time: it pays for two cores, and os.cpu_count() does not see it.",
    ),
}


@self_check
def container_cores(answers: object) -> Verdict:
    """Check predictions: option -> (what ``os.cpu_count()`` says, cores that can work at once)."""
    given = gaps(answers, list(CONTAINERS))
    open_ = [name for name in CONTAINERS if not _is_pair(given[name])]
    if open_:
        return not_yet(f"For {open_[0]!r}, give two numbers in round brackets, like (8, 1).")
    wrong = [name for name, (pair, _) in CONTAINERS.items() if given[name] != pair]
    if wrong:
        good = len(CONTAINERS) - len(wrong)
        hint = CONTAINERS[wrong[0]][1]
        return not_yet(
            f"{good} of {len(CONTAINERS)} are right. Think again of {wrong[0]!r}: {hint}"
        )
    return right("os.cpu_count() tells of the host each time; only the limit tells of you.")


@self_check
def pinned_cores(function: object) -> Verdict:
    """Check a function that counts the cores the process is pinned to.

    It is called in a process of its own: first as it is, then pinned to a single core.
    """
    as_is, pinned = call(function, [(False,), (True,)], _pinned)
    if as_is is ...:
        return not_yet("Nothing is returned yet: write your answer where `...` stands.")
    if as_is is None:
        return not_yet("Your function returned no number. Does it end with `return`?")
    if number(pinned) != 1:
        return not_yet(
            f"Pinned to one core, your function still says {shown(pinned)}: it did not see the "
            f"pinning. {_who_answered(pinned)}"
            "Ask the operating system for this process: os.sched_getaffinity(0)."
        )
    if number(as_is) != len(os.sched_getaffinity(0)):
        return not_yet(
            f"Pinned to one core it says 1, which is right. Unpinned it says {shown(as_is)}, "
            f"and this process may run on {len(os.sched_getaffinity(0))}."
        )
    return right("It sees the pinning: when this check took all cores but one, it said 1.")


@self_check
def full_lanes(run: object) -> Verdict:
    """Check a run: one worker for each usable core, each with work, all at the same time."""
    run = a_run(run)
    cores = usable_cores()
    if run.mode != "processes":
        return not_yet(f"This run's mode is {run.mode!r}. Leave `mode` out: processes are meant.")
    if run.workers != cores:
        return not_yet(
            f"The run had {run.workers} workers for {int(cores)} cores to use. Make them equal."
        )
    busy = {task.worker for task in run.tasks}
    if len(busy) < run.workers:
        idle = run.workers - len(busy)
        return not_yet(f"{idle} of {run.workers} workers had nothing to do. Give more tasks.")
    if cores == 1:
        return right("One core, one worker, one full lane. There is no second to overlap with.")
    if not overlapping(run.tasks):
        return not_yet("The lanes take turns: no two tasks ran at once. Make the tasks longer.")
    return right(f"{run.workers} workers, {run.workers} lanes, and tasks that run side by side.")


def overlapping(tasks: Iterable[TaskRecord]) -> bool:
    """Return whether any two tasks ran at the same time."""
    by_start = sorted(tasks, key=lambda task: task.start_s)
    return any(later.start_s < (task.end_s or 0.0) for task, later in pairwise(by_start))


def _pinned(function: Callable[[], Any], pin: bool) -> Any:  # noqa: ANN401 - an answer is anything
    """Call the function, if asked after giving up all cores but one."""
    if pin:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return function()


def _who_answered(said: object) -> str:
    """Tell of the variable that Python's own functions obey, if it is what was said."""
    named = os.environ.get("PYTHON_CPU_COUNT", "")
    if number(said) is None or str(said) != named:
        return ""
    return (
        f"PYTHON_CPU_COUNT is set to {named} here, and where it is, Python 3.13 and later answer "
        "with its value in os.cpu_count() and os.process_cpu_count(). "
    )


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and None not in map(number, value)
