"""What is noted beside the record sheet."""

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from itertools import pairwise
from types import SimpleNamespace

import pytest

from swimlanes import core_load, run
from swimlanes.measure import watch
from swimlanes.measure.watch import KEPT_BYTES, LOAD_SPAN_NS, MOST_SPANS, CoreLoadLog, Printed

START_NS = 10**9


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


def test_what_lives_below_a_process_of_the_run_is_its_own(eventually):
    spin = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"
    log, start_ns = CoreLoadLog(sorted(os.sched_getaffinity(0))), time.monotonic_ns()
    with subprocess.Popen([sys.executable, "-c", spin], start_new_session=True) as parent:

        def computes():
            log.look({parent.pid})
            return sum(sum(sample.own) for sample in log.samples(start_ns, 0)) > 0.5

        try:
            eventually(computes)
        finally:
            os.killpg(parent.pid, signal.SIGKILL)


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
    monkeypatch.setattr(watch.core_load, "with_descendants", set)
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


def test_the_load_is_told_up_to_the_end_of_a_run(machine):
    log, start_ns = CoreLoadLog([0]), machine.now_ns
    machine.pass_by(SPAN_NS, {0: 0.2}, {70: (0, 0.1)})
    log.look([7])
    machine.pass_by(SPAN_NS // 2, {0: 0.04})
    log.look(None)
    (sample,) = log.samples(start_ns, machine.now_ns)
    assert sample.until_s == pytest.approx(0.3)
    assert sample.busy == pytest.approx((0.8,))
    assert sample.own == pytest.approx((0.5,))


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


@pytest.fixture
def many_cores(monkeypatch):
    """Give a machine of 600 CPUs whose clocks go on when they are told to."""
    state = SimpleNamespace(now_ns=START_NS, busy_s=dict.fromkeys(range(600), 0.0), threads={})
    clock = SimpleNamespace(monotonic_ns=lambda: state.now_ns)
    monkeypatch.setattr(watch, "time", clock)
    monkeypatch.setattr(core_load, "busy_per_cpu_s", lambda: dict(state.busy_s))
    monkeypatch.setattr(core_load, "thread_usage", lambda pids: dict(state.threads))
    monkeypatch.setattr(core_load, "with_descendants", set)

    def go_on(busy, own=0.0, thread=7, cpu=400):
        """Let a reading's time pass, in which two CPUs are busy, and a thread of ours on one."""
        state.now_ns += LOAD_SPAN_NS
        state.busy_s[cpu] += busy * 0.2
        state.busy_s[401] += 0.1
        used_s = state.threads.get(thread, (cpu, 0.0))[1]
        state.threads[thread] = cpu, used_s + own * 0.2

    state.go_on = go_on
    return state


def areas(samples):
    """Return the time that each core was busy, and busy with the run, seconds."""
    edges = [0.0, *(sample.until_s for sample in samples)]
    spans = [until - since for since, until in pairwise(edges)]
    return tuple(
        [sum(span * load[core] for span, load in zip(spans, loads, strict=True)) for core in (0, 1)]
        for loads in ([s.busy for s in samples], [s.own for s in samples])
    )


@pytest.mark.parametrize("readings", [3, MOST_SPANS, MOST_SPANS + 1, 4 * MOST_SPANS + 3])
def test_the_log_is_bounded_and_its_sums_are_exact(many_cores, readings):
    log = CoreLoadLog([400, 401])
    for reading in range(readings):
        many_cores.go_on(busy=reading % 5 / 4, own=reading % 5 / 8)
        log.look([1])
    samples = log.samples(START_NS, 0)
    assert min(readings, MOST_SPANS // 2) <= len(samples) <= MOST_SPANS
    assert samples[-1].until_s == pytest.approx(readings * 0.2)
    edges = [0.0, *(sample.until_s for sample in samples[:-1])]  # the last span still grows
    assert {round(until - since, 6) for since, until in pairwise(edges)} == {round(edges[1], 6)}
    busy, own = areas(samples)
    wanted = sum(reading % 5 / 4 for reading in range(readings)) * 0.2
    assert busy == pytest.approx([wanted, 0.1 * readings])
    assert own == pytest.approx([wanted / 2, 0.0])


def test_two_readings_in_a_row_are_one(many_cores):
    log = CoreLoadLog([400, 401])
    many_cores.go_on(1.0)
    log.look([1])
    many_cores.now_ns += LOAD_SPAN_NS - 1
    log.look([1])
    assert len(log.samples(START_NS, 0)) == 1


def test_only_the_usable_cores_are_noted_whatever_their_ids(many_cores):
    log = CoreLoadLog(range(300, 600))
    many_cores.go_on(1.0, own=1.0)
    log.look([1])
    (sample,) = log.samples(START_NS, 0)
    assert len(sample.busy) == len(sample.own) == 300
    assert (sample.busy[100], sample.own[100], sample.own[101]) == pytest.approx((1.0, 1.0, 0.0))


def test_the_end_of_a_run_is_as_it_was_till_then(many_cores):
    log = CoreLoadLog([400, 401])
    for _ in range(2):
        many_cores.go_on(1.0, own=0.5)
        log.look([1])
    many_cores.go_on(1.0, own=0.5)
    log.look(None)
    samples = log.samples(START_NS, many_cores.now_ns)
    assert [sample.own for sample in samples] == [samples[0].own] * 3


def test_what_was_before_and_after_the_run_is_left_out(many_cores):
    log = CoreLoadLog([400, 401])
    for _ in range(6):
        many_cores.go_on(1.0)
        log.look([1])
    moments = [START_NS + reading * LOAD_SPAN_NS for reading in range(7)]
    samples = log.samples(moments[2], moments[4])
    assert [sample.until_s for sample in samples] == pytest.approx([0.2, 0.4])


def test_an_hour_on_many_cores_takes_little_memory(many_cores):
    log = CoreLoadLog(range(300, 428))
    tracemalloc.start()
    for _ in range(5 * 3600):
        many_cores.go_on(0.5, own=0.3)
        log.look([1])
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 10_000_000
    assert log.samples(START_NS, 0)[-1].until_s == pytest.approx(3600.0)
