"""Numbers in, numbers out: speedups, laws, ceilings and the area account. No clock, no state."""

from __future__ import annotations

from swimlanes.metrics.accounts import (
    PARTS,
    Account,
    LaneAccount,
    computation_scaling,
    round_to_sum,
    where_it_went,
)
from swimlanes.metrics.area import LaneTotals, account
from swimlanes.metrics.chunks import (
    ceiling,
    default_chunksize,
    longest_task_ceiling,
    makespan,
    placement_ceiling,
)
from swimlanes.metrics.laws import AmdahlFit, amdahl, fit_amdahl, gustafson, karp_flatt
from swimlanes.metrics.possible import Possible, possible
from swimlanes.metrics.ratios import (
    UNFAIR_SHARE,
    efficiency,
    in_the_way,
    is_unfair,
    seen_load,
    speedup,
    weak_efficiency,
    weak_speedup,
    without_others,
)
from swimlanes.metrics.spread import Quartiles, quartiles

__all__ = [
    "INNER_THREADS",
    "PARTS",
    "SPIN_S",
    "UNFAIR_SHARE",
    "Account",
    "AmdahlFit",
    "LaneAccount",
    "LaneTotals",
    "Possible",
    "Quartiles",
    "account",
    "amdahl",
    "ceiling",
    "computation_scaling",
    "default_chunksize",
    "efficiency",
    "fit_amdahl",
    "gustafson",
    "in_the_way",
    "is_unfair",
    "karp_flatt",
    "longest_task_ceiling",
    "makespan",
    "placement_ceiling",
    "possible",
    "quartiles",
    "round_to_sum",
    "seen_load",
    "speedup",
    "weak_efficiency",
    "weak_speedup",
    "where_it_went",
    "without_others",
]

SPIN_S = 0.1
"""So long the threads of BLAS compute nothing, but spin, when they have just been made, seconds."""
INNER_THREADS = 0.1
"""CPU time of threads inside the tasks, per CPU time of the tasks' own, from which on it counts."""
