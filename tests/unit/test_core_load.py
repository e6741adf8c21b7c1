import os
import threading
import time

from swimlanes import core_load


def test_computing_shows_as_load(eventually):
    cpus = os.sched_getaffinity(0)
    busy_s, own_s = core_load.busy_s(cpus), core_load.own_cpu_time_s()

    def computed():
        sum(range(200_000))
        return core_load.own_cpu_time_s() - own_s > 0.1

    eventually(computed)
    # The kernel counts in ticks: what others do can only add to it.
    assert core_load.busy_s(cpus) - busy_s > 0.05


def test_every_core_is_told_apart():
    per_cpu = core_load.busy_per_cpu_s()
    assert set(os.sched_getaffinity(0)) <= set(per_cpu)
    assert all(0 <= busy_s <= time.monotonic() + 60 for busy_s in per_cpu.values())


def test_cores_that_are_not_there_are_not_busy():
    assert core_load.busy_s([10**6]) == 0.0


def test_a_thread_that_computes_uses_the_core_it_is_on(eventually):
    own = threading.get_native_id()
    before_s = core_load.thread_usage([os.getpid()])[own][1]

    def has_computed():
        sum(range(100_000))
        cpu, used_s = core_load.thread_usage([os.getpid()])[own]
        assert cpu in os.sched_getaffinity(0)
        return used_s - before_s > 0.05

    eventually(has_computed)


def test_a_process_that_is_gone_uses_nothing():
    assert core_load.thread_usage([2**22 + 1]) == {}
