"""Checks of the lesson *Too many cooks*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swimlanes.brief import plural
from swimlanes.checks.answers import Wanted, a_run, classify
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import Function, call, returned
from swimlanes.checks.values import number, pictured, travelling
from swimlanes.checks.verdict import Unanswered, Verdict, not_yet, right

_EACH = "multiply the number of workers by the threads of each worker."
_NO_VARIABLE = f"{_EACH} Without a variable, BLAS starts a thread for each core."
# Threads that compute on a machine with 8 cores.
COMPUTING_THREADS = {
    "Pool(8), no variable is set": Wanted(64, _NO_VARIABLE),
    "Pool(8), OMP_NUM_THREADS=1": Wanted(8, _EACH),
    "Pool(2), OMP_NUM_THREADS=4": Wanted(8, _EACH),
    "Pool(4), OMP_NUM_THREADS=4": Wanted(16, _EACH),
}
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# One variable is there already, and one entry stands in no environment but this.
ENVIRONMENT = {"COLOUR_OF_THIS_CHECK": "green", "OMP_NUM_THREADS": "8"}


_NOT_A_DICT = (
    r"unsupported operand type\(s\) for \|",
    "`|` joins two dictionaries.",
)
_BY_ATTRIBUTE = (
    r"'dict' object has no attribute",
    "A dictionary holds its entries in square brackets: `copy['OMP_NUM_THREADS'] = '1'`.",
)
_NOTHING_BACK = (
    r"'NoneType' object",
    "Methods that change a dictionary, like `update`, return None. Change the copy in a line of "
    "its own, then return it.",
)


@self_check(
    "Each worker multiplies matrices with threads of its own. How many workers are there, and how "
    "many threads does each one start?",
    "Multiply the two numbers. Without a variable, each worker starts one thread for each of the 8 "
    "cores.",
)
def computing_threads(answers: object) -> Verdict:
    """Check how many threads compute, for four pools and settings on 8 cores."""
    praise = "Two of the four fit 8 cores. In the first one, each core has eight threads."
    return classify(answers, COMPUTING_THREADS, praise)


@self_check(
    "Make a copy of the dictionary first, then set the three variables in the copy, then return "
    "it. The lesson has their names in `VARIABLES`.",
    '`{**environment}` is a copy. `dict.fromkeys(VARIABLES, "1")` is a dictionary with the text '
    "`'1'` for each of the three. Both fit into one pair of curly brackets.",
)
def one_thread_each(function: object) -> Verdict:
    """Check a function that returns an environment in which libraries start one thread."""
    ((value, changed),) = call(
        function,
        [(dict(ENVIRONMENT),)],
        _tried,
        takes="environment",
        mistakes=(_NOT_A_DICT, _NOTHING_BACK, _BY_ATTRIBUTE),
    )
    if changed:
        return not_yet(
            "Your function has changed the environment that it was given, which may be the "
            "notebook's own. Make a copy first, with `dict(environment)` or `{**environment}`."
        )
    if not isinstance(value, dict):
        raise returned(value, "a dictionary", function)
    return _environment(value)


@self_check(
    "With more workers than cores, workers wait for a core. The lesson has the number of your "
    "cores in `cores`. How many workers do you need, so that they wait longer than they compute?",
    "Take six workers for each core, but no more than 256, and four tasks for each worker: "
    "`workers=min(6 * cores, 256), tasks=24 * cores`.",
)
def crowded(run: object) -> Verdict:
    """Check a run in which workers wait for a core longer than they compute."""
    run = a_run(run)
    if run.workload != "count-down":
        return not_yet(
            f"This is the workload {run.workload!r}. Take 'count-down', which computes and nothing "
            "else."
        )
    if run.mode != "processes":
        return not_yet(
            f"This is the mode {run.mode!r}. Leave `mode` out: this exercise is about processes."
        )
    useful, waiting = run.account.useful, run.account.waiting
    share = waiting / (useful + waiting)
    others = (
        f" Programs outside of this run kept {run.others_seen:.2f} cores busy at the same time. "
        "This run cannot tell how much of the waiting they caused."
        if run.disturbed
        else ""
    )
    cooks = f"{plural(run.workers, 'worker')} on {plural(int(run.usable_cores), 'core')}"
    said = f"With {cooks}, {share:.0%} of the time in tasks was waiting for a core"
    if waiting <= useful:
        return not_yet(
            f"{said}. It should be more than half: take more workers, and several tasks for each."
        )
    busy = len({task.worker for task in run.tasks})
    if busy <= run.usable_cores < run.workers:
        return not_yet(
            f"{said}, although only {plural(busy, 'worker')} had a task, and there is a core for "
            f"each of them.{others} Give several tasks for each worker."
        )
    if run.workers <= run.usable_cores:
        return not_yet(
            f"{said}, although there is a core for each worker.{others} Take more workers than "
            "cores."
        )
    return right(f"{said}.{others}")


def _tried(function: Function, environment: dict[str, str]) -> tuple[Any, bool]:
    """Return what came back, and whether what was given has changed."""
    returned = function(environment)
    items = dict(returned) if isinstance(returned, Mapping) else returned
    return travelling(items), environment != ENVIRONMENT


def _environment(items: dict[str, object]) -> Verdict:
    lost = [name for name in ENVIRONMENT if name not in items]
    if lost:
        return not_yet(
            f"{lost[0]} was in the environment that your function got, and is not in what it "
            "returned. Copy all that is in `environment`, and not the notebook's own environment."
        )
    for name in VARIABLES:
        if name in items and number(items[name]) is not None:
            raise Unanswered(
                f"{name} is the number {items[name]}. An environment holds texts: write `'1'`, in "
                "quotes."
            )
    wrong = [name for name in VARIABLES if items.get(name) != "1"]
    if wrong:
        said = pictured(items[wrong[0]]) if wrong[0] in items else "missing"
        return not_yet(f"{wrong[0]} is {said}. All three should be `'1'`: {', '.join(VARIABLES)}.")
    return right("One thread for each worker, and the notebook's own environment is as it was.")
