"""What a program may do while it is watched, and what stays as it is when nobody watches."""

import _thread
import gc
import glob
import multiprocessing as mp
import os
import resource
import shutil
import tempfile
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import MaybeEncodingError, ThreadPool
from unittest.mock import Mock

import pytest

import swimlanes
from swimlanes import figures
from swimlanes.errors import RequestError
from swimlanes.measure.place import IN_MEMORY
from swimlanes.watching.block import Watch

pytestmark = pytest.mark.usefixtures("nothing_left")
FORK = mp.get_context("fork")


def double(x):
    return 2 * x


def test_a_program_that_joins_all_threads_does_not_wait_for_who_watches():
    before = threading.enumerate()
    with swimlanes.watch():
        time.sleep(0.3)  # until there was a look
        assert threading.enumerate() == before


def test_very_many_threads_leave_no_file_open():
    before = len(os.listdir("/proc/self/fd"))
    with swimlanes.watch() as seen:
        for _ in range(400):
            thread = threading.Thread(target=int)
            thread.start()
            thread.join()
        assert len(os.listdir("/proc/self/fd")) < before + 50
    assert seen.seen.calls == 400
    assert "400 calls on 400 workers" in seen.sentences[0]
    with pytest.raises(RequestError, match="400 calls on 400 workers"):
        _ = seen.run


def test_a_pool_that_is_over_leaves_no_file_open():
    with swimlanes.watch():
        with FORK.Pool(1) as pool:
            pool.map(double, [1])
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(5):
            with FORK.Pool(1) as pool:
                pool.map(double, [1])
        assert len(os.listdir("/proc/self/fd")) <= before + 2  # of the last one, not yet forgotten


def test_where_no_more_files_may_be_opened_the_work_goes_on():
    done = []
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with swimlanes.watch() as seen:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            thread = threading.Thread(target=done.append, args=(1,))
            thread.start()
            thread.join()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert done == [1]
    assert "a limit" in seen.sentences[0]


def mapstar(first, second):
    return first + second


def test_a_function_may_be_called_as_one_of_the_pools_own():
    with swimlanes.watch(), FORK.Pool(1) as pool:
        assert pool.apply_async(mapstar, (1, 2)).get(timeout=60) == 3


def test_there_is_a_run_when_the_work_goes_on_after_the_block():
    showing = threading.Event()

    def show_slowly(watch):
        showing.set()
        time.sleep(0 if watch.over else 0.2)

    with Watch("block", show_slowly) as seen:
        pool = ThreadPool(2)
        going_on = pool.map_async(time.sleep, [0.0005] * 2000, chunksize=1)
        assert showing.wait(60)
    assert not going_on.ready()
    assert figures.account(seen.run)
    assert seen.sentences
    assert going_on.get(timeout=60) == [None] * 2000
    pool.terminate()
    pool.join()


class Unusual:
    """Answers whatever it is asked for."""

    __name__ = "unusual"

    def __getattr__(self, name):
        return []

    def __call__(self, *args):
        return 5


def test_what_is_called_may_answer_in_any_way():
    with swimlanes.watch():
        thread = threading.Thread(target=Unusual())
        thread.start()
        thread.join()
        with ThreadPool(1) as pool:
            assert pool.apply_async(Unusual(), (1,)).get(timeout=60) == 5
        with ThreadPoolExecutor(1, initializer=Mock()) as executor:  # it has get and put, too
            assert executor.submit(Unusual()).result(timeout=60) == 5


def test_an_executor_may_have_any_name():
    kind = type("Executor.of/<mine>" + "x" * 300, (ThreadPoolExecutor,), {})
    with swimlanes.watch() as seen, kind(1) as executor:
        assert executor.submit(double, 1).result(timeout=60) == 2
    assert [lane.name for lane in seen.run.timeline.lanes] == [kind.__name__]


class Fatal:
    def __repr__(self):
        raise SystemExit(1)


def fail(value):
    raise ValueError(type(value).__name__)


def test_an_input_that_cannot_be_shown_ends_no_worker():
    raises = pytest.raises(ValueError, match="Fatal")
    with swimlanes.watch() as seen, FORK.Pool(1) as pool, raises:
        pool.apply_async(fail, (Fatal(),)).get(timeout=60)
    assert seen.sentences[0] == (
        "Call 0, with the input <Fatal that cannot be shown>, raised ValueError: Fatal."
    )


