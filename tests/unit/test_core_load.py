import os
import subprocess
import sys
import threading
import time

import pytest

from swimlanes import core_load


def test_computing_shows_as_load(eventually):
    cpus = os.sched_getaffinity(0)
    busy_s, own_s = core_load.busy_s(cpus), core_load.own_cpu_time_s()

    def computed():
        sum(range(200_000))
        return core_load.own_cpu_time_s() - own_s > 0.1

    eventually(computed)
    # The kernel counts in ticks: what others do can only add to it.
    assert core_load.busy_s(cpus) - busy_s > 0.05


def test_every_core_is_told_apart():
    per_cpu = core_load.busy_per_cpu_s()
    assert set(os.sched_getaffinity(0)) <= set(per_cpu)
    assert all(0 <= busy_s <= time.monotonic() + 60 for busy_s in per_cpu.values())


def test_cores_that_are_not_there_are_not_busy():
    assert core_load.busy_s([10**6]) == 0.0


def test_a_thread_that_computes_uses_the_core_it_is_on(eventually):
    own = threading.get_native_id()
    before_s = core_load.thread_usage([os.getpid()])[own][1]

    def has_computed():
        sum(range(100_000))
        cpu, used_s = core_load.thread_usage([os.getpid()])[own]
        assert cpu in os.sched_getaffinity(0)
        return used_s - before_s > 0.05

    eventually(has_computed)


def test_a_process_that_is_gone_uses_nothing():
    assert core_load.thread_usage([2**22 + 1]) == {}


TREE = """
import os, sys, time
def compute():
    while time.process_time() < 0.3:
        pass
if os.fork() == 0:
    compute()
    os._exit(0)
os.wait()
if os.fork() == 0:
    compute()
    print("computed", flush=True)
    sys.stdin.read()
    os._exit(0)
compute()
print("computed", flush=True)
sys.stdin.read()
os.wait()
"""


def test_all_that_came_from_a_process_is_its_own_alive_or_not():
    """A child, what it has below it and what it had: three times 0.3 s, and interpreters."""

    def theirs_s():
        return core_load.own_cpu_time_s() - time.process_time()  # this process may collect garbage

    before_s, gone = theirs_s(), 2**22 + 1
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-Sc", TREE], text=True, **streams) as tree:
        assert tree.stdout.readline() == tree.stdout.readline() == "computed\n"
        alive_s = theirs_s() - before_s
        assert 0.87 < alive_s < 1.15
        assert 0.3 <= core_load.process_cpu_s(tree.pid) < 0.5
        thread_s = core_load.thread_cpu_s(tree.pid, tree.pid)
        assert thread_s == pytest.approx(core_load.process_cpu_s(tree.pid), abs=0.02)
    assert theirs_s() - before_s == pytest.approx(alive_s, abs=0.1)
    assert core_load.process_cpu_s(gone) == core_load.thread_cpu_s(gone, gone) == 0.0
    assert core_load.tells_of_threads() is True


def test_nobody_is_busier_than_always_or_idler_than_never():
    always = core_load.busy_error_s(2, 1.0, 2.0)
    assert core_load.busy_error_s(2, 1.0, 2.5) == core_load.busy_error_s(2, 1.0, -0.5) == always


@pytest.fixture
def proc(tmp_path, monkeypatch):
    """Return a function that puts files in the place of those of /proc."""

    def there(path, **_):
        return tmp_path / os.path.relpath(path, "/proc")

    listdir = os.listdir
    monkeypatch.setattr(core_load, "open", lambda path, **_: there(path).open(), raising=False)
    monkeypatch.setattr(
        core_load.os, "listdir", lambda path: listdir(there(path) if "/proc" in str(path) else path)
    )

    def make(files):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    return make


TICK_S = 1 / os.sysconf("SC_CLK_TCK")
STAT = """\
cpu  9 9 9 9 9 9 9 9 9 9
cpu0 1 20 300 7777 8888 4000 50000 600000 9999 9999
cpu1 2 0 0 7777 8888 0 0 0 9999 9999
cpu17 0 0 3 7777 8888 0 0 0 9999 9999
cpufreq 1 2 3 4 5 6 7 8
intr 1 2 3
"""


def test_computing_interrupts_and_what_other_machines_took_are_busy_but_not_idling(proc):
    proc({"stat": STAT})
    per_cpu = core_load.busy_per_cpu_s()
    assert per_cpu == pytest.approx({0: 654_321 * TICK_S, 1: 2 * TICK_S, 17: 3 * TICK_S})
    assert core_load.busy_s([1, 17, 4]) == pytest.approx(5 * TICK_S)


def test_where_the_system_does_not_tell_nothing_is_known(proc):
    assert core_load.busy_per_cpu_s() == {}
    assert core_load.busy_s([0]) is None
    assert core_load.thread_usage([7]) == {}


def thread_stat(name, user, system, cpu):
    """Return a thread's line: of what follows the name, the 12th, 13th and 37th are these."""
    fields = ["S", *(str(number) for number in range(1000, 1050))]
    fields[11], fields[12], fields[36] = str(user), str(system), str(cpu)
    return f"70 ({name}) {' '.join(fields)}\n"


def test_a_thread_is_told_with_its_last_core_and_its_own_time(proc):
    proc(
        {
            "7/task/70/stat": thread_stat("python", 200, 50, 3),
            "7/task/71/stat": thread_stat("odd) S 1 (name", 1, 0, 0),
            "8/task/80/stat": thread_stat("other", 0, 4, 1),
        }
    )
    usage = core_load.thread_usage([7, 8, 9])
    assert {thread: cpu for thread, (cpu, _) in usage.items()} == {70: 3, 71: 0, 80: 1}
    used_s = {thread: time_s for thread, (_, time_s) in usage.items()}
    assert used_s == pytest.approx({70: 250 * TICK_S, 71: TICK_S, 80: 4 * TICK_S})
