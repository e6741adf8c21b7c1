import random
from itertools import product
from multiprocessing.pool import ThreadPool

import pytest

from swimlanes import metrics


@pytest.mark.parametrize(
    ("workers", "ceiling"),
    [(1, 1.0), (2, 2.0), (3, 16 / 6), (4, 4.0), (5, 4.0), (16, 16.0), (99, 16.0)],
)
def test_ceiling_of_16_tasks_in_default_chunks(workers, ceiling):
    assert metrics.ceiling(16, workers) == pytest.approx(ceiling)


@pytest.mark.parametrize(("chunksize", "ceiling"), [(1, 2.0), (8, 2.0), (9, 16 / 9), (16, 1.0)])
def test_large_chunks_lower_the_ceiling(chunksize, ceiling):
    assert metrics.ceiling(16, 2, chunksize) == pytest.approx(ceiling)


@pytest.mark.parametrize("chunksize", [None, 1, 2, 3, 7, 40])
def test_a_number_of_tasks_stands_for_that_many_equal_lengths(chunksize):
    for tasks, workers, threads in product(range(1, 40), range(1, 9), (1, 2, 5)):
        by_length = metrics.ceiling([0.5] * tasks, workers, chunksize, threads)
        assert metrics.ceiling(tasks, workers, chunksize, threads) == by_length


def test_no_ceiling_is_above_the_workers_or_the_longest_task():
    dice = random.Random(7)
    for _ in range(200):
        lengths = [dice.random() for _ in range(dice.randint(1, 30))]
        workers = dice.randint(1, 8)
        ceiling = metrics.ceiling(lengths, workers, dice.randint(1, 5))
        assert 1 - 1e-9 <= ceiling <= workers + 1e-9
        assert ceiling <= metrics.longest_task_ceiling(lengths) + 1e-9


def test_enough_workers_reach_the_ceiling_of_the_longest_task():
    lengths = [1, 8, 1.5, 2]
    assert metrics.ceiling(lengths, 4, chunksize=1) == metrics.longest_task_ceiling(lengths)


@pytest.mark.parametrize(
    ("lengths", "workers", "chunksize", "end"),
    [([], 2, 1, 0.0), ([1, 8, 1.5, 2], 2, 2, 9.0), ([8, 2, 1.5, 1], 4, 1, 8.0), ([3], 5, 1, 3.0)],
)
def test_makespan(lengths, workers, chunksize, end):
    assert metrics.makespan(lengths, workers, chunksize) == end


@pytest.mark.parametrize(
    ("lengths", "workers", "chunksize", "end"),
    [
        ([], 1, 1, 0.0),
        ([1, 2], 1, 1, 2.0),
        ([1, 8, 8, 1], 1, 1, 16.0),
        ([1, 8, 8, 1], 1, 2, 9.0),
        ([1, 8, 8, 1, 1], 2, 1, 9.0),
        ([1, 1, 3], 1, 2, 3.0),
    ],
)
def test_no_thread_gets_a_chunk_before_its_batch_is_done(lengths, workers, chunksize, end):
    assert metrics.makespan(lengths, workers, chunksize, threads=2) == end


def test_the_pool_s_own_choice_of_chunks_counts_every_thread():
    assert metrics.ceiling([1, 8, 1.5, 2] * 8, workers=2, threads=4) == 3.125


@pytest.mark.parametrize(
    ("lengths", "workers", "chunksize", "most"),
    [
        ([1, 1, 2], 2, 1, 2.0),
        ([1, 8, 1.5, 2], 4, 1, 12.5 / 8),
        ([1] * 5, 2, 1, 5 / 3),
        ([1] * 5, 2, 2, 5 / 3),
        ([3, 3, 2], 2, 1, 8 / 5),
        ([1, 2, 3], 1, 1, 1.0),
        ([3, 1, 1, 1, 1, 1], 2, 1, 2.0),
    ],
)
def test_what_no_placement_passes(lengths, workers, chunksize, most):
    assert metrics.placement_ceiling(lengths, workers, chunksize) == pytest.approx(most)


@pytest.mark.parametrize("tasks", [0, 1, 7, 16, 100, 1000])
@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_the_chunk_size_is_the_one_of_the_standard_library(tasks, workers):
    with ThreadPool(workers) as pool:
        theirs = pool.map_async(abs, range(tasks))._chunksize
    assert metrics.default_chunksize(tasks, workers) == theirs


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (lambda: metrics.ceiling(0, 2), "tasks must be at least 1, not 0"),
        (lambda: metrics.ceiling([], 2), "tasks must be at least 1, not 0"),
        (lambda: metrics.ceiling(4, 0), "workers must be at least 1, not 0"),
        (lambda: metrics.ceiling(4, 0, 1), "workers must be at least 1, not 0"),
        (lambda: metrics.ceiling(4, 2, 0), "tasks in a chunk must be at least 1, not 0"),
        (lambda: metrics.ceiling([0, 0.0], 2), "not all 0, but these go from 0 to 0"),
        (lambda: metrics.ceiling([3, -1], 2), "these go from -1 to 3"),
        (lambda: metrics.makespan([1], -1, 1), "workers must be at least 1, not -1"),
        (lambda: metrics.makespan([1], 1, 0), "tasks in a chunk must be at least 1, not 0"),
        (lambda: metrics.makespan([1, -2], 1, 1), "must be at least 0, not -2"),
        (lambda: metrics.makespan([1, -0.5], 1, 1), "must be at least 0, not -0.5"),
        (lambda: metrics.makespan([1], 1, 1, threads=0), "threads must be at least 1, not 0"),
        (lambda: metrics.ceiling(4, 2, 1, threads=0), "threads must be at least 1, not 0"),
        (lambda: metrics.placement_ceiling([1], 0, 1), "workers must be at least 1, not 0"),
        (lambda: metrics.placement_ceiling([1], 1, 0), "tasks in a chunk must be at least 1"),
        (lambda: metrics.placement_ceiling([], 1, 1), "tasks must be at least 1, not 0"),
        (lambda: metrics.placement_ceiling([3, -1], 1, 1), "these go from -1 to 3"),
        (lambda: metrics.default_chunksize(4, 0), "workers must be at least 1, not 0"),
        (lambda: metrics.longest_task_ceiling([]), "tasks must be at least 1, not 0"),
        (lambda: metrics.longest_task_ceiling([0]), "not all 0"),
    ],
)
def test_what_is_refused(refused, reason):
    with pytest.raises(ValueError, match=reason):
        refused()
