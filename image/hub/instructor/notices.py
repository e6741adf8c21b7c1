"""What has happened lately, in sentences for people who look at the page."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

KEPT = 10
NAMED = 5


@dataclass(frozen=True)
class Notice:
    """One sentence, when it was said, and whether somebody has to act."""

    at: datetime
    sentence: str
    trouble: bool


class Notices:
    """The latest notices, the newest first. They are forgotten when the hub restarts."""

    def __init__(self) -> None:
        self._kept: deque[Notice] = deque(maxlen=KEPT)

    def say(self, sentence: str, trouble: bool = False) -> None:
        """Add a notice."""
        self._kept.appendleft(Notice(datetime.now(UTC), sentence, trouble))

    def __iter__(self) -> Iterator[Notice]:
        """Iterate over the notices, the newest first."""
        return iter(list(self._kept))


def listed(names: Iterable[str]) -> str:
    """Return a few names, and how many more there are.

    Examples
    --------
    >>> listed(["ada"]), listed("abcdefg")
    ('ada', 'a, b, c, d, e and 2 more')
    """
    names = list(names)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
