import pytest

from swimlanes.workloads import WORKLOADS, count_down, query


def test_results():
    assert count_down(1000.0) == 0.0
    assert query(0.001) == 0.001


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=str)
def test_functions_can_be_sent_to_another_process(workload):
    import pickle

    assert pickle.loads(pickle.dumps(workload.function)) is workload.function


def test_inputs_have_the_length_asked_for():
    assert WORKLOADS["query"].task_input(0.05, probe_s=0.0) == 0.05
    twice_the_probe = WORKLOADS["count-down"].task_input(0.01, probe_s=0.005)
    assert twice_the_probe == 2 * WORKLOADS["count-down"].probe
    assert WORKLOADS["count-down"].task_input(1e-9, probe_s=0.005) == 1.0
