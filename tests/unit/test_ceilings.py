"""What is possible, against simulations of the pools' own scheduling, event by event.

The simulations follow the code of the pools, not ours: a queue of chunks, from which whoever is
free takes the next one.
"""

from collections import defaultdict, deque
from dataclasses import replace
from itertools import pairwise
from multiprocessing.pool import Pool

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swimlanes import metrics, modes, run
from swimlanes.records import possible_for_run

ENOUGH_CORES = 1000
LENGTHS = st.lists(st.integers(1, 9), min_size=1, max_size=30)
FEW = st.integers(1, 4)


def chunked(inputs, size):
    """Return the chunks that ``Pool.map`` makes, and ``Pool.imap`` with a chunk size."""
    return [chunk for _, chunk in Pool._get_tasks(None, inputs, size)]


class Workers:
    """Some workers and their queue, as a ``Pool``, a ``ThreadPool`` and an executor have."""

    def __init__(self, count, chunks=()):
        self.idle, self.queue, self.ends = count, deque(chunks), []

    def look(self, now):
        """Let whoever is free take what is there; return when the next one is free, or None."""
        self.idle += self.ends.count(now)
        self.ends = [end for end in self.ends if end > now]
        while self.idle and self.queue:
            self.idle -= 1
            self.ends.append(now + sum(self.queue.popleft()))
        return min(self.ends, default=None)


def one_after_another_s(lengths, *_):
    return sum(lengths)


def pool_s(lengths, workers, threads, chunksize):
    """Return when the last of the pool's workers is free."""
    pool, now = Workers(workers, chunked(lengths, chunksize)), 0
    while (end := pool.look(now)) is not None:
        now = end
    return now


def nested_s(lengths, workers, threads, chunksize):
    """Return when processes are free of which each calls ``ThreadPool.map`` on a batch a time."""
    batches = deque(chunked(lengths, chunksize * threads))
    processes, now = [Workers(threads) for _ in range(workers)], 0
    while True:
        for process in processes:
            if process.look(now) is None and batches:
                process.queue.extend(chunked(batches.popleft(), chunksize))
        ends = [end for process in processes if (end := process.look(now)) is not None]
        if not ends:
            return now
        now = min(ends)


SIMULATIONS = {
    "serial": one_after_another_s,
    "threads": pool_s,
    "processes": pool_s,
    "nested": nested_s,
    "free-threaded": pool_s,
    "interpreters": pool_s,
}


@pytest.fixture
def possible_in(make_run):
    """Return a function that says what is possible in a mode, as far as tasks and lanes go."""
    serial, run = (make_run(mode, cores=ENOUGH_CORES) for mode in ("serial", "processes"))

    def possible(mode, schedule, lengths, workers, threads, chunksize):
        sizes = {"mode": mode, "workers": workers, "threads": threads, "chunksize": chunksize}
        told = {"lengths": ",".join(map(str, lengths)), "schedule": schedule}
        tasks_count = len(lengths)
        return possible_for_run(
            replace(run, **told, timeline=replace(run.timeline, **sizes, tasks_count=tasks_count)),
            replace(serial, **told, timeline=replace(serial.timeline, tasks_count=tasks_count)),
        )

    return possible


@pytest.mark.parametrize("schedule", modes.SCHEDULES)
@pytest.mark.parametrize("mode", SIMULATIONS)
def test_what_is_possible_is_what_the_pool_s_own_scheduling_reaches(mode, schedule, possible_in):
    @settings(deadline=None)
    @given(LENGTHS, FEW, FEW, FEW)
    def check(lengths, workers, threads, chunksize):
        threads = threads if mode == "nested" else 1
        workers = 1 if mode == "serial" else workers
        reached = sum(lengths) / SIMULATIONS[mode](lengths, workers, threads, chunksize)
        limit = possible_in(mode, schedule, lengths, workers, threads, chunksize)
        assert limit == pytest.approx(reached)

    check()


@pytest.mark.parametrize("schedule", modes.SCHEDULES)
def test_no_placement_on_a_cluster_s_workers_passes_what_is_possible(schedule, possible_in):
    @settings(deadline=None)
    @given(LENGTHS, FEW, FEW, st.randoms())
    def check(lengths, workers, chunksize, dice):
        loads = defaultdict(int)
        for chunk in chunked(lengths, chunksize):
            loads[dice.randrange(workers)] += sum(chunk)
        limit = possible_in("cluster", schedule, lengths, workers, 1, chunksize)
        assert sum(lengths) / max(loads.values()) <= limit * (1 + 1e-9)
        in_order = possible_in("processes", schedule, lengths, workers, 1, chunksize)
        assert in_order <= limit * (1 + 1e-9)

    check()


@given(tasks=st.integers(1, 40), workers=FEW)
@settings(deadline=None)
def test_equal_chunks_on_a_cluster_reach_what_is_possible(tasks, workers):
    rounds = -(-tasks // workers)
    assert metrics.placement_ceiling([3] * tasks, workers, 1) == pytest.approx(tasks / rounds)


def test_batches_of_unequal_tasks_allow_half_of_what_chunks_do(possible_in):
    lengths = [1, 8, 1.5, 2] * 8
    nested = possible_in("nested", "map", lengths, 2, 4, 1)
    assert nested == 3.125
    assert nested.bound_by == "batches"
    assert possible_in("processes", "map", lengths, 8, 1, 1) == pytest.approx(100 / 17)


HERE = [
    mode
    for mode in SIMULATIONS  # subinterpreters are a matter of this very Python's version
    if mode != "interpreters" or not modes.why_unavailable(mode)
]


@pytest.fixture(params=HERE)
def real_mode(request, require):
    why_not = modes.why_unavailable(request.param)
    require(not why_not, why_not, ".ci/free-threaded")
    return request.param


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("schedule", modes.SCHEDULES)
def test_a_real_pool_schedules_as_the_simulations_do(real_mode, schedule):
    threads = 3 if real_mode == "nested" else 1
    record = run(
        "query", mode=real_mode, workers=2, threads=threads, schedule=schedule, chunksize=2,
        tasks=26, task_ms=2, lengths="1,8,1.5,2",
    )  # fmt: skip
    lane_of = [task.worker for task in record.tasks]
    assert all(len(set(chunk)) == 1 for chunk in chunked(lane_of, 2))
    if real_mode == "nested":
        check_barrier(record)


def check_barrier(record):
    """Check that a process begins a batch when all of the one before is done."""
    process_of = {lane.worker: lane.pid for lane in record.timeline.lanes}
    batches = defaultdict(list)
    for batch in chunked(record.tasks, record.chunksize * record.threads):
        (process,) = {process_of[task.worker] for task in batch}
        batches[process].append(batch)
    for before, after in (pair for own in batches.values() for pair in pairwise(own)):
        assert max(task.end_s for task in before) <= min(task.start_s for task in after)
