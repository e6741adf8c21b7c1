"""Checks of the lesson *Too many cooks*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from swimlanes.checks.answers import Wanted, a_run, call, classify, number, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check

_EACH = "workers × threads of each; without a variable, BLAS starts a thread for each core."
# Threads that compute on a machine with 8 cores.
COMPUTING_THREADS = {
    "Pool(8), no variable is set": Wanted(64, _EACH),
    "Pool(8), OMP_NUM_THREADS=1": Wanted(8, _EACH),
    "Pool(2), OMP_NUM_THREADS=4": Wanted(8, _EACH),
    "Pool(4), OMP_NUM_THREADS=4": Wanted(16, _EACH),
}
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# One variable is there already, and one entry has nothing to do with it.
ENVIRONMENT = {"HOME": "/home/jovyan", "OMP_NUM_THREADS": "8"}


@self_check
def computing_threads(answers: object) -> Verdict:
    """Check how many threads compute, for four pools and settings on 8 cores."""
    praise = "Two of the four fit 8 cores. The first has eight cooks for every stove."
    return classify(answers, COMPUTING_THREADS, praise)


@self_check
def one_thread_each(function: object) -> Verdict:
    """Check a function that returns an environment in which libraries start one thread."""
    ((items, returned, changed),) = call(function, [(dict(ENVIRONMENT),)], _tried)
    if items is None:
        return not_yet(f"The function should return a dictionary; this is {returned}.")
    if changed:
        return not_yet(
            "Your function has changed the environment that it was given, which may be the "
            "notebook's own. Make a copy first, with `dict(environment)` or `{**environment}`."
        )
    return _environment(items)


@self_check
def crowded(run: object) -> Verdict:
    """Check a run in which workers wait for a core longer than they compute."""
    run = a_run(run)
    if run.workload != "count-down" or run.mode != "processes":
        return not_yet(
            f"This is {run.workload!r} on {run.mode!r}. Take 'count-down', which computes, and "
            "leave `mode` out: processes are meant."
        )
    useful, waiting = run.account.useful, run.account.waiting
    share = waiting / (useful + waiting)
    others = (
        f" Programs outside this run kept {run.others_seen:.2f} cores busy meanwhile: how much of "
        "that they caused, this run cannot tell."
        if run.disturbed
        else ""
    )
    cooks = f"{run.workers} worker(s) for {run.usable_cores} core(s)"
    if waiting <= useful:
        return not_yet(
            f"Of the time in tasks, {share:.0%} was spent waiting for a core, with {cooks}. "
            "More cooks, and several tasks for each!"
        )
    if run.workers <= run.usable_cores:
        return not_yet(
            f"There is a core for each worker, with {cooks}, and still {share:.0%} was spent "
            f"waiting for a core.{others} Take more cooks than cores."
        )
    said = f"Of the time in tasks, {share:.0%} was spent waiting for a core"
    return right(
        f"{said}, with {cooks}.{others}" if others else f"{said}: so it goes with {cooks}."
    )


def _tried(
    function: Callable[[Any], Any], environment: dict[str, str]
) -> tuple[dict[str, object] | None, str, bool]:
    """Return the items that came back, how that looks, and whether what was given has changed."""
    returned = function(environment)
    items = dict(returned) if isinstance(returned, dict) else None
    return items, shown(returned), environment != ENVIRONMENT


def _environment(items: dict[str, object]) -> Verdict:
    lost = [name for name in ENVIRONMENT if name not in items]
    if lost:
        return not_yet(f"{lost[0]} was in the environment and is gone. Copy all of it first.")
    numbers = [name for name in VARIABLES if name in items and number(items[name]) is not None]
    if numbers:
        return not_yet(
            f"{numbers[0]} is the number {shown(items[numbers[0]])}. An environment holds texts: "
            "write '1', in quotes."
        )
    wrong = [name for name in VARIABLES if items.get(name) != "1"]
    if wrong:
        return not_yet(
            f"{wrong[0]} is {shown(items[wrong[0]]) if wrong[0] in items else 'missing'}. "
            f"All three should be '1': {', '.join(VARIABLES)}."
        )
    return right("One thread for each worker, and the notebook's own environment is as it was.")
