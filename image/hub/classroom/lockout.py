"""Lock out for a while whoever keeps giving wrong passwords."""

from __future__ import annotations

from dataclasses import dataclass, field

ALLOWED = 5
LOCKED_S = 120.0

Key = tuple[str, ...]


@dataclass
class Lockout:
    """Count wrong passwords by key, in memory.

    The key is the account together with the address, so that nobody can lock out somebody who
    sits elsewhere, and with the password's hash. `now` is in seconds on any clock that runs
    forward.
    """

    allowed: int = ALLOWED
    locked_s: float = LOCKED_S
    _wrong: dict[Key, tuple[int, float]] = field(default_factory=dict)

    def seconds_left(self, key: Key, now: float) -> float:
        """Return for how long `key` is locked out; 0 if it is not."""
        count, last = self._wrong.get(key, (0, now))
        return max(0.0, last + self.locked_s - now) if count >= self.allowed else 0.0

    def note_wrong(self, key: Key, now: float) -> None:
        """Count a wrong password; what lies longer back than a lockout is forgotten."""
        self._wrong = {
            key: (count, last)
            for key, (count, last) in self._wrong.items()
            if now - last < self.locked_s
        }
        self._wrong[key] = (self._wrong.get(key, (0, now))[0] + 1, now)

    def note_right(self, key: Key) -> None:
        """Forget what was wrong before."""
        self._wrong.pop(key, None)
