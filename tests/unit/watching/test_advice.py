"""What is said about a watched block, of pools whose weakness is known."""

import multiprocessing as mp
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing.pool import ThreadPool

import numpy as np
import pytest

import swimlanes
from swimlanes import drawing
from swimlanes.cores import Limit, UsableCores
from swimlanes.runner.usage import Usage
from swimlanes.watching import advice, log
from swimlanes.watching.record import run_of
from swimlanes.watching.seen import Seen, SeenLane, SeenPool

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


def fair(seen):
    """Return what is said of a watch as if no other programs had run, as tests run beside many."""
    return advice.describe(seen.seen, replace(seen.run, others_load=None))


def said(seen, start):
    """Return the one sentence that begins so."""
    (sentence,) = [each for each in fair(seen) if start in each]
    return sentence


def test_the_speedup_that_lanes_show_is_their_cpu_time_over_the_time():
    told = known([[(500, 450, 0)] * 2, [(500, 400, 0)] * 2])
    assert "The lanes show a speedup of 1.70: " in told
    assert "That is 85% of what 2 cores can do." in told
    assert told.count("speedup") == 1
    assert "Only a serial run can tell" in told


def test_of_calls_that_wait_no_speedup_is_told():
    with swimlanes.watch() as seen, ThreadPool(4) as pool:
        pool.map(time.sleep, [0.05] * 8)
    assert "calls at a time. They waited most of their time" in fair(seen)[0]
    assert not any("speedup" in sentence for sentence in fair(seen))


def test_of_calls_that_compute_and_wait_the_waiting_is_told_not_to_count():
    assert "by waiting together is not counted" in known([[(500, 300, 0)] * 2] * 2)


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


def test_a_mean_is_not_over_pools_that_send_nothing():
    with swimlanes.watch() as seen:
        for value in (bytes(4_000_000), b""):
            with FORK.Pool(1) as pool:
                pool.map(len, [value] * 4, chunksize=1)
    assert said(seen, "A call is sent").startswith(
        "A call is sent 4\N{NO-BREAK SPACE}MB on average in 1 of 2 pools, and"
    )


def test_workers_without_work_at_the_end():
    with swimlanes.watch() as seen, ThreadPool(4) as pool:
        pool.map(time.sleep, [0.4, 0, 0, 0], chunksize=1)
    assert "divide it into several calls" in said(seen, "Workers had nothing left to do for")
    with swimlanes.watch() as seen, ThreadPool(2) as pool:
        pool.map(time.sleep, [*[0.1] * 6, 0.4], chunksize=1)
    assert "Hand out the longest calls first." in said(seen, "Workers had nothing left to do for")
    with swimlanes.watch() as seen, ThreadPool(2) as pool:
        pool.map(time.sleep, [0.1] * 4, chunksize=3)
    assert "smaller chunks" in said(seen, "Workers had nothing left to do for")


def test_threads_that_take_turns_are_told_without_naming_the_cause():
    with swimlanes.watch() as seen, ThreadPool(2) as pool:
        pool.map(compute, [0.1] * 6, chunksize=1)
    if seen.run.others_seen < 0.1:
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
        told = re.search(
            r"Worker \d of Pool \(process \d+\) ended itself with exit code 1 in the "
            r"middle of call (\d) \(they are numbered from 0, in the order in which they began\)\.",
            seen.faults[0],
        )
        assert "interrupt this" in seen.faults[0]
    assert seen.sentences[0] == seen.faults[0]
    assert "interrupt this" not in seen.sentences[0]
    assert seen.run.timeline.failed == (int(told[1]),)
    names = [lane.name for lane in seen.run.timeline.lanes]
    assert sorted(names) == ["Pool", "Pool, ended", "replacement"]
    assert "4 calls on 2 workers and 1 replacement" in drawing.lanes(seen.run.timeline)
    assert fair(seen)[1].startswith("4 calls on 2 workers and 1 replacement")
    assert fair(seen)[2:] == ["1 call ended with the worker, without a result."]


def test_a_worker_that_was_ended_before_it_was_ready_is_none(eventually):
    with swimlanes.watch() as seen, FORK.Pool(1) as pool:
        pool.map(abs, [1])
        eventually(lambda: seen.seen.lanes)
        (file,) = seen._folder.glob("*.lane")
        place = file.name.split(".")[0]
        file.with_name(f"{place}.1.1.lane").write_bytes(bytes(file.stat().st_size))
    assert "1 call on 1 worker" in " ".join(seen.sentences)


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
    assert "started, and got no call." in sentence or "No worker was" in sentence


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