class Nested(Exception):
    exc = KeyError("another")


def test_an_error_is_told_itself_and_not_one_that_it_has():
    def raise_it(_):
        raise Nested("this")

    with swimlanes.watch() as seen, ThreadPool(1) as pool, pytest.raises(Nested):
        pool.map(raise_it, [1])
    assert "Nested: this" in seen.sentences[0]


def nothing_to_send(_):
    return lambda: None


def test_a_result_that_cannot_be_sent_is_no_error_of_the_call():
    raises = pytest.raises(MaybeEncodingError)
    with swimlanes.watch() as seen, FORK.Pool(1) as pool, raises:
        pool.map(nothing_to_send, [1, 2])
    assert not seen.faults


class Value:
    pass


@pytest.mark.parametrize("kind", ["ThreadPool", "ThreadPoolExecutor"])
def test_an_input_is_forgotten_after_its_call(kind, eventually):
    with swimlanes.watch():
        value = Value()
        known = weakref.ref(value)
        gc.disable()
        try:
            if kind == "ThreadPool":
                pool = ThreadPool(1)
                pool.apply(id, (value,))
            else:
                pool = ThreadPoolExecutor(1)
                pool.submit(id, value).result()
            del value
            eventually(lambda: known() is None)
        finally:
            gc.enable()
        pool.terminate() if kind == "ThreadPool" else pool.shutdown()


def test_a_thread_is_forgotten_after_its_end():
    with swimlanes.watch():
        thread = threading.Thread(target=int)
        known = weakref.ref(thread)
        gc.disable()
        try:
            thread.start()
            thread.join()
            del thread
            assert known() is None
        finally:
            gc.enable()


def test_a_thread_may_be_started_by_no_function_of_python():
    done = threading.Event()
    with swimlanes.watch() as seen:
        _thread.start_new_thread(threading.Thread(target=done.set).start, ())
        assert done.wait(60)
    assert seen.seen.calls == 1


def test_a_method_that_was_taken_hold_of_outlives_the_block():
    done = threading.Event()
    with swimlanes.watch():
        start = threading.Thread(target=done.set).start
    start()
    assert done.wait(60)


def test_what_a_program_puts_in_place_of_start_stays(monkeypatch):
    plain, started = threading.Thread.start, []
    monkeypatch.setattr(threading.Thread, "start", plain)  # to have it back
    for _ in range(2):  # the second watch begins with what the program has put there
        with swimlanes.watch() as seen:
            before = threading.Thread.start

            def mine(self, before=before):
                started.append(self)
                before(self)

            threading.Thread.start = mine
            threading.Thread(target=int).start()
        assert threading.Thread.start is mine
    assert seen.seen.calls <= 1
    assert len(started) == 3  # of the second thread, both were told
    threading.Thread(target=int).start()


def test_a_child_that_the_program_forks_leaves_the_block_alone():
    with swimlanes.watch() as seen:
        try:
            child = os.fork()
            if child == 0:
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            seen.__exit__(None, None, None)
            with swimlanes.watch():
                os._exit(3)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        with ThreadPool(1) as pool:
            pool.map(double, range(3))
    assert seen.run.tasks_count == 3
    for folder in glob.glob(f"{IN_MEMORY}/swimlanes-watch-{child}-*"):
        shutil.rmtree(folder)


def test_a_program_may_remove_what_was_written_down():
    with swimlanes.watch() as seen, ThreadPool(1) as pool:
        pool.map(double, range(3))
        (folder,) = glob.glob(f"{IN_MEMORY}/swimlanes-watch-{os.getpid()}-*")
        shutil.rmtree(folder)
        time.sleep(0.3)
        assert pool.map(double, range(5000), chunksize=1) == [2 * n for n in range(5000)]
    (sentence,) = seen.sentences
    assert sentence.startswith(
        "What the workers wrote down cannot be read: No such file or directory."
    )
    with pytest.raises(RequestError, match="cannot be read"):
        _ = seen.run


def test_a_watch_that_could_not_begin_does_not_hinder_the_next(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkdtemp", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt), swimlanes.watch():
            pass
    with swimlanes.watch():
        pass
