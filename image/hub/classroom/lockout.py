"""Slow down people who keep giving wrong passwords; a right password is never refused."""

from __future__ import annotations

from dataclasses import dataclass, field

FREE = 5
"""So many wrong passwords are answered at once."""
REMEMBERED_S = 120.0
DELAY_S = 3.0


@dataclass
class WrongPasswords:
    """Count wrong passwords by address, in memory.

    Only the answer to a wrong password waits. Nobody who has the right one is kept out by others,
    even if they sit behind the same address.
    """

    _seen: dict[str, tuple[int, float]] = field(default_factory=dict)

    def note(self, address: str, now: float) -> int:
        """Count one more from `address`, and return how many there were lately.

        Parameters
        ----------
        address : str
            As the door saw it.
        now : float
            Seconds on any clock that runs forward.
        """
        self._seen = {
            other: (count, last)
            for other, (count, last) in self._seen.items()
            if now - last < REMEMBERED_S
        }
        count = self._seen.get(address, (0, now))[0] + 1
        self._seen[address] = (count, now)
        return count
