"""Pools, executors, processes and threads of plain code, as the block that watches sees them."""

import errno
import glob
import multiprocessing as mp
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

import pytest

import swimlanes
from swimlanes import drawing
from swimlanes.errors import RequestError
from swimlanes.measure.place import IN_MEMORY

pytestmark = pytest.mark.usefixtures("nothing_left")
FORK = mp.get_context("fork")
FOLDERS = f"{IN_MEMORY}/swimlanes-watch-{os.getpid()}-*"


def double(x):
    return 2 * x


def add(a, b):
    return a + b


def compute(cpu_s):
    end_s = time.thread_time() + cpu_s
    while time.thread_time() < end_s:
        pass


def pool_of(kind):
    return ThreadPool(2) if kind == "ThreadPool" else FORK.Pool(2)


WAYS = {
    "map": (lambda pool: pool.map(double, range(7)), 7),
    "map, in chunks": (lambda pool: pool.map(double, range(7), chunksize=3), 7),
    "imap": (lambda pool: list(pool.imap(double, range(5))), 5),
    "imap, in chunks": (lambda pool: list(pool.imap(double, range(5), chunksize=2)), 5),
    "imap_unordered": (lambda pool: sorted(pool.imap_unordered(double, range(5))), 5),
    "starmap": (lambda pool: pool.starmap(add, [(1, 2), (3, 4)]), 2),
    "apply": (lambda pool: [pool.apply(double, (n,)) for n in range(3)], 3),
    "map_async": (lambda pool: pool.map_async(double, range(4)).get(60), 4),
    "starmap_async": (lambda pool: pool.starmap_async(add, [(1, 2)] * 3).get(60), 3),
    "apply_async": (lambda pool: pool.apply_async(double, (1,)).get(60), 1),
}


@pytest.mark.parametrize("kind", ["Pool", "ThreadPool"])
@pytest.mark.parametrize(("use", "calls"), WAYS.values(), ids=WAYS)
def test_each_call_of_a_pool_has_a_bar_on_the_lane_of_its_worker(kind, use, calls):
    with pool_of(kind) as pool:
        expected = use(pool)
    with swimlanes.watch() as seen, pool_of(kind) as pool:
        assert use(pool) == expected
    lanes = seen.run.timeline.lanes
    assert {lane.name for lane in lanes} == {kind}
    assert seen.run.tasks_count == len(seen.run.tasks) == calls
    # A worker that its pool ends before it was ready has no lane.
    assert len({(lane.pid, lane.thread_id) for lane in lanes}) == len(lanes) <= 2
    assert all((lane.pid == os.getpid()) == (kind == "ThreadPool") for lane in lanes)


EXECUTORS = {
    "map": (lambda executor: list(executor.map(double, range(6))), 6),
    "map, in chunks": (lambda executor: list(executor.map(double, range(6), chunksize=4)), 6),
    "submit": (lambda executor: [executor.submit(double, n).result() for n in range(4)], 4),
}


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
@pytest.mark.parametrize(("use", "calls"), EXECUTORS.values(), ids=EXECUTORS)
def test_each_call_of_an_executor_has_a_bar(kind, use, calls):
    more = {} if kind is ThreadPoolExecutor else {"mp_context": FORK}
    with swimlanes.watch() as seen, kind(2, **more) as executor:
        use(executor)
    assert {lane.name for lane in seen.run.timeline.lanes} == {kind.__name__}
    assert seen.run.tasks_count == calls


def test_a_bare_process_or_thread_is_one_call():
    workers = [FORK.Process(target=double, args=(1,)), threading.Thread(target=double, args=(1,))]
    with swimlanes.watch() as seen:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sorted(lane.name for lane in seen.run.timeline.lanes) == ["Process 1", "Thread 2"]
    assert seen.run.tasks_count == 2


def inner(numbers):
    with ThreadPool(2) as pool:
        return pool.map(double, numbers)


