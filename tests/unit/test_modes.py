import os
import sys
from pathlib import Path

import pytest

from swimlanes import modes
from swimlanes.modes import Staff, why_unavailable

SETTING = "SWIMLANES_FREE_THREADED_PYTHON"


def no_preparation():
    """Get ready for nothing."""


@pytest.fixture(params=["serial", "threads", "processes", "nested"])
def pool(request):
    mode = modes.of(request.param)
    method = modes.start_methods()[0] if mode.starts_processes else None
    return mode.make_pool(Staff(2, 2, method, no_preparation, ()))


@pytest.mark.parametrize("chunksize", [1, 2, 7])
def test_results_come_whole_and_in_order(pool, chunksize):
    inputs = range(-5, 5)
    wanted = list(map(abs, inputs))
    with pool:
        assert pool.map(abs, inputs, chunksize) == wanted
        assert list(pool.imap(abs, inputs, chunksize)) == wanted
        assert sorted(pool.imap_unordered(abs, inputs, chunksize)) == sorted(wanted)


def test_a_nested_pool_computes_in_its_processes():
    with modes.of("nested").make_pool(Staff(2, 2, "fork", no_preparation, ())) as pool:
        assert os.getpid() not in pool.map(own_pid, range(8), 1)


def own_pid(_):
    return os.getpid()


@pytest.mark.parametrize("mode", ["serial", "threads", "processes", "nested"])
def test_what_is_always_there(mode):
    assert why_unavailable(mode) == ""


def test_interpreters_say_which_python_they_need():
    reason = why_unavailable("interpreters")
    assert ("3.14" in reason) is (sys.version_info < (3, 14))


def test_a_free_threaded_python_is_missing(monkeypatch, tmp_path):
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert modes.of("free-threaded").python() is None
    assert SETTING in why_unavailable("free-threaded")


@pytest.mark.parametrize("named", ["/nowhere/python3.14t", sys.executable, "/dev/null"])
def test_a_setting_that_names_no_free_threaded_python(monkeypatch, named):
    monkeypatch.setenv(SETTING, named)
    assert repr(named) in why_unavailable("free-threaded")


def test_a_free_threaded_python_is_found_on_the_path(monkeypatch, tmp_path, require):
    python = modes.of("free-threaded").python()
    require(python, why_unavailable("free-threaded"), ".ci/free-threaded")
    (tmp_path / "python3.13t").symlink_to(python)
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Path(modes.of("free-threaded").python()) == tmp_path / "python3.13t"
    assert why_unavailable("free-threaded") == ""


@pytest.mark.parametrize("name", modes.MODES)
def test_a_mode_says_all_that_is_asked_of_it(name):
    mode = modes.of(name)
    assert mode.name == name
    for about in (mode.worker, mode.counted, mode.colour, mode.dash, mode.marker):
        assert about
    assert set(mode.identity) <= {"process", "thread"}
    assert mode.has_threads <= mode.shares_gil <= mode.parallel
    assert not (mode.in_one_process and mode.starts_processes)


def test_every_module_of_a_mode_is_on_the_list():
    folder = Path(modes.__file__).parent
    found = {file.stem for file in folder.glob("*.py") if "\nMODE = " in file.read_text()}
    assert found == {name.replace("-", "_") for name in (*modes.MODES, modes.WATCHED)}
