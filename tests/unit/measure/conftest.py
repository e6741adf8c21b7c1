"""Every way to run tasks that exists here, and a participant's module."""

import os
import subprocess
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import pytest

from swimlanes import modes
from swimlanes.measure import launch

PARTICIPANT = Path(__file__).parent / "participant"
WAYS = [
    {"mode": "serial"},
    {"mode": "threads", "workers": 2},
    *({"mode": "processes", "workers": 2, "start_method": m} for m in modes.start_methods()),
    {"mode": "nested", "workers": 2, "threads": 2},
    {"mode": "free-threaded", "workers": 2},
]
if not modes.why_unavailable("interpreters"):  # a matter of this very Python's version
    WAYS.append({"mode": "interpreters", "workers": 2})


def only(*wanted):
    return [way for way in WAYS if way["mode"] in wanted]


def name(way):
    return "-".join(map(str, way.values()))


def settled(way, require):
    reason = modes.why_unavailable(way["mode"])
    require(not reason, reason, ".ci/free-threaded")
    return way


@pytest.fixture(params=WAYS, ids=name)
def way(request, require):
    """Give each way in turn, as keywords of `run`."""
    return settled(request.param, require)


OWN_WAYS = [way for way in WAYS if way["mode"] != "free-threaded"]


@pytest.fixture
def every_own_way():
    """Give all ways in which this very Python runs the tasks."""
    return OWN_WAYS


@pytest.fixture(params=OWN_WAYS, ids=name)
def own_way(request):
    """Give each way in which this very Python runs the tasks."""
    return request.param


@pytest.fixture(params=[way for way in OWN_WAYS if way["mode"] != "interpreters"], ids=name)
def inheriting_way(request):
    """Give each way whose workers have what a process of the caller's has."""
    return request.param


@pytest.fixture(params=only("processes", "nested"), ids=name)
def process_way(request):
    """Give each way that has processes for workers."""
    return request.param


@pytest.fixture
def faulty(monkeypatch):
    """Give the participant's module, which every Python can import."""
    monkeypatch.syspath_prepend(str(PARTICIPANT))
    return import_module("faulty")


@pytest.fixture
def long_run(way, eventually):
    """Give a run all of whose lanes are in a task that would take a minute."""
    running = launch("query", **way, tasks=8, task_ms=60_000, chunksize=1)
    wanted = way.get("workers", 1) * way.get("threads", 1)
    eventually(lambda: len(running.timeline().tasks) == wanted)
    yield running
    running.cancel()


@pytest.fixture
def runners_of():
    """Return a function that finds the runners that a process has started and that compute."""

    def find(caller):
        children = Path(f"/proc/{caller}/task/{caller}/children").read_text().split()
        return [int(child) for child in children if _is_runner(Path("/proc", child))]

    return find


def _is_runner(process):
    try:
        on_duty = len(list((process / "task").iterdir())) > 1  # the guard is there
        return on_duty and "swimlanes.runner" in (process / "cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False  # It has ended.


@pytest.fixture
def start_process():
    """Return a function that starts a process whose output is read; what still runs is ended."""
    with ExitStack() as started:

        def start(command, **options):
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            process = started.enter_context(subprocess.Popen(command, **pipes, **options))
            started.callback(process.kill)
            return process

        yield start


@pytest.fixture
def start_python(tmp_path, start_process):
    """Return a function that starts Python with a program, as a participant would a script."""

    def start(program, *before, **options):
        script = tmp_path / "script.py"
        script.write_text(program)
        path = os.pathsep.join(filter(None, [str(PARTICIPANT), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "PYTHONPATH": path}
        return start_process(
            [*before, sys.executable, str(script)], **{"env": environment, **options}
        )

    return start
