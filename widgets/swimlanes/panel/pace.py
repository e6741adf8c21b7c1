"""How often to draw: often enough to look live, so seldom that it never slows the work."""

from __future__ import annotations

import time
from collections.abc import Callable

REDRAW_S = 0.2
DRAWING_SHARE = 0.05
"""A picture may take this share of the time at most."""


class Pace:
    """Draws when it is time again: five times a second, less often if it takes long.

    Parameters
    ----------
    clock : callable
        Returns seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next_s = 0.0

    def draw(self, picture: Callable[[], None]) -> None:
        """Draw a picture, or not yet."""
        begin_s = self._clock()
        if begin_s < self._next_s:
            return
        self._next_s = begin_s + REDRAW_S
        picture()  # which may call for haste
        cost_s = self._clock() - begin_s
        self._next_s = max(self._next_s, begin_s + cost_s / DRAWING_SHARE)

    def hurry(self) -> None:
        """Let the next picture be drawn as soon as its share of the time allows."""
        self._next_s = 0.0
