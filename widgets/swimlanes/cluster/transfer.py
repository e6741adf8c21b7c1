"""How long workers had nothing to do because a message was under way.

Between two chunks a worker tells the scheduler of the first, the scheduler thinks and sends the
second, and the worker unpacks it and begins::

    end of a chunk --> heard ... sent --> received ... start of the next
        under way      scheduling  under way   scheduling

If the next chunk lies there already, nothing was waited for. All times are ns on one clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Trip(NamedTuple):
    """A chunk on its way to a worker and back; moments in ns, on one clock."""

    worker: int
    chunk: int
    sent_ns: int
    received_ns: int
    start_ns: int
    end_ns: int
    heard_ns: int


def under_way_ns(trips: Iterable[Trip], map_start_ns: int, graph_ns: int) -> dict[int, int]:
    """Return for each chunk how long its worker waited before it for messages under way, ns.

    Parameters
    ----------
    trips : iterable of Trip
        All chunks that were done.
    map_start_ns, graph_ns : int
        When the chunks were asked for, and when the scheduler had them.

    Examples
    --------
    >>> first = Trip(1, 0, sent_ns=30, received_ns=50, start_ns=55, end_ns=100, heard_ns=120)
    >>> second = Trip(1, 1, sent_ns=125, received_ns=145, start_ns=150, end_ns=200, heard_ns=220)
    >>> under_way_ns([first, second], map_start_ns=0, graph_ns=20)
    {0: 40, 1: 40}
    """
    lanes: defaultdict[int, list[Trip]] = defaultdict(list)
    for trip in trips:
        lanes[trip.worker].append(trip)
    return {
        chunk: waited_ns
        for lane in lanes.values()
        for chunk, waited_ns in _of_lane(lane, map_start_ns, graph_ns)
    }


def _of_lane(lane: list[Trip], free_ns: int, graph_ns: int) -> Iterator[tuple[int, int]]:
    heard_ns = graph_ns
    for trip in sorted(lane, key=lambda trip: trip.start_ns):
        until_ns = min(max(trip.received_ns, free_ns), trip.start_ns)
        thinking_ns = max(0, min(until_ns, trip.sent_ns) - max(free_ns, heard_ns))
        yield trip.chunk, max(0, until_ns - free_ns - thinking_ns)
        free_ns, heard_ns = trip.end_ns, trip.heard_ns
