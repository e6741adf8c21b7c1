"""An initializer is called once in each worker, as in a plain Pool, and may fail in every way."""

import multiprocessing
import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest

from swimlanes import run, study
from swimlanes.errors import RequestError, RunError, TaskTimeout
from swimlanes.measure import launch

pytestmark = pytest.mark.usefixtures("nothing_left")

SHARING = ("serial", "threads", "processes", "nested")
PROCESSES = {"mode": "processes", "workers": 2}

CELL = """
import multiprocessing
from swimlanes import run

data = "old"

def remember(value, lock, counter):
    global data
    with lock:
        counter.value += 1
    data = value

def recall(x):
    return data, x

def check(ways):
    for way in ways:
        lock, counter = multiprocessing.Lock(), multiprocessing.Value("i", 0)
        record = run(recall, [1, 2, 3, 4], **way, initializer=remember,
                     initargs=({"a": 1}, lock, counter), warmup=1)
        assert record.results == tuple(({"a": 1}, x) for x in (1, 2, 3, 4)), (way, record.results)
        assert counter.value == way.get("workers", 1), (way, counter.value)
    assert data == "old"
"""


@pytest.fixture
def beginning(monkeypatch):
    """Give the participant's module, which every Python can import, as new."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "participant"))
    yield import_module("beginning")
    del sys.modules["beginning"]


def test_what_it_sets_is_seen_by_the_tasks(way, beginning):
    record = run(
        beginning.recall, range(4), **way, initializer=beginning.remember, initargs=[1, "two"]
    )
    assert record.results == tuple(((1, "two"), x) for x in range(4))
    assert beginning.data is None


def test_it_is_called_once_in_each_worker(way, beginning):
    record = run(beginning.recall, range(4), **way, initializer=beginning.announce, warmup=1)
    assert record.printed.split() == ["hello"] * way.get("workers", 1)


def test_in_a_script(every_own_way, start_python):
    ways = [way for way in every_own_way if way["mode"] in SHARING]
    process = start_python(f"{CELL}\nif __name__ == '__main__':\n    check({ways!r})")
    assert process.communicate(timeout=100) == ("", "")


def test_what_it_raises_is_told_in_one_sentence(way, beginning):
    with pytest.raises(RunError) as caught:
        run(beginning.recall, range(4), **way, initializer=beginning.refuse, initargs=["x"])
    assert str(caught.value) == (
        "The initializer raised ValueError: no database x. Every worker calls it first, so the run "
        "was ended; a plain Pool would start new workers for ever. Correct it and run again."
    )
    assert "in refuse (beginning.py)" in caught.value.detail
    assert 'raise ValueError(f"no database {name}")' in caught.value.detail


def test_one_that_exits(way, beginning):
    with pytest.raises(RunError, match="The initializer raised SystemExit: enough"):
        run(beginning.recall, range(4), **way, initializer=beginning.leave, warmup=1)


def test_the_run_ends_though_other_workers_are_busy(beginning):
    counter = multiprocessing.Value("i", 0)
    running = launch(
        beginning.sleep_long,
        [1],
        **PROCESSES,
        initializer=beginning.refuse_but_once,
        initargs=[counter],
    )
    ended = running.wait(30)
    running.cancel()
    assert ended
    with pytest.raises(RunError, match="The initializer raised ValueError: no database"):
        running.result()


def test_one_that_hangs(way, beginning):
    with pytest.raises(
        TaskTimeout, match=r"The initializer has been running for longer than .*1 s"
    ):
        run(beginning.recall, range(4), **way, initializer=beginning.hang, limit_s=1)


def test_a_study_and_its_serial_runs(beginning):
    record = study(
        beginning.recall,
        range(2),
        mode="threads",
        max_workers=1,
        repeats=1,
        initializer=beginning.remember,
        initargs=["here"],
    )
    for each in (*record.serial_runs, *record.runs):
        assert each.results == ((("here",), 0), (("here",), 1))


@pytest.mark.parametrize(
    "made",
    [
        lambda: multiprocessing.Lock(),
        lambda: multiprocessing.RLock(),
        lambda: multiprocessing.Semaphore(2),
        lambda: multiprocessing.BoundedSemaphore(2),
    ],
)
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_locks_are_shared(made, method):
    def keep(lock):
        global shared
        shared = lock

    def use(_):
        with shared:
            return type(shared).__name__

    lock = made()
    request = {"initializer": keep, "initargs": [lock], "mode": "processes", "workers": 2}
    record = run(use, [1, 2], **request, start_method=method)
    assert record.results == (type(lock).__name__,) * 2
    assert record.printed == ""


def test_arrays_and_events():
    def keep(*given):
        global event, numbers, letters
        event, numbers, letters = given

    def use(place):
        numbers[place] += 1
        letters[place] = b"x"
        return event.is_set()

    event = multiprocessing.Event()
    event.set()
    numbers, letters = multiprocessing.Array("d", [1, 2, 3]), multiprocessing.Array("c", b"abc")
    record = run(use, [0, 2], **PROCESSES, initializer=keep, initargs=[event, numbers, letters])
    assert record.results == (True, True)
    assert numbers[:] == [2, 2, 4]
    assert letters[:] == b"xbx"


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"initializer": 5}, "initializer is a function that each worker calls first, not 5"),
        ({"initializer": "nowhere:f"}, "'nowhere:f' cannot be imported"),
        ({"initializer": print, "initargs": 5}, "initargs holds .* and is not 5"),
        ({"initargs": [1]}, r"initargs \(1,\) were given without an initializer"),
        (
            {"initializer": print, "initargs": [1, threading.get_ident, sys.stderr]},
            r"The initializer's argument <_io.TextIOWr.* cannot be sent",
        ),
        (
            {"initializer": print, "initargs": [multiprocessing.Queue()]},
            r"The initializer's argument <multiprocess.* cannot be sent .*Queue objects",
        ),
        (
            {"initializer": print, "initargs": [multiprocessing.Lock()], "mode": "cluster"},
            "A Lock of multiprocessing cannot be shared in the mode 'cluster'",
        ),
        ({"warmup": -1}, "warmup is how often .* from 0 to 1000, not -1"),
        ({"warmup": True}, "not True"),
        ({"warmup": 1.5}, "not 1.5"),
        ({"warmup": 10**6}, "not 1000000"),
    ],
)
def test_bad_values(request_, sentence):
    with pytest.raises(RequestError, match=sentence):
        run(abs, [1], **request_)
