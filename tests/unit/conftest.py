"""Records made by hand: equal tasks, dealt in chunks to the worker that is free first.

Besides: control groups made by hand.
"""

import heapq
import subprocess
import sys
import uuid
from dataclasses import replace

import pytest

from swimlanes import cgroup, metrics
from swimlanes.records import (
    Comparison,
    Conditions,
    Lane,
    LeftOut,
    Run,
    ScalingStudy,
    TaskRecord,
    Timeline,
)

STARTUP_S, SHUTDOWN_S = 0.01, 0.02


def make_run(
    mode="processes", workers=2, tasks=4, task_s=0.1, cpu_share=1.0, waiting_share=0.0, cores=2,
    others_load=None, slower=1.0,
):  # fmt: skip
    """Return a run whose tasks take `task_s` times `slower` each."""
    workers = 1 if mode == "serial" else workers
    chunksize = metrics.default_chunksize(tasks, workers)
    length = task_s * slower
    free, records = [(STARTUP_S, worker) for worker in range(1, workers + 1)], []
    for first in range(0, tasks, chunksize):
        start, worker = heapq.heappop(free)
        for task in range(first, min(first + chunksize, tasks)):
            cpu, waiting = length * cpu_share, length * waiting_share
            records.append(TaskRecord(task, worker, start, start + length, cpu, waiting))
            start += length
        heapq.heappush(free, (start, worker))
    end = max(moment for moment, _ in free)
    timeline = Timeline(
        mode=mode,
        workers=workers,
        tasks_count=tasks,
        chunksize=chunksize,
        elapsed_s=end + SHUTDOWN_S,
        startup_s=STARTUP_S,
        map_s=end - STARTUP_S,
        wall_time_s=end + SHUTDOWN_S,
        lanes=tuple(Lane(n, 4700 + n, 9900 + n, STARTUP_S) for n in range(1, workers + 1)),
        tasks=tuple(sorted(records, key=lambda record: record.task)),
    )
    conditions = Conditions(cores, "CPython 3.13.5", "here x86_64")
    return Run(
        workload="count-down",
        task_ms=task_s * 1000,
        start_method="fork" if mode == "processes" else None,
        inputs_digest=f"{tasks} × {task_s}",
        results_digest="equal",
        cpu_time_s=tasks * task_s * cpu_share,
        others_load=others_load,
        conditions=conditions,
        timeline=timeline,
    )


def make_study(mode="processes", cores=2, most=5, tasks=16, cpu_share=1.0, disturbed=()):
    """Return a study with three repetitions; beyond `cores`, computing takes turns."""
    serial = tuple(make_run("serial", 1, tasks, cpu_share=cpu_share, cores=cores) for _ in "123")
    runs = tuple(
        make_run(
            mode,
            workers,
            tasks,
            cpu_share=cpu_share,
            cores=cores,
            slower=max(1.0, workers / cores) * stretch if cpu_share > 0.5 else stretch,
            others_load=1.0 if workers in disturbed else 0.0,
        )
        for stretch in (1.0, 1.05, 1.1)
        for workers in range(1, most + 1)
    )
    return ScalingStudy(serial, runs)


def make_comparison(disturbed=(), serial_load=None):
    """Return processes by fork and by spawn, threads, and free threads that take 1.5 × as long.

    Two workers at most, three repetitions. The free threads have an interpreter of their own.
    """
    serial = tuple(make_run("serial", 1, others_load=serial_load) for _ in "123")
    free = [_on_another_python(make_run("serial", 1, slower=1.5)) for _ in "123"]
    free_runs = [
        _on_another_python(make_run("free-threaded", n, slower=1.5)) for _ in "123" for n in (1, 2)
    ]
    fork = make_study("processes", most=2, tasks=4, disturbed=disturbed).runs
    spawn = tuple(replace(run, start_method="spawn") for run in fork)
    threads = tuple(make_run("threads", n, slower=n) for _ in "123" for n in (1, 2))
    studies = (
        ScalingStudy(serial, threads),
        ScalingStudy(tuple(free), tuple(free_runs)),
        ScalingStudy(serial, fork),
        ScalingStudy(serial, spawn),
    )
    left_out = LeftOut("interpreters", "Subinterpreters need Python 3.14 or later.")
    return Comparison(serial, studies, (left_out,))


def _on_another_python(run):
    conditions = replace(run.conditions, interpreter="CPython 3.13.5 free-threaded")
    return replace(run, conditions=conditions)


@pytest.fixture
def few_modes(monkeypatch):
    """Leave the slowest modes out of comparisons: no Python without the GIL, no cluster."""
    monkeypatch.setenv("SWIMLANES_FREE_THREADED_PYTHON", "/no/such/python")
    monkeypatch.setenv("SWIMLANES_CLUSTER", "nonsense")


@pytest.fixture(name="make_comparison")
def make_comparison_fixture():
    """Return the function that makes a comparison."""
    return make_comparison


@pytest.fixture(name="make_run")
def make_run_fixture():
    """Return the function that makes a run."""
    return make_run


@pytest.fixture(name="make_study")
def make_study_fixture():
    """Return the function that makes a study."""
    return make_study


@pytest.fixture
def in_group(require, eventually):
    """Return a function that runs Python code in a new control group below one of our own."""
    made = []

    def run(controller, code, **settings):
        parents = [folder for folder in cgroup.folders(controller) if _hands_on(folder, controller)]
        group = parents[0] / f"swimlanes-test-{uuid.uuid4().hex[:8]}" if parents else None
        require(group and _make(group), "no control group can be made here", "run as root")
        made.append(group)
        for name, value in settings.items():
            for file in group.glob(f"{controller}.{name}"):
                file.write_text(value)
        join = f"open({str(group / 'cgroup.procs')!r}, 'w').write('0'); "
        command = [sys.executable, "-c", join + code]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    yield run
    for group in made:
        eventually(lambda group=group: _remove(group))


def _hands_on(folder, controller):
    """Whether a group below `folder` would have the controller's files: always so under v1."""
    shared = folder / "cgroup.subtree_control"
    return controller in shared.read_text().split() if shared.exists() else True


def _make(group):
    try:
        group.mkdir()
    except OSError:
        return False
    return True


def _remove(group):
    """Try to remove a group; a process that has just ended may still be in it."""
    try:
        group.rmdir()
    except OSError:
        return False
    return True


@pytest.fixture
def contrast():
    """Return the function for the contrast of two colours, as WCAG defines it."""
    return _contrast


def _contrast(one, other):
    low, high = sorted([_luminance(one), _luminance(other)])
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.fixture
def home(monkeypatch, tmp_path):
    """Let this be a home of its own, where no wall is known."""
    for name in ("SWIMLANES_WALL", "SWIMLANES_WALL_TOKEN", "SWIMLANES_WALL_PAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path
