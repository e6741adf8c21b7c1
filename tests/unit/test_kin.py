"""Processes of a run are known by their environment, and no others are touched."""

import os
import shutil
import subprocess
import sys
from multiprocessing.synchronize import SemLock
from pathlib import Path
from uuid import uuid4

import pytest

from swimlanes import kin, run

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


DIES = """
import _multiprocessing, os, sys
from multiprocessing.synchronize import SemLock
from swimlanes import kin
kin.name_semaphores(sys.argv[1])
name = SemLock._make_name()
_multiprocessing.SemLock(1, 1, 1, name, False)
os.link(f"/dev/shm/sem.{name[1:]}", "/dev/shm/sem." + os.path.basename(sys.argv[1])[::-1])
os._exit(0)
"""


def of(folder):
    """Return the files of semaphores with a folder's name, forwards or backwards."""
    names = folder.name, folder.name[::-1]
    return {file for file in os.listdir(kin.SEMAPHORES) if any(name in file for name in names)}


def test_semaphores_of_those_who_were_killed_go_with_the_run_and_no_others(tmp_path):
    """At the worst moment each has two names, of which one could be anybody's."""
    ours, others = (tmp_path / uuid4().hex for _ in range(2))
    for folder in (ours, others):
        subprocess.run([sys.executable, "-c", DIES, str(folder)], check=True)
        assert len(of(folder)) == 2
    kin.remove(str(ours))
    assert (len(of(ours)), len(of(others))) == (0, 2)
    kin.remove(str(others))
    assert not of(others)


HAS = """
import _multiprocessing, os, sys
if sys.argv[2] == "mapped":
    there = _multiprocessing.SemLock(1, 1, 1, sys.argv[1].replace("sem.", ""), False)
else:
    there = os.open("/dev/shm" + sys.argv[1], os.O_CREAT | os.O_RDWR)
print("there", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["open", "mapped"])
def test_the_first_name_of_a_semaphore_goes_when_nobody_has_it(tmp_path, how):
    file = Path(kin.SEMAPHORES, f"sem.{uuid4().hex[:6]}")
    command = [sys.executable, "-c", HAS, f"/{file.name}", how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as maker:
        assert maker.stdout.readline() == b"there\n"
        kin.remove(str(tmp_path / "run"))
        assert file.exists(), "somebody is about to give it its own name"
        maker.stdin.close()
    kin.remove(str(tmp_path / "run"))
    assert not file.exists()


def name_of_the_next(_):
    return SemLock._make_name()


@pytest.mark.parametrize("start_method", ["fork", "forkserver", "spawn"])
def test_the_semaphores_of_workers_bear_the_name_of_the_run(start_method):
    record = run(name_of_the_next, [1], workers=1, start_method=start_method)
    assert record.results[0].startswith("/mp-swimlanes-")


def test_a_folder_goes_although_a_late_worker_writes_into_it(tmp_path, monkeypatch):
    folder, rmtree, late = tmp_path / "run", shutil.rmtree, [1, 2]

    def interrupted(path, **options):
        rmtree(path, **options)
        if late:
            folder.mkdir()
            (folder / f"sheet{late.pop()}").touch()

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    kin.remove(str(folder))
    assert not folder.exists()
