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


@pytest.mark.parametrize(
    ("lengths", "workers", "chunksize", "end"),
    [([], 2, 1, 0.0), ([1, 8, 1.5, 2], 2, 2, 9.0), ([8, 2, 1.5, 1], 4, 1, 8.0), ([3], 5, 1, 3.0)],
)
def test_makespan(lengths, workers, chunksize, end):
    assert metrics.makespan(lengths, workers, chunksize) == end


@pytest.mark.parametrize("tasks", [1, 7, 16, 100, 1000])
@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_the_chunk_size_is_the_one_of_the_standard_library(tasks, workers):
    with ThreadPool(workers) as pool:
        theirs = pool.map_async(abs, range(tasks))._chunksize
    assert metrics.default_chunksize(tasks, workers) == theirs


@pytest.mark.parametrize(("serial_s", "parallel_s"), [(0, 1), (1, 0), (-1, 1)])
def test_times_must_be_positive(serial_s, parallel_s):
    with pytest.raises(ValueError, match="greater than 0"):
        metrics.speedup(serial_s, parallel_s)


def test_efficiency_needs_a_worker():
    with pytest.raises(ValueError, match="at least 1"):
        metrics.efficiency(1.0, 0)
