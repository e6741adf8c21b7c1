"""What makes no sense is refused before anything starts."""

import pytest

from swimlanes import comparing, run, scaling
from swimlanes.cores import Limit, UsableCores
from swimlanes.errors import RequestError
from swimlanes.measure import MAX_WORKERS, plan

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.mark.parametrize("workers", [0, -1, 257, 10**9, 2.5, "two", True])
def test_bad_workers(workers):
    with pytest.raises(RequestError, match=r"workers must be a whole number from 1 to 256"):
        run(workers=workers)


def test_a_machine_with_more_cores_than_workers_may_be(monkeypatch):
    cores = UsableCores([Limit("host", 512, "the host has 512 CPUs")], cpus=range(512))
    for module in (plan, scaling, comparing):
        monkeypatch.setattr(module, "usable_cores", lambda: cores)
    assert plan.make_plan("threads").workers == MAX_WORKERS
    sweep = next(scaling.sweep(abs, [1], mode="threads"))
    comparison = next(comparing.comparing(abs, [1], repeats=1))
    for step in (sweep, comparison):
        step.running.cancel()
    assert sweep.total == 1 + 5 * (1 + 51)
    assert comparison.total < 100


@pytest.mark.parametrize("tasks", [0, -1, 10**12, 2.5, "many", None])
def test_bad_tasks(tasks):
    with pytest.raises(RequestError, match=r"tasks must be a whole number from 1 to 1000000"):
        run(tasks=tasks)


@pytest.mark.parametrize("task_ms", [0, -1, float("nan"), float("inf"), 1e9, "long", None])
def test_bad_task_length(task_ms):
    with pytest.raises(RequestError, match="task length must be a number of ms"):
        run(task_ms=task_ms)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"mode": "magic"}, "no mode 'magic' here. Choose serial, threads, "),
        ({"workload": "magic"}, "no workload 'magic'. Choose one of count-down, query, "),
        ({"start_method": "magic"}, "no start method 'magic' here"),
        ({"chunksize": 0}, "tasks in a chunk must be a whole number"),
        ({"workload": abs}, "needs inputs"),
        ({"workload": abs, "inputs": []}, "There are no inputs. Give at least one"),
        ({"workload": "query", "inputs": [1]}, "makes its own"),
        ({"schedule": "magic"}, "no schedule 'magic' here. Choose map, imap or imap_unordered"),
        ({"mode": "threads", "threads": 2}, "make sense in the mode 'nested' only"),
        ({"mode": "nested", "threads": 0}, "threads must be a whole number"),
        ({"lengths": "1,-2"}, "no task lengths '1,-2'"),
        ({"workload": "payload", "task_bytes": 0}, "bytes of a task must be a whole number"),
        ({"workload": "nowhere:work", "inputs": [1]}, "'nowhere:work' cannot be imported"),
        ({"workload": "os:sep", "inputs": [1]}, "is not a function, but of type str"),
    ],
)
def test_other_bad_values(request_, sentence):
    with pytest.raises(RequestError, match=sentence):
        run(**request_)
