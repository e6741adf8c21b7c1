"""What is said about a watched block, of pools whose weakness is known."""

import multiprocessing as mp
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing.pool import ThreadPool

import pytest

import swimlanes

pytestmark = pytest.mark.usefixtures("nothing_left")
FORK = mp.get_context("fork")


def compute(cpu_s):
    end_s = time.thread_time() + cpu_s
    while time.thread_time() < end_s:
        pass


def invert(x):
    return 1 / x


def end(x):
    if x == 1:
        os._exit(1)


def said(seen, start):
    """Return the one sentence that begins so."""
    (sentence,) = [each for each in seen.sentences if start in each]
    return sentence


def test_the_speedup_that_lanes_show_is_their_cpu_time_over_the_time():
    with swimlanes.watch() as seen, FORK.Pool(2) as pool:
        pool.map(compute, [0.05] * 4)
    told = float(said(seen, "The lanes show a speedup of").split("speedup of ")[1].split(":")[0])
    lanes = seen.run.timeline.lanes
    passed_s = max(lane.gone_s for lane in lanes) - min(lane.asked_s for lane in lanes)
    computed_s = sum(task.cpu_s for task in seen.run.tasks)
    assert told == pytest.approx(computed_s / passed_s, abs=0.01)
    assert "Only a serial run can tell" in seen.sentences[0]
    assert not any("speedup" in sentence for sentence in seen.sentences[1:])


def test_of_calls_that_wait_no_speedup_is_told():
    with swimlanes.watch() as seen, ThreadPool(4) as pool:
        pool.map(time.sleep, [0.05] * 8)
    assert "calls at a time. Most of their time they waited" in seen.sentences[0]
    assert not any("speedup" in sentence for sentence in seen.sentences)


def compute_and_wait(cpu_s):
    compute(cpu_s)
    time.sleep(cpu_s)


def test_of_calls_that_compute_and_wait_the_waiting_is_told_not_to_count():
    with swimlanes.watch() as seen, FORK.Pool(2) as pool:
        pool.map(compute_and_wait, [0.05] * 4)
    assert "by waiting together is not counted" in said(seen, "show a speedup of")


def test_after_an_error_there_is_no_advice():
    with swimlanes.watch() as seen, ThreadPool(1) as last:
        for _ in range(5):
            with ThreadPool(1) as pool:
                pool.map(abs, [1])
        with pytest.raises(ZeroDivisionError):
            last.map(invert, [0])
    assert not any("times a ThreadPool was started" in sentence for sentence in seen.sentences)
    assert "raised ZeroDivisionError" in seen.sentences[0]


def test_pools_in_a_loop_are_counted():
    with swimlanes.watch() as seen:
        for _ in range(5):
            with ThreadPool(1) as pool:
                pool.map(abs, [1])
    assert said(seen, "A ThreadPool was started 5 times: start one, and use it for all calls.")


def test_pools_at_the_same_time_are_no_loop():
    with swimlanes.watch() as seen, ExitStack() as stack:
        pools = [stack.enter_context(ThreadPool(1)) for _ in range(6)]
        for pool in pools:
            pool.map(abs, [1])
    assert not any("times a" in sentence for sentence in seen.sentences)


def test_threads_in_a_loop_are_no_pools():
    with swimlanes.watch() as seen:
        for _ in range(5):
            thread = threading.Thread(target=time.sleep, args=(0,))
            thread.start()
            thread.join()
    assert not any("times a" in sentence for sentence in seen.sentences)


def test_short_calls_in_large_chunks_are_not_blamed():
    with swimlanes.watch() as seen, FORK.Pool(1) as pool:
        pool.map(abs, range(20_000), chunksize=20_000)
    assert not any("A call took" in sentence for sentence in seen.sentences)


def test_calls_that_cost_less_than_handing_them_out():
    with swimlanes.watch() as seen, FORK.Pool(1) as pool:
        pool.map(abs, range(1000), chunksize=1)
    assert "do more in each call" in said(seen, "A call took")


@pytest.mark.parametrize(
    ("function", "value", "told"),
    [(len, bytes(3_000_000), "A call is sent"), (bytes, 3_000_000, "A call gives back")],
)
def test_large_inputs_and_results(function, value, told):
    with swimlanes.watch() as seen, FORK.Pool(2) as pool:
        pool.map(function, [value] * 4, chunksize=1)
    assert "send the name of a file, or share the memory" in said(seen, told)


def test_workers_without_work_at_the_end():
    with swimlanes.watch() as seen, ThreadPool(4) as pool:
        pool.map(time.sleep, [0.4, 0, 0, 0], chunksize=1)
    assert "hand out the longest calls first" in said(seen, "Workers had nothing left to do for")


def test_more_workers_than_cores_that_compute():
    with swimlanes.watch() as seen, FORK.Pool(3 * swimlanes.usable_cores()) as pool:
        pool.map(compute, [0.1] * 3 * swimlanes.usable_cores(), chunksize=1)
    sentence = said(seen, "Calls waited for a core for")
    assert "ran at a time" in sentence
    assert "Start as many workers as there are cores." in sentence


