"""Self-checks for the exercises: they report, and no answer makes them raise or hang.

A check looks at results, workers, overlap of lanes and ratios, never at seconds. What all of them
have in common is in `diagnosis`; a lesson's module adds what is wrong with ideas. After a check,
``hint()`` gives a hint, and ``solution()``, after the last hint, a solution. A course may bring
checks of its own, which are found here by their names as well: see `making`.
"""

from __future__ import annotations

from collections.abc import Callable

from swimlanes.checks.answers import arranged
from swimlanes.checks.lesson00 import container_cores, full_lanes, pinned_cores
from swimlanes.checks.lesson01 import mean_and_largest, problems, sweep
from swimlanes.checks.lesson02 import ask_all, last_one_done, which_map
from swimlanes.checks.lesson03 import gives_gil_back, second_thread_helps
from swimlanes.checks.lesson04 import even_ends, on_two_processes
from swimlanes.checks.lesson05 import can_travel, journeys, sent_once
from swimlanes.checks.lesson06 import most_possible, scaling_kinds, speedup
from swimlanes.checks.lesson07 import computing_threads, crowded, one_thread_each
from swimlanes.checks.lesson08 import careful_float, deposit
from swimlanes.checks.lesson09 import any_executor, at_the_same_time, choices
from swimlanes.checks.lesson10 import far_speedup, machines, shortest_tasks
from swimlanes.checks.own import own_check
from swimlanes.checks.verdict import Verdict
from swimlanes.checks.ways_out import hint, solution

__all__ = [
    "Verdict",
    "any_executor",
    "arranged",
    "ask_all",
    "at_the_same_time",
    "can_travel",
    "careful_float",
    "choices",
    "computing_threads",
    "container_cores",
    "crowded",
    "deposit",
    "even_ends",
    "far_speedup",
    "full_lanes",
    "gives_gil_back",
    "hint",
    "journeys",
    "last_one_done",
    "machines",
    "mean_and_largest",
    "most_possible",
    "on_two_processes",
    "one_thread_each",
    "pinned_cores",
    "problems",
    "scaling_kinds",
    "second_thread_helps",
    "sent_once",
    "shortest_tasks",
    "solution",
    "speedup",
    "sweep",
    "which_map",
]


def __getattr__(name: str) -> Callable[..., Verdict]:
    """Return a check that the course brings."""
    if name.startswith("_"):  # which Python and its tools ask for
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return own_check(name)
