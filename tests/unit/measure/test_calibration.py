"""How long a task is to be, from probes that are made by hand."""

from types import SimpleNamespace

import pytest

from swimlanes import measure
from swimlanes.records import TaskRecord


@pytest.fixture
def probed(monkeypatch):
    """Return a function: the size of a task of 100 ms if the probes took so long."""
    asked = []

    def size(cpu_s, wall_s):
        def run(work, plan):
            asked.append((plan.mode, len(work.inputs)))
            tasks = [TaskRecord(n, 1, 0.0, wall_s[n], cpu_s[n], 0.0) for n in range(len(cpu_s))]
            return SimpleNamespace(result=lambda: SimpleNamespace(tasks=tasks))

        measure._probe_s.cache_clear()
        monkeypatch.setattr(measure, "RunInProgress", run)
        work = measure.make_work("count-down", tasks=1, task_ms=100.0)
        assert asked[-1] == ("serial", measure.PROBES)
        return work.size

    yield size
    measure._probe_s.cache_clear()


def test_a_neighbour_who_stretches_the_probes_makes_no_task_shorter(probed):
    quiet = probed(cpu_s=[0.01, 0.01, 0.01], wall_s=[0.01, 0.01, 0.01])
    assert probed(cpu_s=[0.01, 0.01, 0.01], wall_s=[0.02, 0.02, 0.02]) == quiet


def test_half_the_speed_is_half_the_work(probed):
    fast = probed(cpu_s=[0.01] * 3, wall_s=[0.01] * 3)
    assert probed(cpu_s=[0.02] * 3, wall_s=[0.02] * 3) == pytest.approx(fast / 2)


def test_one_slow_probe_does_not_count(probed):
    usual = probed(cpu_s=[0.01] * 3, wall_s=[0.01] * 3)
    assert probed(cpu_s=[0.5, 0.01, 0.01], wall_s=[0.5, 0.01, 0.01]) == usual


def test_the_probes_are_made_once(monkeypatch, probed):
    probed(cpu_s=[0.01] * 3, wall_s=[0.01] * 3)
    monkeypatch.setattr(measure, "RunInProgress", None)
    assert measure.make_work("count-down", tasks=1, task_ms=50.0).size > 0
