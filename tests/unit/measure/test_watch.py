"""What is noted beside the record sheet."""

import os

import pytest

from swimlanes import run
from swimlanes.measure import watch
from swimlanes.measure.watch import KEPT_BYTES, CoreLoadLog, Printed


def test_what_is_printed_is_kept():
    printed = Printed()
    assert printed.text == ""
    printed.add(b"halb ")
    printed.add("größer".encode()[:3])
    printed.add("größer".encode()[3:])
    assert printed.text == "halb größer"


def test_of_much_that_is_printed_the_end_is_kept():
    printed = Printed()
    for number in range(1000):
        printed.add(b"%03d|" % number * 1000)
    head, _, kept = printed.text.partition("\n")
    assert head == f"[the first {4_000_000 - KEPT_BYTES} bytes are left out]"
    assert len(kept) == KEPT_BYTES
    assert kept.endswith("999|")


def test_no_load_before_the_start():
    assert CoreLoadLog([0]).samples(0, 0) == ()


def test_the_load_of_a_run_is_told_apart_from_that_of_others():
    load = run("count-down", mode="serial", tasks=10, task_ms=100).timeline.core_load
    assert len(load) >= 3
    assert all(len(sample.own) == len(sample.busy) for sample in load)
    own = sum(max(sample.own) for sample in load[1:])
    assert own > 0.3 * len(load[1:])  # on a busy machine less than all of a core


SPAN_NS = watch.LOAD_SPAN_NS


class Machine:
    """A machine whose clock and counters are moved by hand."""

    def __init__(self):
        self.now_ns, self.busy_s, self.threads = 10**12, {0: 50.0, 1: 60.0, 9: 70.0}, {}

    def pass_by(self, span_ns=SPAN_NS, busy_s=(), threads=()):
        self.now_ns += span_ns
        for cpu, time_s in dict(busy_s).items():
            self.busy_s[cpu] += time_s
        self.threads = dict(threads)


@pytest.fixture
def machine(monkeypatch):
    machine = Machine()
    monkeypatch.setattr(watch.time, "monotonic_ns", lambda: machine.now_ns)
    monkeypatch.setattr(watch.core_load, "busy_per_cpu_s", lambda: dict(machine.busy_s))
    monkeypatch.setattr(watch.core_load, "thread_usage", lambda pids: dict(machine.threads))
    return machine


def test_the_load_is_told_span_by_span_in_shares_of_each_core(machine):
    log, start_ns = CoreLoadLog([1, 0]), machine.now_ns
    machine.pass_by(2 * SPAN_NS, {0: 0.1, 1: 0.3, 9: 0.4}, {70: (0, 0.05), 71: (1, 0.2)})
    log.look([7])
    machine.pass_by(SPAN_NS, {0: 0.2}, {70: (0, 0.15), 71: (1, 0.2)})
    log.look([7])
    first, second = log.samples(start_ns, 0)
    assert (first.until_s, second.until_s) == pytest.approx((0.4, 0.6))
    assert first.busy == pytest.approx((0.75, 0.25))
    assert first.own == pytest.approx((0.5, 0.125))
    assert second.busy == pytest.approx((0.0, 1.0))
    assert second.own == pytest.approx((0.0, 0.5))


def test_no_core_is_busy_for_longer_than_there_was(machine):
    log, start_ns = CoreLoadLog([0, 1]), machine.now_ns
    machine.pass_by(SPAN_NS, {0: 0.21, 1: -0.01}, {70: (0, 0.5)})
    log.look([7])
    (sample,) = log.samples(start_ns, 0)
    assert (sample.busy, sample.own) == ((1.0, 0.0), (1.0, 0.0))


def test_threads_on_one_core_add_up_and_those_on_cores_of_others_do_not_count(machine):
    log, start_ns = CoreLoadLog([0]), machine.now_ns
    machine.pass_by(SPAN_NS, threads={70: (0, 0.05), 71: (0, 0.1), 72: (9, 0.2)})
    log.look([7])
    assert log.samples(start_ns, 0)[0].own == pytest.approx((0.75,))


def test_a_thread_counts_where_it_was_seen_last_with_what_it_used_since(machine):
    log, start_ns = CoreLoadLog([0, 1]), machine.now_ns
    machine.pass_by(threads={70: (0, 5.0)})
    log.look([7])
    machine.pass_by(threads={70: (1, 5.1), 71: (1, 0.05)})
    log.look([7])
    assert log.samples(start_ns, 0)[-1].own == pytest.approx((0.0, 0.75))


def test_when_the_run_is_over_its_threads_are_as_they_were_till_then(machine):
    log, start_ns = CoreLoadLog([0]), machine.now_ns
    machine.pass_by(threads={70: (0, 0.1)})
    log.look([7])
    machine.pass_by(busy_s={0: 0.1})
    log.look(None)
    assert [sample.own for sample in log.samples(start_ns, 0)] == [pytest.approx((0.5,))] * 2
    short = CoreLoadLog([0])
    machine.pass_by()
    short.look(None)
    assert short.samples(start_ns, 0)[0].own == ()


@pytest.mark.parametrize(("later_ns", "samples"), [(SPAN_NS - 1, 0), (SPAN_NS, 1)])
def test_a_fresh_reading_is_enough(machine, later_ns, samples):
    log, start_ns = CoreLoadLog([0]), machine.now_ns
    machine.pass_by(later_ns)
    log.look([7])
    assert len(log.samples(start_ns, 0)) == samples


def test_a_reading_tells_something_from_some_ticks_on():
    assert 10 <= SPAN_NS * os.sysconf("SC_CLK_TCK") / 1e9 <= 50


def test_only_spans_within_the_run_are_told(machine):
    log, first_ns = CoreLoadLog([0]), machine.now_ns
    for _ in range(4):
        machine.pass_by()
        log.look([7])

    def until_s(start, end):
        at_ns = first_ns + round(start * SPAN_NS)
        end_ns = end and first_ns + round(end * SPAN_NS)
        return [sample.until_s for sample in log.samples(at_ns, end_ns)]

    assert until_s(0, 0) == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert until_s(1, 0) == pytest.approx([0.2, 0.4, 0.6])
    assert until_s(0.5, 2.5) == pytest.approx([0.1, 0.3, 0.5])
    assert until_s(0, 2) == pytest.approx([0.2, 0.4])


def test_a_core_that_is_not_told_of_is_idle(machine):
    log, start_ns = CoreLoadLog([5]), machine.now_ns
    machine.pass_by()
    log.look([7])
    assert log.samples(start_ns, 0)[0].busy == (0.0,)
