"""Never two owners, never lost: whatever happens in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from classroom.allocator import PATIENCE_S, Allocator, most_sharers
from classroom.cpus import format_cpus, parse_cpus, sibling_groups
from classroom.errors import NoCoresLeftError

NAMES = st.sampled_from("abcdefgh")


def physical_cores(threads, cores):
    """Number the hardware threads as Linux does: first one of every core, then the second."""
    return [frozenset(range(core, threads * cores, cores)) for core in range(cores)]


def claim(allocator, owner, now=0.0, waits=True):
    """Return what `owner` gets, or None for a place in the line."""
    try:
        return allocator.claim(owner, now, waits=waits)
    except NoCoresLeftError:
        return None


class Class(RuleBasedStateMachine):
    """People come, go and come back; the hub restarts and asks the engine what is pinned."""

    @initialize(threads=st.integers(1, 2), cores=st.integers(1, 6), each=st.integers(1, 4))
    def open(self, threads, cores, each):
        self.groups = physical_cores(threads, cores)
        self.each = each
        self.containers = {}
        self.now = 0.0
        self.restart()

    @rule()
    def restart(self):
        self.allocator = Allocator(self.groups, self.each)
        for owner, cores in self.containers.items():
            self.allocator.keep(owner, cores)

    @rule(owner=NAMES, seconds=st.floats(0, 2 * PATIENCE_S), waits=st.booleans())
    def come(self, owner, seconds, waits):
        self.now += seconds
        before = self.containers.get(owner)
        if cores := claim(self.allocator, owner, self.now, waits):
            assert before in (None, cores), "who comes back keeps the same"
            self.containers[owner] = cores

    @rule(owner=NAMES)
    def go(self, owner):
        self.allocator.release(owner)
        self.containers.pop(owner, None)

    @invariant()
    def never_two_owners_of_one_physical_core(self):
        owners = list(self.allocator.owned.values())
        for group in self.groups:
            assert sum(bool(group & cores) for cores in owners) <= 1

    @invariant()
    def everybody_has_the_same_number(self):
        assert {len(cores) for cores in self.allocator.owned.values()} <= {self.each}

    @invariant()
    def never_lost(self):
        assert self.allocator.owned == self.containers
        free = frozenset().union(*self.groups) - frozenset().union(*self.containers.values())
        if not self.containers:
            assert free == frozenset().union(*self.groups)


Class.TestCase.settings = settings(deadline=None, max_examples=60, stateful_step_count=30)
TestClass = Class.TestCase


@given(threads=st.integers(1, 2), cores=st.integers(1, 40), each=st.integers(1, 8))
@settings(deadline=None)
def test_as_many_get_cores_as_there_are_seats(threads, cores, each):
    allocator = Allocator(physical_cores(threads, cores), each)
    got = [claim(allocator, str(number)) for number in range(allocator.seats + 1)]
    assert None not in got[:-1]
    assert got[-1] is None
    assert allocator.seats == cores // -(-each // threads)


def test_siblings_stay_together_and_are_nobody_elses():
    allocator = Allocator(physical_cores(threads=2, cores=4), cores_each=2)
    assert claim(allocator, "ada") == {0, 4}
    odd = Allocator(physical_cores(threads=2, cores=4), cores_each=1)
    assert [claim(odd, name) for name in "ab"] == [{0}, {1}], "4 and 5 stay idle"


def test_who_waits_is_told_why_and_served_in_turn():
    allocator = Allocator([frozenset({0}), frozenset({1})], cores_each=1)
    claim(allocator, "ada"), claim(allocator, "bo")
    with pytest.raises(NoCoresLeftError, match=r"\(0-1\) are in use, 1 core .* number 1 in line"):
        allocator.claim("cy", now=1.0)
    with pytest.raises(NoCoresLeftError, match="number 2 in line"):
        allocator.claim("di", now=2.0)
    allocator.release("ada")
    assert claim(allocator, "di", now=3.0) is None, "cy was first"
    assert claim(allocator, "cy", now=4.0) == {0}


def test_a_place_is_lost_by_whoever_stops_asking():
    allocator = Allocator([frozenset({0})], cores_each=1)
    claim(allocator, "ada"), claim(allocator, "bo", now=1.0)
    allocator.release("ada")
    assert claim(allocator, "cy", now=2.0 + PATIENCE_S) == {0}


def test_who_is_absent_keeps_nobody_waiting_and_gets_nothing_of_those_who_wait():
    allocator = Allocator([frozenset({0})], cores_each=1)
    claim(allocator, "ada")
    assert claim(allocator, "absent", waits=False) is None
    allocator.release("ada")
    assert claim(allocator, "bo") == {0}
    assert claim(allocator, "cy") is None
    allocator.release("bo")
    assert claim(allocator, "absent", waits=False) is None, "cy waits"
    assert claim(allocator, "cy") == {0}


def test_sharing_spreads_people_evenly_once_all_cores_have_owners():
    allocator = Allocator([frozenset({0}), frozenset({1})], cores_each=1, share=True)
    got = [claim(allocator, name) for name in "abcdef"]
    assert got[:2] == [{0}, {1}]
    assert got.count({0}) == got.count({1}) == 3
    assert [allocator.sharers(name) for name in "abx"] == [3, 3, 0]


def test_fewer_cores_than_one_needs_are_no_seat():
    allocator = Allocator([frozenset({0})], cores_each=2, share=True)
    assert allocator.seats == 0
    assert claim(allocator, "ada") is None


@pytest.mark.parametrize(("people", "seats", "most"), [(6, 2, 3), (7, 2, 4), (2, 2, 1), (1, 0, 1)])
def test_how_many_may_come_to_share(people, seats, most):
    assert most_sharers(people, seats) == most


@given(st.frozensets(st.integers(0, 4095), min_size=1))
def test_cores_are_written_as_docker_writes_them(cpus):
    assert parse_cpus(format_cpus(cpus)) == cpus


def test_the_host_says_which_threads_are_siblings(tmp_path):
    for cpu, siblings in enumerate(["0,2", "1,3", "0,2", "1,3"]):
        folder = tmp_path / f"cpu{cpu}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(f"{siblings}\n")
    assert sibling_groups({0, 1, 2, 3}, tmp_path) == [{0, 2}, {1, 3}]
    assert sibling_groups({0, 1, 3}, tmp_path) == [{0}, {1, 3}]
    assert sibling_groups({7}, tmp_path) == [{7}], "a host that says nothing has no siblings"
