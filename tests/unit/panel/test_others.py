"""The load by others, from clocks that are set by hand, and shown in the header."""

import pytest

from swimlanes.cores import Limit, UsableCores
from swimlanes.panel.header import Header, OthersLoad, Reading


def loads(*readings):
    given = iter(readings)
    others = OthersLoad([0, 1], lambda: next(given))
    return [others.look() for _ in readings[1:]]


def test_what_is_busy_and_not_ours_is_others():
    assert loads(Reading(0, 10, 3), Reading(2, 12, 4)) == [pytest.approx(0.5)]


def test_too_short_a_time_tells_nothing_and_is_not_forgotten():
    first, soon, later = Reading(0, 0, 0), Reading(0.1, 0.1, 0), Reading(1, 0.5, 0)
    assert loads(first, soon, later) == [None, pytest.approx(0.5)]


def test_ticks_never_make_it_negative():
    assert loads(Reading(0, 0, 0), Reading(1, 0.5, 0.52)) == [0.0]


def test_a_system_that_does_not_tell():
    assert loads(None, None) == [None]


def test_real_clocks_can_be_read():
    assert OthersLoad([0]).look() is None


def test_header_tells_the_share_of_all_cores():
    limits = [Limit("host", 16, "the host has 16 CPUs"), Limit("affinity", 2, "pinned to 0–1")]
    header = Header(UsableCores(limits, (0, 1)))
    assert "others" not in header.value
    header.show_others(0.5)
    assert "pinned to 0–1 · the host has 16 · other programs use 25%" in header.value
    header.show_others(None)
    assert "other programs use 25%" in header.value


def test_header_names_all_cpus_where_a_quota_lets_fewer_cores_be_used():
    limits = [Limit("host", 16, "the host has 16 CPUs"), Limit("cgroup quota", 2.0, "a quota")]
    header = Header(UsableCores(limits, range(16)))
    header.show_others(4.0)
    assert "other programs use 25% of the 16 CPUs" in header.value
