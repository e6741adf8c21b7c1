"""Self-checks for the exercises: they report, and no answer makes them raise or hang.

A check looks at results, workers, overlap of lanes and ratios, never at seconds.
"""

from __future__ import annotations

from swimlanes.checks.lesson00 import container_cores, full_lanes, pinned_cores
from swimlanes.checks.lesson03 import gives_gil_back, second_thread_helps
from swimlanes.checks.lesson06 import most_possible, scaling_kinds, speedup
from swimlanes.checks.ordering import arranged
from swimlanes.checks.verdict import Verdict

__all__ = [
    "Verdict",
    "arranged",
    "container_cores",
    "full_lanes",
    "gives_gil_back",
    "most_possible",
    "pinned_cores",
    "scaling_kinds",
    "second_thread_helps",
    "speedup",
]
