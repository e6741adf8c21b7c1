"""The clock of the wall and of labs: it goes on while the computer sleeps."""

from __future__ import annotations

import time


def now_s() -> float:
    """Return seconds since some moment, which no setting of the clock moves.

    A laptop that is closed in the break shall not stop a timer, as `time.monotonic` does. On Linux
    and on macOS, it is another clock that goes on.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
