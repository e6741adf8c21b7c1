"""``%%disturbed`` above a cell: below it, a sentence if other programs used the cores meanwhile."""

from __future__ import annotations

import time
from textwrap import fill

from swimlanes import metrics
from swimlanes.core_load import TICKS_TO_TELL_S
from swimlanes.measure.report import others
from swimlanes.watching.record import Clocks

_WIDTH = 90
"""Most letters of a line, so that a page shows it without scrolling."""


def disturbance(before: Clocks) -> str:
    """Return what to say of times that were measured since a reading; nothing if they are fair.

    The system counts in ticks. So after a short cell, the cores are watched for a moment more.
    """
    time.sleep(max(0.0, TICKS_TO_TELL_S - (time.monotonic() - before.usage.at_s)))
    cpus, cores = len(before.cores.cpus), before.cores.granted
    load = metrics.seen_load(*others(Clocks.now().since(before), cpus))
    felt = metrics.in_the_way(load, cpus, cores)
    # As in `doctor`: who shares a core gets half of it, and so loses half of what others took.
    if not metrics.is_unfair(felt, cores, felt / (2 * cores)):
        return ""
    yours = "your core" if cores == 1 else f"your {cores} cores"
    words = yours if cpus == cores else f"{cpus} CPUs"
    return fill(
        f"Other programs kept {load:.1f} of {words} busy meanwhile: do not trust the times of this "
        "cell, nor what comes from them. Wait until these programs have ended, and run the cell "
        "again.",
        _WIDTH,
    )
