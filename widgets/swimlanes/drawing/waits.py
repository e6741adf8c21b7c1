"""What tasks waited for when they neither computed nor waited for a core, in words."""

from __future__ import annotations

import math
from typing import NamedTuple

from swimlanes import modes
from swimlanes.records import Run
from swimlanes.records.run import FEWEST_LOOKS

CERTAIN = 3
"""Standard errors from which on a difference is no chance."""
LARGE = 0.2
"""Share of the looks from which on what they saw is named."""
_WORDS = {
    "gil": "the GIL",
    "lock": "a lock or another thread",
    "other": "data, an answer or a pause",
}
_AMONG_PROCESSES = "a lock, or another process or thread"


def waiting_inside(serial_run: Run, run: Run) -> str:
    """Say what the tasks of a run waited for that those of the serial run did not.

    How long they waited for each is taken from how often they were seen to: the looks are spread
    evenly over the time. What may be chance, because there were few, is not named. A serial run
    that nobody looked at can only have waited for data.
    """
    waits = run.evidence.waits
    if waits.total < FEWEST_LOOKS:
        return _unknown(run)
    before, after = _seconds(serial_run), _seconds(run)
    more = {kind: max(0.0, after[kind].seen - before[kind].seen) for kind in _WORDS}
    whole = sum(more.values())
    large = [kind for kind in sorted(more, key=lambda k: -more[k]) if more[kind] > LARGE * whole]
    named = [kind for kind in large if after[kind].least > before[kind].most]
    if not named:
        return _unknown(run)
    words = _WORDS if modes.of(run.mode).in_one_process else _WORDS | {"lock": _AMONG_PROCESSES}
    return f"waiting inside tasks, for {' and for '.join(words[kind] for kind in named)}"


def waiting_between(run: Run) -> str:
    """Say what lanes waited for between two tasks, where that may be the GIL; else nothing."""
    gaps = run.evidence.gaps
    if not modes.of(run.mode).shares_gil:
        return ""
    if gaps.total < FEWEST_LOOKS:
        return "handing out tasks, or waiting for the GIL between them (this run cannot tell)"
    return "waiting for the GIL between tasks, to fetch the next one" * (gaps.gil > gaps.total / 2)


class _Seconds(NamedTuple):
    """How long tasks waited for something, lane-seconds: as it was seen, at least, at most."""

    seen: float
    least: float
    most: float


def _seconds(run: Run) -> dict[str, _Seconds]:
    """Return how long tasks waited for each, as far as it was seen."""
    waits, blocked = run.evidence.waits, run.account.blocked
    if not waits.total:
        return {kind: _Seconds(*3 * [blocked * (kind == "other")]) for kind in _WORDS}
    found = {}
    for kind in _WORDS:
        least, most = _bounds(getattr(waits, kind), waits.total)
        found[kind] = _Seconds(
            blocked * getattr(waits, kind) / waits.total, blocked * least, blocked * most
        )
    return found


def _bounds(seen: int, looks: int) -> tuple[float, float]:
    """Return between which shares the true one lies, of which so many looks saw something.

    Three standard errors to both sides of the share with two successes and two failures added
    (Agresti and Coull 1998), which holds for few looks and for shares near 0 and 1 as well.
    """
    share = (seen + 2) / (looks + 4)
    reach = CERTAIN * math.sqrt(share * (1 - share) / (looks + 4))
    return share - reach, share + reach


def _unknown(run: Run) -> str:
    if modes.of(run.mode).shares_gil:
        return (
            "waiting inside tasks, for data, locks or the GIL (this run cannot tell; Compare modes "
            "can)"
        )
    return "waiting inside tasks, for data or locks (this run cannot tell)"
