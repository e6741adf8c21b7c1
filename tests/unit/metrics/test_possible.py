import copy
import pickle

import pytest

from swimlanes import metrics

EQUAL = [1.0] * 16


@pytest.mark.parametrize(
    ("lengths", "workers", "others", "most", "bound_by"),
    [
        (EQUAL, 4, {}, 4.0, "workers"),
        (EQUAL, 2, {"cores": 2}, 2.0, "workers"),
        (EQUAL, 8, {"cores": 2}, 2.0, "cores"),
        (EQUAL, 8, {"cores": 1}, 1.0, "cores"),
        (EQUAL, 8, {"cores": 2, "cpu_share": 0.5}, 4.0, "cores"),
        (EQUAL, 8, {"cores": 2, "cpu_share": 0.0}, 8.0, "workers"),
        (EQUAL, 4, {"cores": 4, "cpu_share": 2.0}, 2.0, "threads inside the tasks"),
        (EQUAL, 4, {"cores": 2, "cpu_share": 2.0}, 1.0, "threads inside the tasks"),
        (EQUAL, 4, {"cores": 2, "cpu_share": 3.0}, 1.0, "threads inside the tasks"),
        (EQUAL, 3, {}, 16 / 6, "chunks"),
        (EQUAL, 2, {"chunksize": 9}, 16 / 9, "chunks"),
        (EQUAL, 2, {"chunksize": 9, "cores": 1.5}, 1.5, "cores"),
        ([1, 8, 1.5, 2], 4, {"chunksize": 1}, 12.5 / 8, "longest task"),
        ([1, 8, 1.5, 2], 4, {"chunksize": 1, "cores": 1.5}, 1.5, "cores"),
        ([1, 8, 1.5, 2] * 8, 2, {"threads": 4}, 3.125, "batches"),
        ([1, 8, 1.5, 2] * 8, 2, {"threads": 4, "cores": 2}, 2.0, "cores"),
        (EQUAL, 2, {"threads": 2}, 4.0, "workers"),
        (EQUAL, 2, {"threads": 2, "chunksize": 3}, 16 / 6, "chunks"),
        ([1, 1, 2], 2, {"chunksize": 1}, 4 / 3, "chunks"),
        ([1, 1, 2], 2, {"chunksize": 1, "in_order": False}, 2.0, "workers"),
        ([1] * 5, 2, {"chunksize": 1, "in_order": False}, 5 / 3, "chunks"),
    ],
)
def test_the_smallest_bound_is_what_is_possible(lengths, workers, others, most, bound_by):
    limit = metrics.possible(lengths, workers, **others)
    assert limit == pytest.approx(most)
    assert limit.bound_by == bound_by


def test_of_equal_bounds_the_first_is_named_whatever_the_last_digit():
    assert metrics.Possible({"workers": 2.0, "chunks": 2.0 - 1e-15}).bound_by == "workers"


@pytest.mark.parametrize("again", [copy.copy, lambda limit: pickle.loads(pickle.dumps(limit))])
def test_a_copy_knows_its_bound(again):
    limit = again(metrics.Possible({"workers": 4, "cores": 2.0}))
    assert (limit, limit.bound_by) == (2.0, "cores")
