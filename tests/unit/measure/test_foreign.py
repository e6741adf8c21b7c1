"""Another Python runs the tasks: what it can do, and what it cannot is told in a sentence."""

import sys

import pytest

from swimlanes import modes, run
from swimlanes.errors import RequestError, TaskError

pytestmark = pytest.mark.usefixtures("nothing_left", "free_threaded")


@pytest.fixture
def free_threaded(require):
    """Require a Python without the GIL that is not the one of these tests."""
    reason = modes.why_unavailable("free-threaded")
    require(not reason, reason, ".ci/free-threaded")


def test_a_function_of_the_participants_module(faulty):
    record = run(faulty.double, [1, 2], mode="free-threaded", workers=2)
    assert record.results == (2, 4)
    assert record.conditions.interpreter.endswith("free-threaded")


def test_a_function_by_name(faulty):
    assert run("faulty:double", [1], mode="free-threaded", workers=1).results == (2,)


def test_what_a_notebook_defines_goes_to_the_same_version_only(theirs):
    class Point:
        pass

    for function, inputs in ((lambda x: x, [1]), (id, [Point()])):
        if theirs == sys.version_info[:2]:
            assert len(run(function, inputs, mode="free-threaded", workers=1).results) == 1
        else:
            with pytest.raises(RequestError, match=r"defined in a notebook .* into a module file"):
                run(function, inputs, mode="free-threaded", workers=1)


@pytest.fixture
def theirs():
    """Give the version of the other Python: its first two numbers."""
    record = run("builtins:abs", [1], mode="free-threaded", workers=1)
    return tuple(map(int, record.conditions.interpreter.split()[1].split(".")[:2]))


def test_a_package_that_it_does_not_have():
    with pytest.raises(TaskError, match=r"No module named 'numpy'. Install it for the Python"):
        run("matrix-product", mode="free-threaded", workers=1, tasks=1, task_ms=1)
