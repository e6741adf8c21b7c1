"""Signals that end a command: they are raised again until they were heard."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

HEARD_WITHIN_S = 3.0
"""From when on a signal was dropped, seconds: to end a run takes less."""
ENDED = 128 + signal.SIGTERM


@contextmanager
def heard() -> Iterator[None]:
    """Have SIGINT and SIGTERM end what goes on within.

    Python drops what a handler raises while a weak reference's callback or ``__del__`` runs, and so
    do packages that try this and that while they are imported. Then nobody would ever hear of it.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # nobody wants it ignored
        signal.signal(signal.SIGINT, _raise)
    signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _raise(number: int, _: object = None) -> NoReturn:
    signal.signal(signal.SIGALRM, lambda *_: _raise(number))
    signal.setitimer(signal.ITIMER_REAL, HEARD_WITHIN_S)
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(ENDED)
