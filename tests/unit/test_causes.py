"""The cause that a sentence names is the one that was built in.

What other programs do on this machine meanwhile is another cause. It is taken out of the sentence
here, and has a test of its own.
"""

import contextlib
import dataclasses
import os
import re
import sqlite3
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from swimlanes import run
from swimlanes.core_load import process_cpu_s
from swimlanes.drawing import describe_loss

pytestmark = pytest.mark.usefixtures("nothing_left")

PARTICIPANT = Path(__file__).parent / "measure/participant"
FORK = {"mode": "processes", "workers": 2, "start_method": "fork"}
THREADS = {"mode": "threads", "workers": 3}
ATTEMPTS = 6


@pytest.fixture(autouse=True)
def causes(monkeypatch):
    """Give the participant's module."""
    monkeypatch.syspath_prepend(str(PARTICIPANT))
    return import_module("causes")


def as_if_quiet(record):
    """Return a run as it would be told if nothing was known of other programs."""
    return dataclasses.replace(record, others_load=0.0)


def causes_told(function, inputs, chunksize=1, **way):
    """Return what the sentence names, the largest loss first, without waiting for a core.

    On a busy machine a run may be too short to tell, and a serial run no fair baseline: both say
    so, and are made again.
    """
    for _ in range(ATTEMPTS):
        serial = run(function, inputs, mode="serial")
        record = run(function, inputs, chunksize=chunksize, **way)
        sentence = describe_loss(as_if_quiet(serial), as_if_quiet(record))
        named = re.findall(r"\d\.\d\d (?:went )?to ([^:]*?)(?=, \d+\.\d\d |\.$)", sentence)
        named = [cause for cause in named if not cause.startswith("waiting for a core")]
        if "no fair baseline" not in sentence and "this run cannot tell" not in "".join(named[:1]):
            break
    return named, sentence


def test_pure_counting_waits_for_the_gil(causes):
    named, sentence = causes_told(causes.count, range(80), **THREADS)
    # The GIL is mostly given up within a task. Where the system itself is slow to let another
    # thread run, it is waited for at the next task.
    between = "waiting for the GIL between tasks, to fetch the next one"
    assert {"waiting inside tasks, for the GIL", between} & set(named[:2]), sentence


def test_a_lock_around_the_body_is_a_lock(causes):
    named, sentence = causes_told(causes.sleep_under_a_lock, range(24), **THREADS)
    assert named[0] == "waiting inside tasks, for a lock or another thread", sentence


def test_a_lock_around_a_body_that_computes_is_a_lock_and_fetching_a_task_takes_the_gil(causes):
    named, sentence = causes_told(causes.count_under_a_lock, range(40), **THREADS)
    lock = "waiting inside tasks, for a lock or another thread"
    fetching = "waiting for the GIL between tasks, to fetch the next one"
    unknown = "handing out tasks, or waiting for the GIL between them (this run cannot tell)"
    assert {lock, fetching, unknown} & set(named), sentence
    assert not any(cause == "waiting inside tasks, for the GIL" for cause in named), sentence


@pytest.mark.parametrize("way", [THREADS, FORK, {**FORK, "start_method": "forkserver"}])
def test_a_locked_file_is_a_lock_in_threads_and_in_processes(causes, way, tmp_path):
    inputs = [str(tmp_path / "file")] * 60
    named, sentence = causes_told(causes.count_under_a_file_lock, inputs, **way)
    assert any("lock" in cause for cause in named), sentence
    inside = [cause for cause in named if "inside tasks" in cause]
    assert not any("GIL" in cause and "lock" not in cause for cause in inside), sentence


def test_inserts_into_one_database_do_not_wait_for_the_gil(causes, tmp_path):
    path = str(tmp_path / "rows")
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("create table rows (value)")
        database.commit()
    for way in (THREADS, FORK):
        named, sentence = causes_told(causes.insert, [path] * 24, **way)
        assert not any("for the GIL" in cause for cause in named[:1]), sentence


def test_waiting_that_serial_has_as_well_is_no_loss(causes):
    named, sentence = causes_told(causes.sleep_and_count, range(12), **FORK)
    assert not any("inside tasks" in cause for cause in named), sentence


