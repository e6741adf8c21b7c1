"""Checks of the lesson *Processes*."""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from swimlanes import metrics
from swimlanes.brief import plural
from swimlanes.checks.answers import a_run
from swimlanes.checks.diagnosis import self_check
from swimlanes.checks.trying import Function, call, returned
from swimlanes.checks.values import named, number, sequence, shown, travelling
from swimlanes.checks.verdict import Unanswered, Verdict, not_yet, right
from swimlanes.records import Run
from swimlanes.workloads import weights

WORKERS = 2
INPUTS = (3, 1, 4, 1)
RAMPED_TASKS = 32
# Of two workers, both busy all the time.
EVEN_CEILING = 1.98
PATIENCE_S = 5.0


_APART = (
    r"argument after \* must be an iterable|not iterable.*starmap",
    "`starmap` takes each input apart into several arguments. Here an input is one argument: use "
    "`map`.",
)
_CALLED = (
    r"function\(\) takes one argument|'(tuple|list)' object is not callable",
    "`pool.map` wants the function itself, without brackets after it, and then the inputs.",
)
_NOT_ITERABLE = (
    r"object is not iterable",
    "`pool.map` wants two things: the function, and the list to go through.",
)
_CLOSED = (r"Pool not running", "The pool was gone already. Use it inside its `with` block.")
_WAITING = (
    "Does something wait for results after the `with` block? The pool has ended there, and nobody "
    "answers any more."
)


@self_check(
    "The lesson makes a pool in a `with` block and maps a function on it. Here the function and "
    "the inputs come as arguments.",
    "Two workers: `with Pool(2) as pool:`. In its block, return `pool.map(function, inputs)`.",
)
def on_two_processes(function: object) -> Verdict:
    """Check a function ``on_two_processes(function, inputs)`` that uses a pool of two.

    It is called in a process of its own, with tasks that wait until two processes are at work.
    """
    with tempfile.TemporaryDirectory() as folder:
        trial = partial(_tried, _Meeting(folder, PATIENCE_S))
        ((value, caller),) = call(
            function,
            [(INPUTS,)],
            trial,
            takes="function, inputs",
            mistakes=(_APART, _CALLED, _NOT_ITERABLE, _CLOSED),
            waiting=_WAITING,
        )
    results = _pairs(value, function)
    values = [value for value, _ in results]
    if values != list(INPUTS):
        return not_yet(
            f"The inputs are {list(INPUTS)}, and your results belong to {values}. `pool.map` gives "
            "one result for each input, in the order of the inputs."
        )
    return _processes(caller, {process for _, process in results})


@self_check(
    "A chunk is done by one worker. Which chunk should come last, so that no worker is left with "
    "much to do while the other one has nothing?",
    "Run it with each of the three values of `lengths`, and look which lanes end together.",
)
def even_ends(run: object) -> Verdict:
    """Check a run of 32 unequal tasks in the default chunks whose two lanes end together."""
    run = a_run(run)
    if (run.workers, run.tasks_count) != (WORKERS, RAMPED_TASKS):
        return not_yet(
            f"This run has {plural(run.tasks_count, 'task')} on {plural(run.workers, 'worker')}. "
            f"Take {RAMPED_TASKS} tasks on {WORKERS} workers, to compare it with the two above."
        )
    if run.chunksize != metrics.default_chunksize(RAMPED_TASKS, WORKERS):
        return not_yet(
            f"In this run, a chunk holds {plural(run.chunksize, 'task')}. Leave `chunksize` out: "
            "only the order changes."
        )
    if run.lengths not in ("ramp-up", "ramp-down", "random"):
        return not_yet(
            f"With `lengths={run.lengths!r}` these are other tasks. Choose 'ramp-up', 'ramp-down' "
            f"or "
            "'random'."
        )
    return _ends(run)


@dataclass(frozen=True)
class _Meeting:
    """A task that waits until two processes are at it; returns its input and its process.

    Each process leaves its number in `folder`. A task that waits in vain leaves a sign there, so
    that the next one does not wait again.
    """

    folder: str
    patience_s: float

    def __call__(self, *arguments: int) -> tuple[int, int]:
        if len(arguments) != 1:
            raise TypeError(f"function() takes one argument, and it got {len(arguments)}")
        (value,) = arguments
        folder = Path(self.folder)
        (folder / str(os.getpid())).touch()
        in_vain, deadline = folder / "in-vain", time.monotonic() + self.patience_s
        while len(list(folder.iterdir())) < WORKERS and not in_vain.exists():
            if time.monotonic() > deadline:
                in_vain.touch()
            time.sleep(0.005)
        return value, os.getpid()


def _tried(meeting: _Meeting, function: Function, inputs: tuple[int, ...]) -> tuple[Any, int]:
    """Return what came back, and the own process."""
    return travelling(function(meeting, list(inputs))), os.getpid()


def _pairs(value: object, function: object) -> list[tuple[Any, ...]]:
    """Return the results, each with the process that made it; raise Unanswered without."""
    items = sequence(value)
    if items is None:
        raise returned(value, f"a list of {len(INPUTS)} results", function)
    later = next((item for item in items if named(item).startswith("a result that")), None)
    if later is not None:
        raise Unanswered(
            "Your list holds results that are still to come. Their method `get` waits."
        )
    pairs = [tuple(sequence(item) or ()) for item in items]
    if any(len(pair) != 2 or number(pair[0]) is None for pair in pairs):
        raise Unanswered(
            f"Your function returned {shown(value)}. These are not the results of `function` for "
            "the inputs: return what `pool.map` returns."
        )
    return pairs


def _processes(caller: int, processes: set[int]) -> Verdict:
    if processes == {caller}:
        return not_yet(
            "The results are right, but no other process has worked. A loop and a `ThreadPool` "
            "stay "
            "in the same process. Hand the function to the `map` of a `Pool(2)`."
        )
    if len(processes) != WORKERS:
        few = len(processes) == 1
        who = "one worker" if few else f"{len(processes)} workers"
        chunk = ", and no chunk that holds all inputs" if few else ""
        return not_yet(
            f"The results are right, but {who} made them instead of {WORKERS}. "
            f"Take `Pool({WORKERS})`{chunk}."
        )
    return right("The right results in the right order, and two processes made them.")


def _ends(run: Run) -> Verdict:
    lengths = weights(run.lengths, run.tasks_count)
    possible = metrics.ceiling(lengths, run.workers, run.chunksize)
    if possible < EVEN_CEILING:
        return not_yet(
            f"With `lengths={run.lengths!r}` and these chunks, a speedup of {possible:.2f} is "
            "possible at most, and 2 would be the best. Which tasks should come last: long ones or "
            "short ones?"
        )
    return right(
        f"The longest come first: so a speedup of {possible:.2f} is possible, with 2 workers. The "
        "tasks that are left for the end are short, and fill the gaps."
    )
