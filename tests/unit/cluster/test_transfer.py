"""What counts as waiting for messages, by examples made by hand; times in ns on one clock."""

import pytest

from swimlanes.cluster.clocks import Clock, over_a_run, read_clock
from swimlanes.cluster.events import Trip, under_way_ns


def trip(chunk, start, end, worker=1, **moments):
    given = {"sent_ns": start, "received_ns": start, "heard_ns": end} | moments
    return Trip(worker=worker, chunk=chunk, start_ns=start, end_ns=end, **given)


@pytest.mark.parametrize(
    ("second", "waited"),
    [
        # end 100, heard 110, sent 115, received 125, start 130: both ways, not the thinking
        ({"sent_ns": 115, "received_ns": 125}, 20),
        # it lay there before the first was done: the worker itself took its time
        ({"sent_ns": 10, "received_ns": 20}, 0),
        # it was sent before the first was done and came after it
        ({"sent_ns": 90, "received_ns": 120}, 20),
        # the scheduler thought all the time
        ({"sent_ns": 130, "received_ns": 130}, 10),
    ],
)
def test_between_two_chunks(second, waited):
    first = trip(0, 0, 100, heard_ns=110)
    waits = under_way_ns([trip(1, 130, 200, **second), first], map_start_ns=0, graph_ns=0)
    assert waits == {0: 0, 1: waited}


def test_before_the_first_chunk_the_graph_travels():
    first = trip(0, 50, 100, sent_ns=30, received_ns=45)
    assert under_way_ns([first], map_start_ns=0, graph_ns=20) == {0: 35}


def test_lanes_do_not_mix():
    trips = [trip(0, 10, 100), trip(1, 40, 90, worker=2, sent_ns=5, received_ns=30)]
    assert under_way_ns(trips, map_start_ns=0, graph_ns=5) == {0: 5, 1: 30}


def test_a_clock_is_known_within_half_the_quickest_round_trip():
    def ask():
        return 10**15

    clock = read_clock(ask)
    assert 0 < clock.uncertainty_ns < 10**9
    assert abs(clock.ahead_ns) > 10**12


def test_what_a_clock_drifted_counts_as_uncertain():
    assert over_a_run(Clock(100, 50), Clock(120, 10)) == Clock(100, 50)
    assert over_a_run(Clock(100, 5), Clock(160, 10)) == Clock(100, 70)
