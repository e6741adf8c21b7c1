import pickle
import subprocess
import sys

import pytest

from swimlanes import measure, modes
from swimlanes.plain import plain_code

WAYS = [
    {"mode": "serial"},
    {"mode": "threads", "workers": 2},
    *({"mode": "processes", "workers": 2, "start_method": m} for m in modes.start_methods()),
    {"mode": "nested", "workers": 2, "threads": 2},
]
if not modes.why_unavailable("interpreters"):
    WAYS.append({"mode": "interpreters", "workers": 2})
WORKS = [
    {"workload": "query", "task_ms": 1, "tasks": 5},
    {"workload": "count-down", "task_ms": 1, "tasks": 5, "lengths": "1,8,1.5,2"},
    {"workload": "hashing", "task_ms": 0.1, "tasks": 100, "lengths": "ramp-up"},
    {"workload": "payload", "task_bytes": 100, "tasks": 5},
    {"workload": "os.path:basename", "inputs": ["a/b", "c"]},
    {"workload": abs, "inputs": range(-60, 0)},
]
PRINT_RESULTS = "    import pickle, sys\n    sys.stdout.buffer.write(pickle.dumps(results))\n"


@pytest.fixture
def results_of(tmp_path):
    """Run code as a script, and return its results."""

    def run(code):
        script = tmp_path / "script.py"
        script.write_text(f"{code}\n{PRINT_RESULTS}")
        command = [sys.executable, "-W", "error", str(script)]
        return pickle.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)

    return run


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way.values())))
@pytest.mark.parametrize("schedule", modes.SCHEDULES)
def test_every_way_runs_and_gives_the_results(results_of, way, schedule):
    work = measure.make_work("sampling-pi", tasks=5, task_ms=1)
    plan = measure.make_plan(schedule=schedule, **way)
    wanted = list(map(work.function, work.inputs))
    results = results_of(plain_code(work, plan))
    unordered = schedule == "imap_unordered"
    assert sorted(results) == sorted(wanted)
    assert unordered or results == wanted


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way.values())))
def test_an_initializer_is_called(results_of, way):
    beginning = {"initializer": "os:putenv", "initargs": ["HERE", "there"], "warmup": 1}
    code = plain_code(measure.make_work(abs, [1, -2], **beginning), measure.make_plan(**way))
    assert results_of(code) == [1, 2]
    assert "from posix import putenv" in code
    assert "'HERE', 'there'" in code
    assert "before the clock: 1 ×" in code


@pytest.mark.parametrize("work", WORKS, ids=lambda work: str(work["workload"]))
def test_every_work_runs_and_gives_the_results(results_of, work):
    work = measure.make_work(**work)
    code = plain_code(work, measure.make_plan("threads", 2))
    assert results_of(code) == list(map(work.function, work.inputs))


def test_a_function_of_the_notebook_is_named_and_not_imported():
    def triple(x):
        return 3 * x

    triple.__module__ = "__main__"
    code = plain_code(measure.make_work(triple, [1, 2]), measure.make_plan("threads", 2))
    assert "pool.map(triple, inputs" in code
    assert "import triple" not in code


def test_free_threading_says_which_python():
    plan = measure.Plan("free-threaded", workers=2)
    code = plain_code(measure.make_work("query", tasks=2), plan)
    assert code.startswith("# For a Python without the GIL")
    assert "ThreadPool(2)" in code
