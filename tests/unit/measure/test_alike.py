"""What plain `multiprocessing` does, a run does, in every mode and start method.

The scripts stand for notebooks: what they define is known by no name in another process.
"""

import os
import signal
from pathlib import Path

import pytest

from swimlanes import kin, run

pytestmark = pytest.mark.usefixtures("nothing_left")

HEAD = """
import functools, logging, multiprocessing, os, random, sys, threading, time, warnings
from multiprocessing.shared_memory import SharedMemory
import numpy as np
from swimlanes import run
way = {way!r}
shares = way["mode"] in ("serial", "threads")
method = way.get("start_method", multiprocessing.get_all_start_methods()[0])
inherits = shares or way["mode"] in ("processes", "nested") and method == "fork"
"""


@pytest.fixture
def check(start_python):
    """Return a function that runs a script and fails if anything in it does."""

    def check(way, body):
        process = start_python(HEAD.format(way=way) + body)
        printed, wrong = process.communicate(timeout=60)
        assert process.returncode == 0, wrong
        return printed

    return check


def test_tasks_of_a_process_share_what_the_function_shares(inheriting_way, check):
    script = """
seen, total, lock = [], 0, threading.Lock()

def look(task):
    global total
    with lock:
        old = total
        time.sleep(0.002)
        total = old + 1
        seen.append(task)
    return os.getpid(), total, len(seen)

counts = {}
for pid, total_there, length in run(look, range(12), **way, chunksize=1).results:
    counts.setdefault(pid, []).append(total_there)
    assert total_there == length
for there in counts.values():
    assert sorted(there) == list(range(1, len(there) + 1)), there
assert len(counts) == 1 or not shares
"""
    check(inheriting_way, script)


def test_wrappers_of_functions(own_way, check):
    script = """
@functools.lru_cache(maxsize=7)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

@functools.singledispatch
def kind(value):
    return "any"

@kind.register
def _(value: int):
    return "whole"

def noted(function):
    @functools.wraps(function)
    def call(value):
        return function(value), fibonacci.cache_parameters()["maxsize"]
    return call

class Adder:
    def __init__(self, term):
        self.term = term
    def __call__(self, value):
        return value + self.term
    add = __call__

assert run(fibonacci, [20, 30], **way).results == (6765, 832040)
assert run(kind, [1, "a"], **way).results == ("whole", "any")
assert run(noted(fibonacci), [5], **way).results == ((5, 7),)
assert run(functools.partial(pow, 2), [3, 4], **way).results == (8, 16)
assert run(Adder(1), [1], **way).results == run(Adder(1).add, [1], **way).results == (2,)
assert run(functools.cache(Adder(1)), [1], **way).results == (2,)
"""
    check(own_way, script)


def test_numbers_of_forked_workers_are_those_of_a_plain_pool(check):
    script = """
def draw(_):
    time.sleep(0.05)  # so that each worker has a task
    return os.getpid(), np.random.random()

np.random.seed(7)
with multiprocessing.get_context("fork").Pool(4) as pool:
    plain = pool.map(draw, range(4), chunksize=1)
ours = run(draw, range(4), **way, chunksize=1).results
for drawn in (plain, ours):
    assert len({pid for pid, _ in drawn}) == 4, drawn
    assert len({number for _, number in drawn}) == 1, drawn
assert plain[0][1] == ours[0][1]
"""
    check({"mode": "processes", "workers": 4, "start_method": "fork"}, script)


def test_random_numbers(own_way, check):
    script = """
def draw(_):
    return random.random(), np.random.random()

random.seed(1), np.random.seed(1)
states = random.getstate(), np.random.get_state()
(ours,) = run(draw, [0], **way).results
random.setstate(states[0]), np.random.set_state(states[1])
expected = draw(0)
# Python's own generator gets a new seed in each forked process.
assert (ours[0] == expected[0]) is shares
assert (ours[1] == expected[1]) is inherits
"""
    if own_way["mode"] != "interpreters":  # where NumPy does not load
        check(own_way, script)


def test_what_a_child_inherits(own_way, check):
    script = """
warnings.filterwarnings("error", "be strict")
logging.basicConfig(level=logging.DEBUG, format="noted: %(message)s")
sys.argv[:] = ["script", "argument"]
os.umask(0o077)

def look(_):
    logging.getLogger("deep.down").debug("hello")
    try:
        warnings.warn("be strict")
        strict = False
    except UserWarning:
        strict = True
    return strict, sys.argv, os.umask(0o077), os.environ.get("PYTHONPATH"), os.getcwd(), __name__

record = run(look, [0], **way)
here = ["script", "argument"], 0o077, os.environ.get("PYTHONPATH"), os.getcwd(), "__main__"
in_interpreter = way["mode"] == "interpreters"
assert record.results[0][2:] == here[1:], record.results
assert record.results[0][1] == here[0] or in_interpreter
assert record.results[0][0] is inherits
assert ("noted: hello" in record.printed) is inherits

def limits(_):
    return sys.getrecursionlimit()

sys.setrecursionlimit(1234)
assert (run(limits, [0], **way).results == (1234,)) is inherits
"""
    check(own_way, script)


