"""Checks of the lesson *Your cores*."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from swimlanes.checks.answers import a_number, a_run, gaps, verdict_on
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import Function, asks_nobody, call
from swimlanes.checks.values import hint_on, number, pictured, sequence, travelling
from swimlanes.checks.verdict import Unanswered, Verdict, not_yet, right
from swimlanes.cores import usable_cores
from swimlanes.records import TaskRecord

# What os.cpu_count() says and how many cores can work at once, on a host with 16; and a hint.
CONTAINERS = {
    "no limit": ((16, 16), "without a limit, both numbers are the host's."),
    "--cpuset-cpus 0-3": (
        (16, 4),
        "the set 0-3 has four cores, and `os.cpu_count()` does not look at it.",
    ),
    "--cpus 2": (
        (16, 2),
        "a quota is CPU time: it pays for two cores, and `os.cpu_count()` does not see it.",
    ),
}


@self_check(
    "The first number is what `os.cpu_count()` says. It counts the cores of the host, whatever the "
    "container may use.",
    "The second number is how many cores can work for you at the same time: all of the host, the "
    "cores of the set, or as many as the quota pays for.",
)
def container_cores(answers: object) -> Verdict:
    """Check predictions: option -> (what ``os.cpu_count()`` says, cores that can work at once)."""
    given = gaps(answers, list(CONTAINERS))
    wrong = [name for name, (pair, _) in CONTAINERS.items() if _pair(name, given[name]) != pair]
    praise = "`os.cpu_count()` counts the host each time. Only the limit says what is yours."
    return verdict_on(wrong, {name: hint for name, (_, hint) in CONTAINERS.items()}, praise)


@self_check(
    "The operating system knows to which cores it has pinned this process. The module `os` has a "
    "function that asks it. The first cell of the lesson calls it.",
    "`os.sched_getaffinity(0)` returns the set of these cores, and `len` counts what is in a set.",
)
def pinned_cores(function: object) -> Verdict:
    """Check a function that counts the cores the process is pinned to.

    It is called in a process of its own: first as it is, then pinned to a single core.
    """
    as_is, pinned = call(function, [(False,), (True,)], _pinned, takes="")
    all_cores, one_core = (a_number(value, function) for value in (as_is, pinned))
    if one_core != 1:
        return not_yet(
            f"When this process was pinned to one core, your function still said {one_core:g}: it "
            f"did not see the pinning. {'' if asks_nobody(function) else _who_answered(one_core)}"
            "Ask the operating system for the cores of this process."
        )
    if all_cores != (cores := len(os.sched_getaffinity(0))):
        return not_yet(
            f"Pinned to one core, your function says 1, which is right. Without the pinning it "
            f"says {all_cores:g}, and this process may run on {cores}."
        )
    if cores > 1:
        return right("It sees the pinning: when this check took all cores but one, it said 1.")
    if asks_nobody(function):
        return not_yet(
            "Your function always says 1. That is right here, where there is one core, and wrong "
            "elsewhere. Ask the operating system for the cores of this process."
        )
    return right("This process is pinned to one core, and your function says 1.")


@self_check(
    "You need two numbers: as many workers as you have cores, and at least as many tasks as "
    "workers. The lesson has put the number of your cores into the variable `cores`.",
    'Begin with `run("count-down", workers=cores, tasks=...)`. Four tasks for each core are '
    "enough.",
)
def full_lanes(run: object) -> Verdict:
    """Check a run: one worker for each usable core, each with work, all at the same time."""
    run = a_run(run)
    cores = usable_cores()
    if run.mode != "processes":
        return not_yet(
            f"This run's mode is {run.mode!r}. Leave `mode` out: this exercise is about processes."
        )
    if run.workers != cores:
        return not_yet(
            f"The number of workers in this run is {run.workers}, and the number of cores that you "
            f"may use is {int(cores)}. Make them equal."
        )
    busy = {task.worker for task in run.tasks}
    if len(busy) < run.workers:
        idle = run.workers - len(busy)
        return not_yet(f"{idle} of {run.workers} workers had nothing to do. Give more tasks.")
    if cores == 1:
        return right(
            "One core, one worker, one full lane. There is no second lane to overlap with."
        )
    if not overlapping(run.tasks):
        return not_yet("The lanes take turns: no two tasks ran at once. Make the tasks longer.")
    return right(f"{run.workers} workers, {run.workers} lanes, and tasks that run side by side.")


def overlapping(tasks: Iterable[TaskRecord]) -> bool:
    """Return whether any two tasks ran at the same time."""
    by_start = sorted(tasks, key=lambda task: task.start_s)
    return any(later.start_s < (task.end_s or 0.0) for task, later in pairwise(by_start))


def _pinned(function: Function, pin: bool) -> Any:  # noqa: ANN401 - an answer is anything
    """Call the function, if asked after giving up all cores but one."""
    if pin:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return travelling(function())


def _who_answered(said: float) -> str:
    """Tell of the variable that Python's own functions obey, if it is what was said."""
    named = os.environ.get("PYTHON_CPU_COUNT", "")
    if f"{said:g}" != named:
        return ""
    return (
        f"`PYTHON_CPU_COUNT` is set to {named} here. Where it is set, Python 3.13 and later answer "
        "with its value in `os.cpu_count()` and `os.process_cpu_count()`. "
    )


def _pair(name: str, value: object) -> tuple[float, ...]:
    """Return two numbers, raise Unanswered if it is anything else."""
    items = sequence(value) or []
    numbers = tuple(found for found in map(number, items) if found is not None)
    if len(items) != 2 or len(numbers) != 2:
        if any(item is ... for item in items):
            raise Unanswered(f"For “{name}”, a `...` is left. Replace it by a number.", "open")
        odd = next((item for item in items if number(item) is None), value)
        hint = hint_on(odd, "a number") if odd is not value else ""
        raise Unanswered(
            f"For “{name}” you wrote {pictured(value)}. Write two numbers in round brackets, like "
            f"`(8, 1)`. {hint}".strip()
        )
    return numbers