def test_pools_within_pools_and_one_after_another_have_lanes_of_their_own():
    with swimlanes.watch() as seen:
        with FORK.Pool(1) as pool:
            assert pool.map(inner, [[1, 2], [3]]) == [[2, 4], [6]]
        with ThreadPool(1) as pool:
            pool.map(double, [1])
    names = [lane.name.split()[0] for lane in seen.run.timeline.lanes]
    assert sorted(names) == ["Pool"] + ["ThreadPool"] * 5
    assert seen.run.tasks_count == 2 + 3 + 1


def test_workers_come_and_go_within_the_block():
    with swimlanes.watch() as seen, FORK.Pool(1, maxtasksperchild=2) as pool:
        workers = pool.map(own_pid, range(6), chunksize=1)
    lanes = seen.run.timeline.lanes
    assert {lane.pid for lane in lanes} >= set(workers)
    assert len(set(workers)) == 3
    account = seen.run.account
    assert all(lane.absent > 0 for lane in account.lanes)
    assert sum(lane.total for lane in account.lanes) == pytest.approx(account.area_s)


def own_pid(_):
    return os.getpid()


def test_the_record_is_that_of_plain_clocks(tmp_path):
    began_s = time.monotonic()
    with swimlanes.watch() as seen, ThreadPool(1) as pool:
        pool.map(compute, [0.2])
    passed_s = time.monotonic() - began_s
    run = seen.run
    (task,) = run.tasks
    assert 0.2 <= task.cpu_s <= task.end_s - task.start_s + 1e-3
    assert task.end_s <= run.wall_time_s <= passed_s
    assert run.cpu_time_s >= task.cpu_s
    assert run.conditions.usable_cores == swimlanes.usable_cores()
    swimlanes.save(run, tmp_path / "run.json")
    loaded = swimlanes.load(tmp_path / "run.json")
    assert loaded.to_dict() == run.to_dict()


def test_it_leaves_nothing_behind_and_nothing_replaced():
    starts = mp.process.BaseProcess.start, threading.Thread.start
    with swimlanes.watch(), ThreadPool(1) as pool:
        assert glob.glob(FOLDERS)
        assert mp.process.BaseProcess.start is not starts[0]
        pool.map(double, [1])
    assert glob.glob(FOLDERS) == []
    assert (mp.process.BaseProcess.start, threading.Thread.start) == starts


def test_it_ends_with_an_error_of_the_block():
    with pytest.raises(ZeroDivisionError), swimlanes.watch() as seen, ThreadPool(1) as pool:
        pool.map(lambda x: 1 / x, [0])
    assert seen.over
    assert glob.glob(FOLDERS) == []


def test_one_block_is_watched_at_a_time():
    with swimlanes.watch() as seen:
        with pytest.raises(RequestError, match="one block is watched at a time"):
            swimlanes.watch().__enter__()
        with pytest.raises(RequestError, match="when the block has ended"):
            _ = seen.run
    with swimlanes.watch():
        pass


def test_without_a_call_there_is_no_run():
    with swimlanes.watch() as seen:
        pass
    with pytest.raises(RequestError, match="no call was seen"):
        _ = seen.run
    assert "No worker was started" in seen.sentences[0]


def test_a_block_that_is_watched_again_has_a_run_of_its_own():
    seen = swimlanes.watch()
    for count in (2, 3):
        with seen, ThreadPool(1) as pool:
            pool.map(double, range(count))
        assert seen.run.tasks_count == count


def test_threads_that_packages_start_are_no_lanes():
    with swimlanes.watch() as seen, ThreadPool(1) as pool:
        pool.map(double, [1])
    assert len(seen.run.timeline.lanes) == 1  # and a pool has three threads that help it


def test_a_call_that_has_not_ended_ends_with_the_block(tmp_path):
    release = threading.Event()
    with swimlanes.watch() as seen:
        thread = threading.Thread(target=release.wait)
        thread.start()
    release.set()
    thread.join()
    (task,) = seen.run.tasks
    assert task.end_s == pytest.approx(seen.run.wall_time_s, abs=0.1)
    assert "none has ended" in seen.sentences[0]
    swimlanes.save(seen.run, tmp_path / "run.json")
    assert swimlanes.load(tmp_path / "run.json").tasks_count == 1