def known(lanes, *, others=0.0, one_process=False, chunks=None, left=0):
    """Return what is said of lanes on two cores, each with the (length, CPU, waiting) of its calls.

    Milliseconds; the calls of a lane follow each other. Other programs keep so many cores busy.
    So many lanes are `left` in a call that has not ended.
    """
    pool, made, ms = SeenPool("a", "Pool", 1, 0), [], 1_000_000
    for number, spent in enumerate(lanes):
        header = np.zeros(log.HEADER_WORDS, np.int64)
        header[log.CALLS], header[log.CHUNKS] = len(spent), chunks or len(spent)
        header[log.RUN_START] = number < left
        calls = np.zeros((len(spent), log.CALL_WORDS), np.int64)
        calls[:, [log.LENGTH, log.CPU, log.WAITING]] = np.array(spent).reshape(-1, 3) * ms
        calls[:, log.COUNT] = 1
        calls[1:, log.START] = calls[:-1, log.LENGTH].cumsum()
        pid = 100 if one_process else 100 + number
        made.append(SeenLane(pool, pid, 200 + number, header, calls, int(calls[:, 1].sum())))
    end_ns = max(lane.end_ns for lane in made)
    seen = Seen(0, end_ns, (pool,), tuple(made), ())
    cores = UsableCores([Limit("host", 2, "")], (0, 1))
    own_s = sum(lane.calls[:, log.CPU].sum() for lane in made) / 1e9
    usage = Usage(end_ns / 1e9, own_s, own_s + others * end_ns / 1e9)
    return " ".join(advice.describe(seen, run_of(seen, cores, usage, "cell")))


def test_of_calls_that_have_not_ended_no_time_is_told():
    lanes = [[(500, 450, 0)] * 2, [(500, 400, 0)] * 2]
    told = known(lanes, left=1)
    assert told.startswith("5 calls on 2 workers in ")
    assert "The 4 that ended took 2\N{NO-BREAK SPACE}s in all." in told
    assert not re.search("speedup|calls at a time|went|themselves", told)
    assert "The one that ended took" in known([[(500, 450, 0)], []], left=2)
    idle = [[(400, 400, 0)], [(10, 10, 0)]]
    assert "nothing left to do" in known(idle)
    assert "nothing left to do" not in known(idle, left=1)


def test_calls_that_wait_for_answers_are_not_called_too_many_for_the_cores():
    """Eight threads that hardly compute waited for a core, because of other programs."""
    told = known([[(1000, 10, 590)]] * 8, others=1.9, one_process=True)
    assert told.startswith("This is no fair measurement: programs outside this run kept 1.9")
    assert "Measure again when those programs have ended" in told
    assert "Start as many workers" not in told


def test_threads_that_share_one_core_are_not_called_too_many_for_two():
    told = known([[(1000, 300, 400)]] * 3, one_process=True)
    assert "Start as many workers" not in told
    assert "This run cannot tell" in told


def test_where_crowd_and_others_both_fit_the_run_cannot_tell():
    crowd = [[(1000, 330, 600)] * 2] * 4
    assert "Start as many workers as there are cores." in known(crowd)
    assert "This run cannot tell how much each of the two did." in known(crowd, others=0.6)
    assert "Measure again" in known([[(1000, 300, 600)] * 2] * 2, others=0.6)


def test_a_disturbed_watch_says_so_first_and_tells_no_speedup():
    told = known([[(1000, 40, 900)]] * 2, others=1.8)
    assert told.startswith("This is no fair measurement")
    assert "speedup" not in told
    assert told.count("Measure again") == 1


def test_a_low_speedup_of_an_undisturbed_watch_comes_with_where_the_time_went():
    told = known([[(1000, 300, 0)]] * 2)
    assert "speedup" not in told
    assert "30% to computing in calls, 70% to other waiting in calls" in told


def test_one_call_is_not_judged_by_two_cores():
    told = known([[(1000, 700, 0)], []])
    assert "1 call on 2 workers" in told
    assert "%" not in told
    assert "Workers had" not in told


def test_equal_calls_one_of_which_had_to_wait_are_not_called_unequal():
    told = known([[(100, 90, 0)] * 3, [(100, 90, 0), (100, 90, 0), (400, 90, 300)]])
    assert "nothing left to do" not in told


def test_what_is_advised_to_idle_workers_is_what_was_seen():
    equal = [[(100, 90, 0)], [(100, 90, 0)] * 2]
    assert "a multiple of 2" in known(equal).lower()
    assert "chunksize" not in known(equal)
    in_chunks = [[(100, 90, 0)], [(100, 90, 0)] * 3]
    assert "chunksize=1" in known(in_chunks, chunks=1)
    assert "cannot fill 4 workers" in known([[(300, 290, 0)], [(100, 90, 0)], [], []])
