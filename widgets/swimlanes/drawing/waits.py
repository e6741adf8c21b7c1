"""What tasks waited for when they neither computed nor waited for a core, in words."""

from __future__ import annotations

import math
from typing import NamedTuple

from swimlanes import modes
from swimlanes.records import Run, Waits
from swimlanes.records.run import FEWEST_LOOKS

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
    more = {kind: max(0.0, after[kind].value - before[kind].value) for kind in _WORDS}
    chance = {kind: 2 * math.hypot(after[kind].error, before[kind].error) for kind in _WORDS}
    whole = sum(more.values())
    large = [kind for kind in sorted(more, key=lambda k: -more[k]) if more[kind] > LARGE * whole]
    named = [kind for kind in large if more[kind] > chance[kind]]
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
    """How long tasks waited, lane-seconds, and the standard error of that."""

    value: float
    error: float


def _seconds(run: Run) -> dict[str, _Seconds]:
    """Return how long tasks waited for each, as far as it was seen.

    Of n looks a share p saw it; the standard error of a share is sqrt(p (1 - p) / n).
    """
    waits = run.evidence.waits if run.evidence.waits.total else Waits(other=1)
    shares = {kind: getattr(waits, kind) / waits.total for kind in _WORDS}
    return {
        kind: _Seconds(blocked * share, blocked * math.sqrt(share * (1 - share) / waits.total))
        for kind, share in shares.items()
        for blocked in [run.account.blocked]
    }


def _unknown(run: Run) -> str:
    if modes.of(run.mode).shares_gil:
        return (
            "waiting inside tasks, for data, locks or the GIL (this run cannot tell; Compare modes "
            "can)"
        )
    return "waiting inside tasks, for data or locks (this run cannot tell)"