def test_very_many_calls_stay_small_and_counted(tmp_path):
    with swimlanes.watch() as seen, FORK.Pool(2) as pool:
        pool.map(double, range(200_000))
    assert seen.run.tasks_count == seen.seen.calls == 200_000
    assert len(seen.run.tasks) < 40_000
    swimlanes.save(seen.run, tmp_path / "run.json")
    assert swimlanes.load(tmp_path / "run.json").to_dict() == seen.run.to_dict()
    assert "200000 calls on 2 workers" in swimlanes.figures.lanes(seen.run).svg.replace("\xa0", "")


KILLED = """
import os, signal, swimlanes
with swimlanes.watch():
    print(os.getpid(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_program_left_is_removed_by_the_next_one():
    killed = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL
    left = f"{IN_MEMORY}/swimlanes-watch-{killed.stdout.strip()}-*"
    assert glob.glob(left)
    with swimlanes.watch():
        assert glob.glob(left) == []


def test_a_spawned_worker_imports_nothing_heavy():
    code = "import swimlanes.watching.queues, swimlanes.watching.starts, sys; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not {"numpy", "IPython", "msgspec", "swimlanes.drawing"} & set(modules)


def test_a_worker_that_its_pool_ended_is_gone_from_that_moment_on():
    with swimlanes.watch() as seen:
        for _ in range(3):
            with FORK.Pool(2) as pool:
                pool.map(double, range(2))
    lanes = seen.run.timeline.lanes
    assert seen.run.timeline.lanes_at_a_time == 2
    for earlier, later in zip(lanes, lanes[2:], strict=False):
        assert earlier.gone_s <= later.asked_s


def test_a_watched_record_is_shown_without_a_word_of_what_was_not_measured(tmp_path, request):
    with swimlanes.watch() as seen, ThreadPool(2) as pool:
        pool.map(double, range(4))
    swimlanes.save(seen.run, tmp_path / "run.json")
    panel = swimlanes.ControlPanel()
    panel.open(tmp_path / "run.json")
    assert panel.last_run.tasks_count == 4
    told = drawing.describe_run(panel.last_run)
    assert ": 4 calls, watched for " in told
    assert "Only a serial run can tell" in told or panel.last_run.disturbed
    command = request.getfixturevalue("swimlanes")
    printed = command("show", str(tmp_path / "run.json")).stdout
    assert printed.startswith("watched: 4 calls on ")
    assert "pool made" not in printed


def test_a_pool_that_outlives_its_block_goes_on():
    with swimlanes.watch():
        pool = FORK.Pool(1, maxtasksperchild=3)
        pool.map(double, range(2))
    with pool:
        assert pool.map(double, range(9), chunksize=1) == [2 * n for n in range(9)]


@pytest.mark.parametrize("room", [0, 100_000])
def test_without_room_for_notes_the_work_goes_on_and_no_figure_is_told(room, monkeypatch):
    def no_room(file, start, size):
        if size > room:
            raise OSError(errno.ENOSPC, "No space left on device")
        os.ftruncate(file, size)

    monkeypatch.setattr(os, "posix_fallocate", no_room)
    with swimlanes.watch() as seen, FORK.Pool(2) as pool:
        assert pool.map(double, range(20_000), chunksize=100) == [2 * n for n in range(20_000)]
    (sentence,) = seen.sentences
    assert "had no room to write down all calls" in sentence
    with pytest.raises(RequestError, match=r"There is no run\. .* had no room"):
        _ = seen.run


def test_what_was_seen_says_itself_what_there_is_to_say():
    with swimlanes.watch() as seen, ThreadPool(1) as pool:
        assert repr(seen) == "block, watched"
        pool.map(double, [1])
    assert repr(seen) == "\n".join(seen.sentences)
