import math
import pickle
from statistics import mean

import pytest

from swimlanes import workloads
from swimlanes.workloads import LENGTHS, WORKLOADS, weights


def test_results():
    assert workloads.count_down(1000.0) == 0.0
    assert workloads.query(0.001) == 0.001
    assert workloads.hash_blocks(2) != workloads.hash_blocks(1)
    assert workloads.multiply_matrices(1) == workloads.multiply_matrices(2)
    assert workloads.carry(b"abc") == b"abc"
    assert 0 < workloads.read_files(1) < workloads.read_files(2)
    assert workloads.sample_pi((1, 2000)) == pytest.approx(math.pi, abs=0.2)
    assert workloads.grow(5000) == 5000


def test_the_same_seed_samples_the_same_points():
    assert workloads.sample_pi((3, 500)) == workloads.sample_pi((3, 500))
    assert workloads.sample_pi((3, 500)) != workloads.sample_pi((4, 500))


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=lambda workload: workload.name)
def test_functions_can_be_sent_to_another_process(workload):
    assert pickle.loads(pickle.dumps(workload.function)) is workload.function


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=lambda workload: workload.name)
def test_a_task_is_never_empty(workload):
    assert workload.function(workload.make_input(0, 1e-9)) is not None


def test_sizes():
    assert WORKLOADS["query"].size(0.05, probe_s=0.0) == 0.05
    count_down = WORKLOADS["count-down"]
    assert count_down.size(0.01, probe_s=0.005) == 2 * count_down.probe
    assert count_down.make_input(0, 1000.4) == 1000.0
    assert WORKLOADS["payload"].make_input(0, 10) == bytes(10)
    assert WORKLOADS["sampling-pi"].make_input(7, 10) == (7, 10)


@pytest.mark.parametrize("lengths", [*LENGTHS, "2", "1,8,1.5,2", " 1 , 2 "])
@pytest.mark.parametrize("tasks", [1, 4, 5])
def test_every_task_has_a_length(lengths, tasks):
    factors = weights(lengths, tasks)
    assert len(factors) == tasks
    assert all(factor > 0 for factor in factors)
    assert factors == weights(lengths, tasks)


@pytest.mark.parametrize("lengths", LENGTHS)
def test_named_lengths_keep_the_mean(lengths):
    assert mean(weights(lengths, 1000)) == pytest.approx(1.0, abs=0.05)


def test_ramps_are_each_other_reversed():
    assert weights("ramp-up", 9) == weights("ramp-down", 9)[::-1] == sorted(weights("ramp-up", 9))


@pytest.mark.parametrize("lengths", ["", "1,,2", "0", "-1", "nan", "inf", "ramp-sideways"])
def test_what_is_no_length(lengths):
    with pytest.raises(ValueError, match=r"."):
        weights(lengths, 3)
