"""How often somebody may send something."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from swimlanes.brief import plural
from swimlanes.wall.refusals import TooMuch

WITHIN_S = 60


class Pace:
    """Counts what each seat sends within a minute.

    Parameters
    ----------
    act : str
        What a seat does with it, for the refusal, such as ``"shared"``.
    most : int
        So often a seat may do so.
    seats : int
        Of so many seats it keeps count at a time.
    now_s : callable
        A clock, seconds.
    """

    def __init__(self, act: str, most: int, seats: int, now_s: Callable[[], float]) -> None:
        self._act, self._most, self._seats, self._now_s = act, most, seats, now_s
        self._sent_s: dict[str, deque[float]] = {}

    def keep(self, seat: str) -> None:
        """Count one more, or refuse it."""
        self._forget_before(self._now_s() - WITHIN_S)
        if seat not in self._sent_s and len(self._sent_s) >= self._seats:
            raise TooMuch("Too many people send something just now: wait for a minute.")
        sent_s = self._sent_s.setdefault(seat, deque())
        if len(sent_s) >= self._most:
            raise TooMuch(
                f"You {self._act} {plural(self._most, 'time')} within a minute: wait for the next "
                "one."
            )
        sent_s.append(self._now_s())

    def _forget_before(self, time_s: float) -> None:
        for seat, sent_s in list(self._sent_s.items()):
            while sent_s and sent_s[0] <= time_s:
                sent_s.popleft()
            if not sent_s:
                del self._sent_s[seat]
