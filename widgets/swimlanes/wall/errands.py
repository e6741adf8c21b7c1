"""What a lab asks the wall again and again: one thing at a time, in the way of nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from swimlanes.errors import SwimlanesError
from swimlanes.wall import client

T = TypeVar("T")
AGAIN_S = 5.0
"""After how long a wall is asked again that did not answer, or had no room."""


class Errands:
    """Asks the wall in the background.

    Attributes
    ----------
    under_way : bool
        Whether something is asked now.
    trouble : str
        Why the wall did not take what was asked last, if so.
    """

    def __init__(self) -> None:
        self.under_way = False
        self.trouble = ""
        self._not_before_s = 0.0

    @property
    def may_ask(self) -> bool:
        """Whether something may be asked now."""
        return not self.under_way and time.monotonic() >= self._not_before_s

    def forget_trouble(self) -> None:
        """Let something else be asked at once."""
        self.trouble, self._not_before_s = "", 0.0

    def wait(self, pause_s: float) -> None:
        """Let nothing be asked for so long."""
        self._not_before_s = time.monotonic() + pause_s

    def ask(
        self, act: Callable[[], T], done: Callable[[T], None], declined: Callable[[], None]
    ) -> None:
        """Ask the wall; what it declines ends there, and for all else it may be asked again."""
        self.under_way = True

        def told(came: T | SwimlanesError) -> None:
            if isinstance(came, SwimlanesError):
                self.trouble = str(came)
                if isinstance(came, client.Declined):
                    declined()
                else:
                    self.wait(AGAIN_S)
            else:
                self.trouble = ""
                done(came)
            self.under_way = False

        client.in_background(act, told)
