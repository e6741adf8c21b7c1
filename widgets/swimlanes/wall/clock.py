"""The clock of the wall and of labs: it goes on while the computer sleeps."""

from __future__ import annotations

import time


def now_s() -> float:
    """Return seconds since some moment, which no setting of the clock moves.

    A laptop that is closed in the break shall not stop a timer, as `time.monotonic` does on Linux.
    """
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
