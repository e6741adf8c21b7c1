"""What a thread that stands still is seen waiting for: real threads in states that are known."""

import fcntl
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from swimlanes.measure import waits
from swimlanes.measure.waits import WaitsLog
from swimlanes.records import TaskRecord, Tasks, Waits
from swimlanes.sheet import WorkerRow


def lane(thread_id, pid=None, worker=1):
    return WorkerRow(worker, pid or os.getpid(), thread_id, 0, 0, 0)


def one_task(start_ns, end_ns, worker=1):
    return Tasks.of([TaskRecord(0, worker, start_ns / 1e9 - 1, end_ns / 1e9 - 1, 0.0, 0.0)])


@pytest.fixture
def seen(eventually):
    """Return a function that looks at a thread while it stands still, and tells what for.

    Looks at a thread that was on a core between them do not count: it may have waited for the GIL
    on its way to the place where it stands.
    """

    def look(thread_id):
        tasks = one_task(time.monotonic_ns(), time.monotonic_ns() + 10**12)
        told = []

        def five_looks_at_one_place():
            log, before = WaitsLog(), switches(thread_id)
            for _ in range(5):
                log.look([lane(thread_id)])
            told[:] = log.told(tasks)
            return told[0].total == 5 and switches(thread_id) == before

        eventually(five_looks_at_one_place)
        return told[0]

    return look


def switches(thread_id):
    """Return how often a thread left a core, by its own will or not."""
    status = Path(f"/proc/self/task/{thread_id}/status").read_text()
    return [line for line in status.splitlines() if "ctxt_switches" in line]


@pytest.fixture
def thread():
    """Return a function that starts a thread and returns its id; `release` lets it end."""
    threads = []

    def start(target):
        runner = threading.Thread(target=target, daemon=True)
        runner.start()
        threads.append(runner)
        return runner.native_id

    yield start
    for each in threads:
        each.join(10)


def test_of_a_long_run_the_looks_stay_even_over_its_time_and_its_lanes(thread, seen, monkeypatch):
    monkeypatch.setattr(waits, "MOST_LOOKS", 20)
    read, write = os.pipe()
    threads = [thread(lambda: os.read(read, 1)) for _ in range(2)]
    for number in threads:
        seen(number)
    log = WaitsLog()
    lanes = [lane(number, worker=worker) for worker, number in enumerate(threads, 1)]
    rounds, quarter_ns = 200, 50 * 10**9  # a look a second, so to speak
    for second in range(rounds):
        monkeypatch.setattr(waits.time, "monotonic_ns", lambda second=second: second * 10**9)
        log.look(lanes)
    os.close(write)
    told = [
        [log.told(one_task(part * quarter_ns, (part + 1) * quarter_ns, worker))[0].total
         for part in range(4)]
        for worker in (1, 2)
    ]  # fmt: skip
    assert told[0] == told[1]
    assert max(told[0]) - min(told[0]) <= 1
    assert 4 <= sum(told[0]) <= 10


def test_a_pause_is_neither_lock_nor_gil(thread, seen):
    done = threading.Event()

    def pause():
        while not done.is_set():
            time.sleep(0.2)

    waits = seen(thread(pause))
    done.set()
    assert (waits.gil, waits.lock) == (0, 0)


@pytest.mark.parametrize("limit_s", [-1, 60])
def test_a_lock_is_a_lock_with_and_without_a_time_limit(thread, seen, limit_s):
    lock = threading.Lock()
    lock.acquire()
    waits = seen(thread(lambda: lock.acquire(timeout=limit_s)))
    lock.release()
    assert waits == Waits(lock=waits.total)


def test_a_queue_that_is_waited_for_with_a_limit_is_not_the_gil(thread, seen):
    box = queue.Queue()
    waits = seen(thread(lambda: box.get(timeout=60)))
    box.put(None)
    assert (waits.gil, waits.other) == (0, 0)


def test_a_locked_file_is_a_lock(thread, seen, tmp_path):
    with open(tmp_path / "file", "w") as ours, open(tmp_path / "file") as theirs:
        fcntl.flock(ours, fcntl.LOCK_EX)
        waits = seen(thread(lambda: fcntl.flock(theirs, fcntl.LOCK_EX)))
        fcntl.flock(ours, fcntl.LOCK_UN)
        assert waits == Waits(lock=waits.total)


def test_data_that_does_not_come_is_neither(thread, seen):
    read, write = os.pipe()
    waits = seen(thread(lambda: os.read(read, 1)))
    os.close(write)
    assert waits == Waits(other=waits.total)


COUNT = """
import threading
def count():
    while True:
        pass
for _ in range(3):
    threading.Thread(target=count, daemon=True).start()
print([thread.native_id for thread in threading.enumerate()], flush=True)
count()
"""


def test_threads_that_take_turns_at_the_gil_wait_for_the_gil(eventually):
    log, tasks = WaitsLog(), one_task(time.monotonic_ns(), time.monotonic_ns() + 10**12)
    with subprocess.Popen([sys.executable, "-c", COUNT], stdout=subprocess.PIPE) as program:
        turns = lane(eval(program.stdout.readline())[1], program.pid)
        eventually(lambda: log.look([turns]) or log.told(tasks)[0].total >= 20)
        program.kill()
    waits = log.told(tasks)[0]
    assert waits.gil > waits.lock + waits.other


def test_only_looks_within_tasks_and_between_them_count(thread, seen):
    log, (read, write) = WaitsLog(), os.pipe()
    thread_id = thread(lambda: os.read(read, 1))
    seen(thread_id)
    while len(log._looks) < 4:
        log.look([lane(thread_id)])
    os.close(write)
    before, in_task, between, in_next = (look.at_ns for look in log._looks)
    tasks = [(in_task - 9, in_task + 9), (in_next - 9, in_next + 9)]
    records = [
        TaskRecord(number, 1, start / 1e9 - 1, end / 1e9 - 1, 0.0, 0.0)
        for number, (start, end) in enumerate(tasks)
    ]
    assert before < in_task < between < in_next
    assert log.told(Tasks.of(records)) == (Waits(other=2), Waits(other=1))


def test_a_lane_that_cannot_be_looked_at_is_left_out():
    log = WaitsLog()
    log.look([lane(thread_id=2**22, pid=2**22)])
    assert log.told(one_task(0, 10**18)) == (Waits(), Waits())
    assert not Path(f"/proc/{2**22}").exists()
