"""The Python without the GIL that the image holds, beside its ordinary one."""

from __future__ import annotations

import json
import subprocess

import pytest

IMPORT_ALL = """
import importlib, sys, warnings
warnings.simplefilter("ignore")
for name in sorted(sys.stdlib_module_names - {"antigravity", "this"}):
    try:
        importlib.import_module(name)
    except ImportError:
        continue
    print(name)
"""
ASK_OF_THE_MACHINE = """
import json, sysconfig
told = sysconfig.get_config_vars().items()
print(json.dumps({name: value for name, value in told if name.startswith(("HAVE_", "PTHREAD_"))}))
"""
RUN_ALL = """
import json
from swimlanes import run
from swimlanes.workloads import WORKLOADS

size = {"workers": 2, "tasks": 4, "task_ms": 2, "task_bytes": 20_000}
same = {}
for name in WORKLOADS.keys() - {"matrix-product"}:
    usual, free = (run(name, mode=mode, **size) for mode in ("threads", "free-threaded"))
    same[name] = usual.results_digest == free.results_digest
    assert free.conditions.interpreter.endswith(" free-threaded"), free.conditions
print(json.dumps(same))
"""


@pytest.fixture(scope="module")
def without(engine, image, repository):
    """Build the image without that Python; all but the last layers are there already."""
    name = "swimlanes:test-without"
    command = ["make", "image", f"IMAGE={name}", "FREE_THREADED=no"]
    subprocess.run(command, cwd=repository, check=True, capture_output=True)
    yield name
    engine("rmi", name)


def test_every_workload_gives_the_same_results_in_a_container_that_is_locked_up(call, locked):
    answer = call("python", "-c", RUN_ALL, options=locked)
    assert answer.returncode == 0, answer.stderr
    same = json.loads(answer.stdout)
    # Each reads the files of its own standard library.
    assert [name for name, is_so in same.items() if not is_so] == ["file-reading"]


def test_the_whole_standard_library_can_be_imported(call):
    usual, free = (
        {*call(python, "-c", IMPORT_ALL).stdout.split()}
        for python in ("/usr/bin/python3", "python3.13t")
    )
    # Berkeley DB is no longer made; `dbm` has SQLite.
    assert usual - free == {"_dbm"}
    assert len(free) > 250


def test_it_knows_of_the_machine_what_debians_own_python_knows(call):
    """Some of it is told and not tried when it is compiled, as for another kind of processor."""
    usual, free = (
        json.loads(call(python, "-c", ASK_OF_THE_MACHINE).stdout)
        for python in ("/usr/bin/python3", "python3.13t")
    )
    others = {name for name in {*usual, *free} if usual.get(name) != free.get(name)}
    # What Bluetooth and the libraries of Berkeley DB and GDBM would be needed for is left out. For
    # another processor, characters are copied one by one, which is right for each.
    assert others - {"HAVE_USABLE_WCHAR_T"} == {
        "HAVE_BLUETOOTH_BLUETOOTH_H", "HAVE_DB_H", "HAVE_GDBM_H", "HAVE_LIBDB",
    }  # fmt: skip


def test_it_keeps_no_gil_and_stands_on_every_path(call):
    ask = "import sys; print(sys._is_gil_enabled(), sys.prefix)"
    for shell in (("sh", "-c"), ("bash", "-l", "-c")):
        assert call(*shell, f"python3.13t -c '{ask}'").stdout == "False /opt/python-freethreaded\n"


def test_it_can_be_left_out(engine, without):
    command = ["swimlanes", "run", "--mode", "free-threaded"]
    ran = engine("run", "--rm", without, *command, check=False)
    assert ran.returncode != 0
    assert "There is no Python without the GIL here" in ran.stderr
