"""The work: functions of one number that a task calls, and what it takes to give them a length."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def count_down(steps: float) -> float:
    """Count from `steps` to 0 in steps of 1.0 in pure Python: all computing, no waiting."""
    while steps > 0:
        steps -= 1.0
    return steps


def query(seconds: float) -> float:
    """Wait for `seconds`, as for the answer of a server, and return them: no computing."""
    time.sleep(seconds)
    return seconds


@dataclass(frozen=True, slots=True)
class Workload:
    """A kind of work whose tasks can be made as long as one likes.

    Attributes
    ----------
    name, label : str
        Name for the command line; name for people.
    function : callable
        What a task calls with its input.
    compute_bound : bool
        Whether a task keeps a core busy, so that more cores can help.
    probe : float or None
        Input of a probe by which a task's length is calibrated; None where the input is the
        length in seconds.
    """

    name: str
    label: str
    function: Callable[[float], float]
    compute_bound: bool
    probe: float | None

    def task_input(self, seconds: float, probe_s: float) -> float:
        """Return the input of a task that takes `seconds` if the probe takes `probe_s`."""
        if self.probe is None:
            return seconds
        return float(max(1, round(self.probe * seconds / probe_s)))


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("count-down", "count down · pure Python", count_down, True, probe=200_000.0),
        Workload("query", "query · waits for a server", query, False, probe=None),
    )
}

# CPython 3.11 runs a function slower until its eighth call, in every new process anew. Without
# this, two workers would have twice the slow calls of one and the speedup would pay for it.
for _ in range(8):
    count_down(1.0)
