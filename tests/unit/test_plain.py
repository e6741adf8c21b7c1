import pickle
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from string import Template

import numpy as np
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
KEEP_RESULTS = """
    import pickle
    from pathlib import Path
    Path("results").write_bytes(pickle.dumps(results))
"""


@pytest.fixture
def results_of(tmp_path):
    """Run code as a script, which prints time and results, and return the results."""

    def run(code):
        script = tmp_path / "script.py"
        script.write_text(f"{code}\n{KEEP_RESULTS}")
        command = [sys.executable, "-W", "error", str(script)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        results = pickle.loads((tmp_path / "results").read_bytes())
        took, told = done.stdout.split("\n", 1)
        assert re.fullmatch(r"\d+\.\d{3} s", took)
        assert told == f"results: {str(results)[:200]}\n"
        return results

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
    assert "\n# Define triple here, as in your notebook.\n" in code


class OfTheNotebook:
    def method(self, x):
        return x


def nameless(x):
    return x


nameless.__name__ = "<lambda>"
OfTheNotebook.method.__module__ = nameless.__module__ = "__main__"
METHODS = [str.upper, "".join, Template("").substitute, OfTheNotebook().method]


@pytest.mark.parametrize("function", [lambda x: x, nameless, partial(pow, 2), *METHODS])
def test_a_function_without_a_name_that_works_in_code_is_left_open(function):
    work = measure.make_work(function, ["a"], initializer=function)
    code = plain_code(work, measure.make_plan("threads", 2))
    assert "\nfunction = ...  # your function\ninitializer = ...  # your initializer\n" in code
    assert "ThreadPool(2, initializer=initializer)" in code
    assert "pool.map(function, inputs" in code
    compile(code, "code", "exec")


def test_a_method_is_not_taken_for_a_function_of_the_same_name(monkeypatch):
    monkeypatch.setattr(sys.modules["string"], "substitute", print, raising=False)
    code = plain_code(measure.make_work(Template("").substitute, [{}]), measure.make_plan("serial"))
    assert "map(function, inputs)" in code


@pytest.mark.parametrize(
    "inputs",
    [
        [np.arange(3), np.arange(3)],
        [object()] * 100,
        [1] * 64 + [np.arange(3)],
        [Path("a"), Path("b")],
        [float("nan")],
        [10**5000],
        ["x" * 2000] * 2,
        range(100),
    ],
    ids=lambda inputs: type(inputs[0]).__name__,
)
def test_inputs_that_are_no_short_literals_are_left_open(inputs):
    code = plain_code(measure.make_work(str, inputs), measure.make_plan("serial"))
    assert "\ninputs = ...  # your inputs\n" in f"\n{code}"


@pytest.mark.parametrize("inputs", [[1, True, 1.0], [(1, "a"), {"b": [None]}, bytes(2)]])
def test_inputs_are_written_as_they_are(results_of, inputs):
    code = plain_code(measure.make_work(repr, inputs), measure.make_plan("threads", 2))
    assert results_of(code) == list(map(repr, inputs))


def test_free_threading_says_which_python():
    plan = measure.Plan("free-threaded", workers=2)
    code = plain_code(measure.make_work("query", tasks=2), plan)
    assert code.startswith("# For a Python without the GIL")
    assert "ThreadPool(2)" in code
