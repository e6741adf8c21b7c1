"""Who owns which cores: the class's cores are given out, kept, and taken back.

Pure bookkeeping. What is owned is what the engine's containers are pinned to: the spawner tells
the allocator at the start of the hub, and so nothing is forgotten when the hub restarts.

The unit is a physical core. When the host runs two hardware threads on one, both go to the same
participant, or the second to nobody: a neighbour on the other thread would be felt.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from classroom.cpus import format_cpus
from classroom.errors import NoCoresLeftError
from classroom.words import counted

ALL_IN_USE = "All cores of the class"
"""How the sentence for those who wait begins; the instructor's page adds what can be done."""
PATIENCE_S = 60.0
"""How long a place in the waiting line is kept for somebody who has stopped asking."""


@dataclass
class Allocator:
    """Give cores to owners.

    Parameters
    ----------
    groups : sequence of frozenset of int
        The class's CPUs, by physical core.
    cores_each : int
        CPUs that an owner gets.
    share : bool
        Whether cores may get a second owner when none are left.

    Examples
    --------
    >>> allocator = Allocator([frozenset({0}), frozenset({1})], cores_each=1)
    >>> sorted(allocator.claim("ada", now=0.0)), sorted(allocator.claim("bo", now=0.0))
    ([0], [1])
    """

    groups: Sequence[frozenset[int]]
    cores_each: int
    share: bool = False
    owned: dict[str, frozenset[int]] = field(default_factory=dict)
    _waiting: dict[str, float] = field(default_factory=dict)

    @property
    def seats(self) -> int:
        """How many owners can have cores to themselves."""
        return len(self._seats_in(self.groups))

    def keep(self, owner: str, cores: frozenset[int]) -> None:
        """Note what a container that was found is pinned to."""
        self.owned[owner] = cores

    def claim(self, owner: str, now: float, *, waits: bool = True) -> frozenset[int]:
        """Return the cores of `owner`, who gets some if there are any.

        Parameters
        ----------
        owner : str
            Somebody who has cores already gets the same again.
        now : float
            Seconds on any clock that runs forward; for the waiting line.
        waits : bool
            Whether `owner` gets a place in the line if no cores are free. Somebody who is absent
            gets no place: people who are there would wait behind them.

        Raises
        ------
        NoCoresLeftError
            If all have owners, or others were first in line.
        """
        if owner not in self.owned:
            self.owned[owner] = self._choose(owner, now, waits)
        self._waiting.pop(owner, None)
        return self.owned[owner]

    def release(self, owner: str) -> None:
        """Take back what `owner` has, if anything."""
        self.owned.pop(owner, None)

    def sharers(self, owner: str) -> int:
        """Return how many owners use the cores of `owner`, itself included; 0 if it has none."""
        cores = self.owned.get(owner, frozenset())
        return sum(bool(cores & others) for others in self.owned.values())

    def _choose(self, owner: str, now: float, waits: bool) -> frozenset[int]:
        free = self._seats_in(self._free_groups())
        place = self._place_in_line(owner, now, waits)
        if place < len(free):
            return free[0]
        if self.share and self.seats:
            return min(self._seats_in(self.groups), key=self._owners_on)
        raise NoCoresLeftError(self._why(place if waits else None))

    def _seats_in(self, groups: Iterable[frozenset[int]]) -> list[frozenset[int]]:
        """Cut `groups` into parts of `cores_each`, none of which has half a core of another's."""
        seats: list[frozenset[int]] = []
        seat: list[int] = []
        for group in groups:
            seat += sorted(group)
            if len(seat) >= self.cores_each:
                seats.append(frozenset(seat[: self.cores_each]))
                seat = []
        return seats

    def _free_groups(self) -> list[frozenset[int]]:
        taken = frozenset().union(*self.owned.values())
        return [group for group in self.groups if not group & taken]

    def _owners_on(self, seat: frozenset[int]) -> int:
        return sum(bool(seat & cores) for cores in self.owned.values())

    def _place_in_line(self, owner: str, now: float, waits: bool) -> int:
        """Note that `owner` asks, if it waits; return how many who still ask came before."""
        self._waiting = {
            name: asked for name, asked in self._waiting.items() if now - asked < PATIENCE_S
        }
        if waits:
            self._waiting[owner] = now
        return [*self._waiting, owner].index(owner)

    def _why(self, place: int | None) -> str:
        all_cores = format_cpus(frozenset().union(*self.groups))
        in_use = (
            f"{ALL_IN_USE} ({all_cores}) are in use, {counted(self.cores_each, 'core')} for each "
            "server"
        )
        if place is None:
            return f"{in_use}."
        return (
            f"{in_use}, and you are number {place + 1} in line. Leave this page open: it asks "
            "again by itself, and your server starts when its turn comes. If that takes long, tell "
            "your instructor that you are waiting for cores."
        )


def most_sharers(participants: int, seats: int) -> int:
    """Return how many may come to use the same cores, if all participants come.

    Examples
    --------
    >>> most_sharers(6, seats=2), most_sharers(2, seats=2)
    (3, 1)
    """
    return max(1, math.ceil(participants / max(1, seats)))
