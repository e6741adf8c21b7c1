"""Little room for records and results, and very many tasks and workers."""

import os
import shutil
import subprocess

import pytest

from swimlanes import modes, run
from swimlanes.errors import RunError
from swimlanes.measure.place import make_folder

pytestmark = pytest.mark.usefixtures("nothing_left")

TELL = """
import resource
from swimlanes import run
from swimlanes.errors import SwimlanesError
try:
    record = run({request})
    print("well", record.results == {wanted})
except SwimlanesError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
# Mounts of its own: what is mounted there ends with the process.
MOUNT_AND_EXEC = (
    "mount -t tmpfs -o size=$0 none /dev/shm && mount -t tmpfs -o size=$1 none $TMPDIR && "
    'shift && exec "$@"'
)


@pytest.fixture
def in_small_room(require, start_python, tmp_path):
    """Return a function that runs a request with little shared memory and temporary space."""
    try_it = ["unshare", "--mount", "true"]
    allowed = shutil.which("unshare") and not subprocess.run(try_it, capture_output=True).returncode
    require(allowed, "no mounts can be made here", "run as root, with util-linux")
    folder = tmp_path / "temporary"
    folder.mkdir()

    def tell(request, shared, temporary="1m", wanted=None):
        before = ["unshare", "--mount", "sh", "-c", MOUNT_AND_EXEC, shared, temporary]
        environment = {**os.environ, "TMPDIR": str(folder)}
        program = TELL.format(request=request, wanted=wanted)
        process = start_python(program, *before, env=environment)
        shown, wrong = process.communicate(timeout=60)
        assert wrong == ""
        sentence, peak_kb = shown.splitlines()
        return sentence, int(peak_kb) * 1024

    return tell


def test_no_room_for_the_records(in_small_room):
    sentence, _ = in_small_room("'query', tasks=100_000, task_ms=1", "64k", "64k")
    assert sentence.startswith(
        "There is no room for the records of 100000 tasks in /dev/shm or the"
    )
    assert sentence.endswith(
        "(No space left on device). Free some space there, or run fewer tasks."
    )


def test_the_records_go_where_there_is_room(in_small_room):
    sentence, _ = in_small_room(
        "abs, range(10_000), mode='threads'", "64k", "10m", "tuple(range(10_000))"
    )
    assert sentence == "well True"


@pytest.mark.parametrize("mode", modes.starting_processes())
def test_no_room_for_the_locks_of_workers(mode, in_small_room):
    sentence, _ = in_small_room(f"abs, range(16), mode={mode!r}, workers=2", "8k")
    assert sentence.startswith(
        "The run broke off before its first task: OSError: [Errno 28] No space left on device"
    )
    assert sentence.endswith("Free some space, also in /dev/shm, where workers share their locks.")


def test_results_larger_than_shared_memory(in_small_room):
    size = 200_000_000
    sentence, peak_bytes = in_small_room(
        f"bytes, [{size}], mode='processes', workers=1", "1m", wanted=f"(bytes({size}),)"
    )
    assert sentence == "well True"
    # The result, its pickle and the bytes that compare with it, but no heap of copies.
    assert peak_bytes < 4 * size


def test_more_records_than_there_can_be_room_for():
    with pytest.raises(RunError, match=r"no room for the records of 10+ tasks .* fewer tasks"):
        make_folder(10**14)


# Very many


def test_many_tasks(way):
    record = run("math:floor", range(100_000), **way)
    assert record.results == tuple(range(100_000))
    assert [len(record.tasks), record.tasks[-1].task] == [100_000, 99_999]


def test_many_tasks_one_by_one():
    record = run(
        "math:floor", range(20_000), mode="processes", workers=2, schedule="imap_unordered"
    )
    assert record.results == tuple(range(20_000))


@pytest.mark.parametrize("method", modes.start_methods())
def test_many_processes(method):
    record = run("query", mode="processes", workers=64, start_method=method, tasks=128, task_ms=1)
    assert len(record.results) == 128


@pytest.mark.parametrize(
    "way",
    [
        {"mode": "processes", "workers": 256, "start_method": "fork"},
        {"mode": "threads", "workers": 256},
        {"mode": "nested", "workers": 16, "threads": 16},
    ],
    ids=lambda way: way["mode"],
)
def test_as_many_workers_as_there_may_be(way):
    record = run("query", **way, tasks=512, task_ms=1, chunksize=1)
    assert len(record.results) == 512
    assert len({lane.worker for lane in record.timeline.lanes}) == len(record.timeline.lanes) <= 256
