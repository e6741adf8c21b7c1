"""A small network for each participant: which addresses are still free."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network

from classroom.errors import ClassroomError

PREFIX = 29
"""Six addresses: those of gateway, hub, proxy, door, participant, and the way to the internet."""


def free_subnet(pool: IPv4Network, taken: Iterable[IPv4Network]) -> IPv4Network:
    """Return the first part of `pool` that overlaps with nothing in `taken`.

    Raises
    ------
    ClassroomError
        If there is none.

    Examples
    --------
    >>> free_subnet(IPv4Network("10.0.0.0/28"), [IPv4Network("10.0.0.0/29")])
    IPv4Network('10.0.0.8/29')
    """
    busy = list(taken)
    for subnet in pool.subnets(new_prefix=PREFIX):
        if not any(subnet.overlaps(other) for other in busy):
            return subnet
    raise ClassroomError(
        f"The addresses CLASS_SUBNETS={pool} are used up; set a larger range that nobody else uses."
    )