def test_a_manager_of_the_callers(inheriting_way, check):
    script = """
def note(shared):
    shared["task"] = os.getpid()

if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        shared = manager.dict()
        run(note, [shared], **way)
        assert shared["task"] != os.getpid()
"""
    check(inheriting_way, script)


def test_shared_memory_stays_the_callers(own_way, check):
    script = """
def look(place):
    name, at = place
    block = SharedMemory(name)
    block.buf[at] = 7
    block.close()

def make(_):
    block = SharedMemory(create=True, size=8)
    block.close()
    return block.name

block = SharedMemory(create=True, size=8)
for _ in range(2):
    run(look, [(block.name, at) for at in range(4)], **way)
again = SharedMemory(block.name)
assert bytes(again.buf[:4]) == bytes([7] * 4)
again.close(), block.close(), block.unlink()
(name,) = run(make, [0], **way).results
made = SharedMemory(name)
made.close(), made.unlink()
"""
    assert check(own_way, script) == ""


def test_shared_memory_survives_a_worker_and_a_run_that_are_killed(process_way, check):
    script = """
import signal
from swimlanes.errors import RunError

def fall(name):
    block = SharedMemory(name)
    os.kill(os.getpid(), signal.SIGKILL)

block = SharedMemory(create=True, size=8)
try:
    run(fall, [block.name], **way)
except RunError:
    pass
block.close()
SharedMemory(block.name).unlink()
"""
    assert check(process_way, script) == ""


def test_what_tasks_print_without_an_end_of_line(way):
    record = run("faulty:mutter", range(6), **way)
    assert sorted(record.printed) == sorted("oebwc" * 6)


@pytest.fixture(autouse=True)
def _faulty(faulty):
    """Have the participant's module at hand, by its name."""


# What is told


SAID = """
seen, total, table, cache, numbers = [], 0, np.zeros(3), {}, np.random.default_rng(1)
lock = threading.Lock()

class Counter:
    def __init__(self):
        self.calls = 0
    def __call__(self, _):
        self.calls += 1

def append(value):
    seen.append(value)

def count(_):
    global total
    total += 1

def blacken(_):
    table[:] = 1

def sort(values):
    values.sort()

def enclosing():
    calls = 0
    def inner(_):
        nonlocal calls
        calls += 1
    return inner

@functools.cache
def remember(value):
    return value + len(seen) + total

def harmless(value):
    with lock:
        return numbers.random(), random.random(), list(seen), table.sum(), value

wanted = [
    (append, [1], "'seen'"), (count, [1], "'total'"), (blacken, [1], "'table'"),
    (sort, [[2, 1]], "its input in place"), (enclosing(), [1], "'calls'"),
    (Counter(), [1], "'self'"), (remember, [1], None), (harmless, [[1], {2}], None),
]
for function, inputs, name in wanted:
    remarks = run(function, inputs, **way).remarks
    assert [name is not None] * bool(name) == [f"changed {name}" in text for text in remarks], (
        function, remarks)
assert not seen and not total and not table.any()
"""


def test_a_task_that_changes_what_was_the_callers(own_way, check):
    if own_way["mode"] != "interpreters":
        check(own_way, SAID)


def test_an_edited_module(tmp_path, check):
    (tmp_path / "edited.py").write_text("def double(x):\n    return 2 * x\n")
    script = f"""
sys.path.insert(0, {str(tmp_path)!r})
from pathlib import Path
import edited
assert run(edited.double, [1], **way).remarks == ()
file = Path(edited.__file__)
file.write_text("# a remark\\n\\n" + file.read_text())
assert run(edited.double, [1], **way).remarks == ()
file.write_text("def double(x):\\n    return 3 * x\\n\\ndef new(x):\\n    return x\\n")
record = run(edited.double, [1], **way)
assert record.results == (3,)
(remark,) = record.remarks
assert "'edited' was changed after it was imported" in remark and "Restart" in remark
for wrong in ("edited:new", edited.double):
    try:
        run(wrong, [1], **way)
    except Exception as error:
        assert "restart the kernel or program" in str(error), error
    else:
        assert False
    file.write_text("")
"""
    check({"mode": "processes", "workers": 1}, script)


# What is left


def test_tasks_that_leave_a_process_in_another_session(way):
    assert run("faulty:leave_a_deserter", [1, 2], **way).tasks_count == 2


def test_everybody_is_asked_to_end(way, start_python, runners_of, eventually):
    program = "from swimlanes import run\nrun('faulty:desert_and_wait', [60] * 4, **{!r})"
    process = start_python(program.format(way))
    eventually(lambda: runners_of(process.pid))
    (runner,) = runners_of(process.pid)
    lanes = way.get("workers", 1) * way.get("threads", 1)
    eventually(lambda: len(deserters_from(runner)) == lanes)
    os.kill(runner, signal.SIGTERM)
    process.terminate()
    process.communicate(timeout=60)
    eventually(lambda: not Path(f"/proc/{runner}").exists())


def deserters_from(runner):
    """Return the processes of a run that have left its session."""
    folder = Path(f"/proc/{runner}/cmdline").read_bytes().split(b"\0")[-2].decode()
    return [pid for pid in kin.marked(folder) if session_of(pid) not in (runner, None)]


def session_of(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None  # It has ended.