def test_computing_between_waits_is_what_waits_for_the_gil(causes):
    # Where other programs keep threads from their cores, a pause that ends late looks like a longer
    # one. A run that was not kept from them says what is so.
    for _ in range(ATTEMPTS):
        named, sentence = causes_told(causes.sleep_and_count, range(36), mode="threads", workers=6)
        inside = [cause for cause in named if "inside tasks" in cause]
        if all("for the GIL" in cause or "cannot tell" in cause for cause in inside):
            return
    pytest.fail(sentence)


def test_hashing_large_blocks_does_not_wait_for_the_gil(causes):
    named, sentence = causes_told(causes.hash_much, range(24), mode="threads", workers=2)
    certain = [cause for cause in named if "cannot tell" not in cause]
    assert not any("GIL" in cause for cause in certain), sentence


@pytest.mark.parametrize("name", ["load_once", "wait_once"])
def test_a_first_call_that_takes_longer_is_named(causes, name):
    named, sentence = causes_told(getattr(causes, name), range(24), **FORK)
    first = "the first call in each worker (it took 0.2|the first call in each worker (it took 0.3"
    assert any(cause.startswith(tuple(first.split("|"))) for cause in named), sentence
    assert not any("slower computing" in cause for cause in named), sentence


def test_large_results_are_named_as_results(causes):
    named, sentence = causes_told(causes.give_much, range(8), **FORK)
    assert re.match(r"pickling, sending and unpickling results \(40.*each\)", named[0]), sentence


def test_large_inputs_are_named_as_inputs(causes):
    inputs = [bytes(40_000_000) for _ in range(8)]
    named, sentence = causes_told(causes.take_much, inputs, **FORK)
    assert any(
        re.match(r"(pickling and unpickling inputs|handing out tasks) \(40.*each\)", cause)
        for cause in named[:1]
    ), sentence
    assert not any("results" in cause for cause in named[:1]), sentence


def test_arrays_that_no_cache_holds_leave_the_reason_open(causes):
    _, sentence = causes_told(causes.sum_large, range(12), **FORK)
    assert "slower computing" not in sentence or "this run cannot tell" in sentence


@pytest.fixture
def neighbour(eventually):
    """Keep all cores that this process may use busy, with one neighbour on each."""
    spin = "import os; os.sched_setaffinity(0, [{}])\nwhile True: pass"
    programs = [
        subprocess.Popen([sys.executable, "-c", spin.format(cpu)])
        for cpu in sorted(os.sched_getaffinity(0))
    ]
    eventually(lambda: min(process_cpu_s(program.pid) for program in programs) > 0.1)
    yield programs
    for program in programs:
        program.kill()
        program.wait()


@pytest.mark.parametrize("way", [{"mode": "threads", "workers": 2}, FORK])
def test_a_neighbour_is_named_and_flagged(causes, neighbour, way):
    record = run("count-down", tasks=8, task_ms=60, **way)
    assert record.disturbed
    assert record.others_seen > 0.5
    # Of several serial runs the quickest: a slower one is no baseline at all beside a neighbour.
    serial_runs = [run("count-down", tasks=8, task_ms=60, mode="serial") for _ in range(ATTEMPTS)]
    serial = as_if_quiet(min(serial_runs, key=lambda serial_run: serial_run.wall_time_s))
    assert "no fair measurement: programs outside this run kept" in describe_loss(serial, record)


def test_a_neighbour_disturbs_journeys(neighbour):
    assert run("payload", tasks=16, task_bytes=8_000_000, **FORK).disturbed


def test_a_neighbour_leaves_waiting_alone(neighbour):
    waiting = {"tasks": 8, "task_ms": 100, "mode": "threads", "workers": 4}
    # Other tests may keep it from the cores as well, and hold up the start of its threads.
    assert not all(run("query", **waiting).disturbed for _ in range(ATTEMPTS))


def test_threads_inside_the_tasks_are_seen(causes, monkeypatch, require):
    require((os.cpu_count() or 1) > 1, "there is one core", "use two")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    two = run(causes.multiply, range(12), mode="serial")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    one = run(causes.multiply, range(12), mode="serial")
    assert one.inner_threads < 0.1 < two.inner_threads
    assert one.conditions != two.conditions