def test_threads_that_take_turns_are_told_without_naming_the_cause():
    with swimlanes.watch() as seen, ThreadPool(2) as pool:
        pool.map(compute, [0.1] * 6, chunksize=1)
    if "speedup" in seen.sentences[0] and seen.run.others_seen < 0.1:
        assert "If they wait for the GIL" in said(seen, "2 threads of one process computed on")


def test_an_error_is_told_with_its_call_and_its_input():
    with swimlanes.watch() as seen, FORK.Pool(1) as pool:
        assert pool.map(invert, [1, 2]) == [1, 0.5]
        with pytest.raises(ZeroDivisionError):
            pool.apply(invert, (0,))
    start = "Call 2, with the input 0, raised ZeroDivisionError: division by zero."
    assert said(seen, start) == seen.sentences[0]
    assert seen.run.timeline.failed == (2,)


@pytest.mark.parametrize("chunksize", [1, 2])
@pytest.mark.parametrize("kind", ["processes", "threads"])
def test_the_input_of_a_call_of_an_executor_is_its_argument(kind, chunksize):
    executor = ThreadPoolExecutor(1)
    if kind == "processes":
        executor = ProcessPoolExecutor(1, mp_context=FORK)
    with swimlanes.watch() as seen, executor, pytest.raises(ZeroDivisionError):
        list(executor.map(invert, [1, 0], chunksize=chunksize))
    assert seen.sentences[0].startswith("Call 1, with the input 0, raised ZeroDivisionError")


def test_equal_errors_are_told_three_times_at_most():
    with swimlanes.watch() as seen, ThreadPool(1) as pool:
        for _ in range(30):
            pool.apply_async(invert, (0,))
        pool.close()
        pool.join()
    assert sum("raised ZeroDivisionError" in sentence for sentence in seen.sentences) == 3


def test_a_worker_that_ended_in_a_call_is_told_while_the_pool_waits(eventually):
    with swimlanes.watch() as seen, FORK.Pool(2) as pool:
        pool.map_async(end, range(4), chunksize=1)
        eventually(lambda: seen.faults)
        assert "ended in the middle of a call" in seen.faults[0]
        assert "interrupt this" in seen.faults[0]
    assert seen.sentences[0] == seen.faults[0]
    assert "interrupt this" not in seen.sentences[0]
    assert seen.sentences[1].startswith("4 calls on 3 workers")
    assert seen.sentences[2:] == ["1 call ended with the worker, without a result."]


@pytest.mark.parametrize("kind", ["terminated", "replaced"])
def test_workers_that_their_pool_ends_are_no_faults(kind, eventually):
    with (
        swimlanes.watch() as seen,
        FORK.Pool(2, maxtasksperchild=1 if kind == "replaced" else None) as pool,
    ):
        pool.map(abs, range(6), chunksize=1)
        pool.map_async(time.sleep, [60, 60], chunksize=1)
        eventually(lambda: sum(lane.running for lane in seen.seen.lanes) == 2)
    assert seen.faults == []


def test_a_function_that_a_worker_cannot_find_is_an_error_and_no_hang(monkeypatch):
    """As a function of a notebook is for a process that is started by spawn."""
    compute_here = type(compute)(compute.__code__, globals(), "compute_here")
    compute_here.__module__, compute_here.__qualname__ = "__main__", "compute_here"
    monkeypatch.setattr("__main__.compute_here", compute_here, raising=False)
    with (
        swimlanes.watch() as seen,
        mp.get_context("spawn").Pool(1) as pool,
        pytest.raises(AttributeError, match="compute_here"),
    ):
        pool.map_async(compute_here, [0.1]).get(60)
    assert "cannot find compute_here of this notebook or program" in seen.sentences[0]
    assert not any("raised" in sentence for sentence in seen.sentences)


def test_workers_that_got_nothing_to_do():
    with swimlanes.watch() as seen, ThreadPool(2):
        pass
    (sentence,) = seen.sentences
    assert "started, and no call reached them." in sentence or "No worker was" in sentence


HIDDEN = """
import multiprocessing as mp
import sys
sys.path.append(sys.path.pop(0))
import swimlanes
sys.path.insert(0, sys.path.pop())
if __name__ == "__main__":
    with swimlanes.watch() as seen, mp.get_context("spawn").Pool(1) as pool:
        print(pool.map(abs, [-1]))
    print(*seen.sentences)
"""


def test_a_file_that_hides_this_package_from_new_processes_is_told(tmp_path):
    (tmp_path / "swimlanes.py").write_text("")
    (tmp_path / "program.py").write_text(HIDDEN)
    said = subprocess.check_output(
        [sys.executable, "program.py"], cwd=tmp_path, text=True, timeout=60
    )
    assert said.startswith("[1]")
    assert f"{tmp_path / 'swimlanes.py'} comes before it" in said
    assert "give that file another name" in said
