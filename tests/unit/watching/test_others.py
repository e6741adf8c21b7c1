"""When a cell is said to have been disturbed by other programs."""

import pytest

from swimlanes.cores import Limit, UsableCores
from swimlanes.watching import others
from swimlanes.watching.record import Clocks


@pytest.mark.parametrize(
    ("load", "error", "told"),
    [
        (0.9, 0.0, True),
        (0.9, 0.1, True),
        (0.9, 1.0, False),  # no more than what the clocks may be wrong by
        (0.01, 0.0, False),  # too little to change a time
        (0.0, 0.0, False),
        (None, None, False),  # the system does not tell
    ],
)
def test_it_is_told_of_what_was_measured_and_counts(load, error, told, monkeypatch):
    before = Clocks.now()
    cores = len(before.cores.cpus)
    seen = [None if share is None else share * cores for share in (load, error)]
    monkeypatch.setattr(others, "others", lambda *_: seen)
    sentence = others.disturbance(before)
    assert sentence.startswith("Other programs kept ") if told else sentence == ""


@pytest.mark.parametrize(("load", "said"), [(14.1, ""), (15.9, "kept 15.9 of 16 CPUs busy")])
def test_under_a_quota_others_may_have_the_cpus_that_are_left(load, said, monkeypatch):
    limits = [Limit("host", 16, "the host has 16 CPUs"), Limit("cgroup quota", 2.0, "a quota")]
    before = Clocks.now()._replace(cores=UsableCores(limits, range(16)))
    monkeypatch.setattr(others, "others", lambda *_: (load, 0.0))
    assert said in others.disturbance(before)
    assert bool(others.disturbance(before)) is bool(said)
