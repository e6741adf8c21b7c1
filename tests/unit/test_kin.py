"""Processes of a run are known by their environment, and no others are touched."""

import os
import subprocess
import sys

import pytest

from swimlanes import kin

BREED = """
import os, time
while True:
    if os.fork() == 0:
        os.setsid()
        time.sleep(0.01)
        continue
    time.sleep(3600)
"""


@pytest.fixture
def start():
    """Return a function that starts Python with a mark in its environment."""
    started = []

    def start(folder, code):
        environment = {**os.environ, kin.NAME: folder}
        started.append(subprocess.Popen([sys.executable, "-c", code], env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_those_who_are_started_meanwhile_are_killed_as_well(start, tmp_path, eventually):
    folder = str(tmp_path / "run")
    start(folder, BREED)
    eventually(lambda: len(kin.marked(folder)) > 3)
    kin.kill_all(folder)
    eventually(lambda: not kin.marked(folder))


def test_a_run_whose_name_begins_alike_is_left_alone(start, tmp_path, eventually):
    other = start(str(tmp_path / "run-2"), "import time; time.sleep(3600)")
    eventually(lambda: kin.marked(str(tmp_path / "run-2")) == {other.pid})
    kin.kill_all(str(tmp_path / "run"))
    kin.kill(other.pid, str(tmp_path / "run"))
    assert other.poll() is None
