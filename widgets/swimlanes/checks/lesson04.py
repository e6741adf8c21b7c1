"""Checks of the lesson *Processes*."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from swimlanes import metrics
from swimlanes.checks.answers import a_run, call, shown
from swimlanes.checks.verdict import Verdict, not_yet, right, self_check
from swimlanes.records import Run
from swimlanes.workloads import weights

WORKERS = 2
INPUTS = (3, 1, 4, 1)
RAMPED_TASKS = 32
# Of two workers, both busy all the time.
EVEN_CEILING = 1.98
PATIENCE_S = 3.0


@self_check
def on_two_processes(function: object) -> Verdict:
    """Check a function ``on_two_processes(function, inputs)`` that uses a pool of two.

    It is called in a process of its own, with tasks that wait until two processes are at work.
    """
    with tempfile.TemporaryDirectory() as folder:
        meeting = _Meeting(folder, PATIENCE_S)
        ((results, returned, caller),) = call(function, [(INPUTS,)], partial(_tried, meeting))
    if results is None:
        return not_yet(
            f"The function should return a list of {len(INPUTS)} results, one for each input, and "
            f"what came back is {returned}. Return what `pool.map` returns."
        )
    values = [value for value, _ in results]
    if values != list(INPUTS):
        return not_yet(
            f"For the inputs {list(INPUTS)}, the results belong to {values}. "
            "`pool.map` gives them back in the order of the inputs."
        )
    return _processes(caller, {process for _, process in results})


@self_check
def even_ends(run: object) -> Verdict:
    """Check a run of 32 unequal tasks in the default chunks whose two lanes end together."""
    run = a_run(run)
    if (run.workers, run.tasks_count) != (WORKERS, RAMPED_TASKS):
        return not_yet(
            f"Tasks in this run: {run.tasks_count}, workers: {run.workers}. "
            f"Take {RAMPED_TASKS} tasks on {WORKERS} workers, to compare it with the two above."
        )
    if run.chunksize != metrics.default_chunksize(RAMPED_TASKS, WORKERS):
        return not_yet(
            f"The chunks hold {run.chunksize} here. Leave `chunksize` out: only the order changes."
        )
    if run.lengths not in ("ramp-up", "ramp-down", "random"):
        return not_yet(
            f"The lengths {run.lengths!r} are other tasks. Choose 'ramp-up', 'ramp-down' or "
            "'random'."
        )
    return _ends(run)


@dataclass(frozen=True)
class _Meeting:
    """A task that waits until two processes are at it; returns its input and its process.

    Each process leaves its number in `folder`. Who waits in vain leaves word, so that the next
    task does not wait again.
    """

    folder: str
    patience_s: float

    def __call__(self, value: int) -> tuple[int, int]:
        folder = Path(self.folder)
        (folder / str(os.getpid())).touch()
        in_vain, deadline = folder / "in-vain", time.monotonic() + self.patience_s
        while len(list(folder.iterdir())) < WORKERS and not in_vain.exists():
            if time.monotonic() > deadline:
                in_vain.touch()
            time.sleep(0.005)
        return value, os.getpid()


def _tried(
    meeting: _Meeting, function: Callable[..., Any], inputs: tuple[int, ...]
) -> tuple[list[tuple[int, int]] | None, str, int]:
    """Return the results if they are what was asked for, how they look, and the own process."""
    returned = function(meeting, list(inputs))
    results = returned if _is_list_of_pairs(returned, len(inputs)) else None
    return results, shown(returned), os.getpid()


def _is_list_of_pairs(value: object, length: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == length
        and all(isinstance(item, tuple) and len(item) == 2 for item in value)
    )


def _processes(caller: int, processes: set[int]) -> Verdict:
    if processes == {caller}:
        return not_yet(
            "The results are right, but no other process has worked. Hand the function to "
            "`pool.map` of a `Pool(2)`: a loop and a ThreadPool stay in the same process."
        )
    if len(processes) != WORKERS:
        who = "one worker" if len(processes) == 1 else f"{len(processes)} workers"
        return not_yet(
            f"The results are right, but {who} made them instead of {WORKERS}. "
            f"Take Pool({WORKERS}), and no chunk that holds all inputs."
        )
    return right("The right results in the right order, and two processes made them.")


def _ends(run: Run) -> Verdict:
    lengths = weights(run.lengths, run.tasks_count)
    possible = metrics.ceiling(lengths, run.workers, run.chunksize)
    if possible < EVEN_CEILING:
        return not_yet(
            f"With {run.lengths!r} and these chunks, at most {possible:.2f} of 2 is possible. "
            "Which tasks should come last: those that leave much to wait for, or little?"
        )
    return right(
        f"Longest first: {possible:.2f} of 2 is possible. What is left for the end is short, and "
        "fills the gaps."
    )
