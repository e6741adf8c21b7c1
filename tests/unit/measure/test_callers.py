"""Whoever asked for a run may interrupt it, die or go on for a long time: nothing is left."""

import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from swimlanes import run
from swimlanes.errors import RunCancelled
from swimlanes.measure import launch

pytestmark = pytest.mark.usefixtures("nothing_left")

PROGRAM = """
from swimlanes import run
try:
    run("query", tasks=4, task_ms=60_000, **{way!r})
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_script_is_interrupted(way, start_python, runners_of, eventually):
    process = start_python(PROGRAM.format(way=way))
    eventually(lambda: runners_of(process.pid))
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("interrupted\n", "")


def test_a_caller_that_is_killed_leaves_nothing(way, start_python, runners_of, eventually):
    process = start_python(PROGRAM.format(way=way))
    eventually(lambda: runners_of(process.pid))
    process.kill()
    process.communicate()
    # The fixture nothing_left waits for the rest.


def test_control_c_on_a_terminal(way, terminal, runners_of, eventually):
    options = [f"--mode={way['mode']}", "--workload=query", "--task-ms=60000"]
    process, press = terminal([str(Path(sys.executable).parent / "swimlanes"), "run", *options])
    eventually(lambda: runners_of(process.pid))
    shown = press(b"\x03")
    assert shown.decode().split("^C")[-1].strip() == (
        "Interrupted: the work was ended, and nothing of it is left."
    )
    assert process.returncode == 128 + signal.SIGINT


@pytest.fixture
def terminal():
    """Return a function that starts a command on a terminal, and one that presses keys there."""
    ours, theirs = pty.openpty()
    started = []

    def start(command):
        in_front = ["setsid", "--ctty", *command]
        started.append(subprocess.Popen(in_front, stdin=theirs, stdout=theirs, stderr=theirs))
        return started[0], press

    def press(keys):
        os.write(ours, keys)
        started[0].wait(timeout=60)
        return os.read(ours, 10_000)

    yield start
    for process in started:
        process.kill()
        process.wait()
    os.close(ours)
    os.close(theirs)


def test_fifty_runs_leave_no_files_and_no_threads_open(faulty):
    run(faulty.double, [1], mode="threads", workers=2)
    before = open_files(), threading.active_count()
    for number in range(50):
        running = launch(faulty.double, [1, 2], mode="threads", workers=2)
        if number % 5 == 0:
            running.cancel()
            with pytest.raises(RunCancelled):
                running.result()
        else:
            running.result()
    assert (open_files(), threading.active_count()) == before


def open_files():
    return len(os.listdir("/proc/self/fd"))
