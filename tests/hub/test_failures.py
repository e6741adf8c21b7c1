"""Nothing is lost when a part of the class is killed, and a neighbour feels nothing."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import httpx
import pytest

KILL = """
import os, pathlib, re, signal
for process in pathlib.Path("/proc").glob("[0-9]*"):
    try:
        words = (process / "cmdline").read_bytes().decode()
    except OSError:
        continue
    if re.search({pattern!r}, words) and int(process.name) != os.getpid():
        os.kill(int(process.name), signal.SIGKILL)
        break
else:
    raise SystemExit("nothing to kill")
"""
FORK_BOMB = """
import os, signal, time
children = []
try:
    while True:
        if (child := os.fork()) == 0:
            # As many as two would do the same on the one core there is; the others just exist.
            while len(children) < 2:
                pass
            signal.pause()
        children.append(child)
except BlockingIOError:
    print("EAGAIN", flush=True)
    time.sleep(1)
finally:
    for child in children:
        os.kill(child, signal.SIGKILL)
"""
MEMORY_HOG = """
hog = bytearray(3 << 30)
for page in range(0, len(hog), 4096):  # no page is taken before it is written to
    hog[page] = 1
"""
DILIGENCE = """
import time
while time.process_time() < 2:
    pass
print("done")
"""
FULL_DISK = """
import os
for _ in range(10):
    try:
        with open("/tmp/filler", "wb") as file:
            while True:
                file.write(bytes(1 << 20))
    except OSError as error:
        print(os.strerror(error.errno))
    os.unlink("/tmp/filler")
"""


def kill(engine, container, pattern):
    """Kill a process inside, as a crash would."""
    done = engine("exec", container, "python3", "-c", KILL.format(pattern=pattern), check=False)
    assert done.returncode in (0, 137), "its container may take the killer with it"


def start_kernel(person):
    """Start a kernel, as opening a notebook does, and return its id."""
    person.visit()
    token = person.web.cookies.get("_xsrf", path=f"/user/{person.name}/")
    headers = {"X-XSRFToken": token, "Referer": f"{person.web.base_url}user/{person.name}/lab"}
    answer = person.web.post(f"/user/{person.name}/api/kernels", headers=headers, json={})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def has_kernel(person, kernel):
    answer = person.visit("api/kernels")
    return answer.status_code == 200 and kernel in answer.text


@pytest.fixture
def at_work(class_hub):
    """Return somebody with a kernel and a file."""
    person = class_hub.spawn("ada")
    class_hub.exec("ada", "sh", "-c", "echo mine > /home/jovyan/course/notes.txt")
    return person, start_kernel(person)


@contextmanager
def under_load(person):
    """Ask for the kernels again and again, and return what hub and server answered."""
    enough, came = Event(), set()

    def ask():
        while not enough.is_set():
            try:
                answer = person.visit("api/kernels")
            except httpx.TransportError:
                continue
            if "X-JupyterHub-Version" in answer.headers:
                came.add((answer.status_code, answer.url.path))

    with ThreadPoolExecutor(4) as room:
        asking = [room.submit(ask) for _ in range(4)]
        try:
            yield came
        finally:
            enough.set()
    for one in asking:
        one.result()


@pytest.mark.parametrize(
    ("service", "process"), [("hub", "jupyterhub --config"), ("proxy", "node"), ("door", "haproxy")]
)
def test_a_part_that_is_killed_under_load_comes_back_and_kernels_live_on(
    class_hub, at_work, engine, eventually, service, process
):
    person, kernel = at_work
    with under_load(person) as came:
        kill(engine, class_hub.service(service), process.replace(" ", ".+"))
        eventually(class_hub.answers, within_s=60)
        assert class_hub.login("flo").logged_in
        eventually(lambda: has_kernel(person, kernel), within_s=40)
    assert "/hub/login" not in {path for _, path in came}, "nobody has to log in again"
    assert (200, "/user/ada/api/kernels") in came
    assert not {status for status, _ in came} & {401, 403, 404, 500}
    assert class_hub.exec("ada", "cat", "/home/jovyan/course/notes.txt").stdout == "mine\n"


def test_a_killed_server_comes_back_with_the_work(class_hub, at_work, engine, eventually):
    person, kernel = at_work
    kill(engine, class_hub.container("ada"), "jupyterhub-singleuser")
    eventually(lambda: person.visit().status_code == 200, within_s=60)
    assert not has_kernel(person, kernel), "a kernel ends with its server"
    assert class_hub.exec("ada", "cat", "/home/jovyan/course/notes.txt").stdout == "mine\n"


def test_a_removed_container_is_noticed_and_started_anew(class_hub, at_work, engine):
    engine("rm", "--force", class_hub.container("ada"))
    class_hub.spawn("ada")
    assert class_hub.exec("ada", "cat", "/home/jovyan/course/notes.txt").stdout == "mine\n"


@pytest.mark.parametrize(
    ("deed", "end"),
    [(FORK_BOMB, "EAGAIN"), (MEMORY_HOG, "killed"), (FULL_DISK, "No space left on device")],
    ids=["fork bomb", "memory hog", "full disk"],
)
def test_a_neighbour_does_not_feel_what_goes_wrong_next_door(
    class_hub, at_work, eventually, deed, end
):
    person, kernel = at_work
    class_hub.spawn("bo")
    # Compared with a neighbour who just computes: on a busy machine, that drives others to bo's
    # core. One undisturbed pair of runs is enough; a deed that is felt would spoil every one.
    eventually(
        lambda: (
            share_beside(class_hub, deed, end) > 0.8 * share_beside(class_hub, DILIGENCE, "done")
        ),
        within_s=120,
    )
    assert has_kernel(person, kernel), "the kernel lives"


def share_beside(class_hub, deed, end):
    """Return bo's share while something goes wrong in ada's container."""
    command = ["docker", "exec", class_hub.container("ada"), "python3", "-c", deed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as next_door:
        beside = share(class_hub)
        said = next_door.communicate(timeout=60)[0].splitlines()
    assert end in (said or ["killed"] if next_door.returncode == 137 else said)
    return beside


def share(class_hub):
    """Return how much of their time bo's serial tasks had a core: CPU time over wall time."""
    command = ("swimlanes", "run", "--json", "--mode", "serial", "--task-ms", "30")
    tasks = json.loads(class_hub.exec("bo", *command).stdout)["tasks"]
    return sum(task["cpu_s"] for task in tasks) / (tasks[-1]["end_s"] - tasks[0]["start_s"])


LEAVE = """
import asyncio, sys
from types import SimpleNamespace
from classroom.allocator import Allocator
from classroom.spawner import ClassroomSpawner
def deed(name):
    if name == sys.argv[1]:
        raise OSError("the engine does not answer")
    return True
async def asked(name):
    return deed(name)
spawner = SimpleNamespace(
    user=SimpleNamespace(name="ada"), allocator=Allocator([frozenset({0})], 1),
    get_object=lambda: asked("look"), remove_object=lambda: asked("remove"),
    engine=SimpleNamespace(close_network=lambda name: deed("close")),
)
spawner.allocator.claim("ada", now=0)
try:
    asyncio.run(ClassroomSpawner.leave(spawner))
except OSError:
    print(spawner.allocator.owned)
"""


@pytest.mark.parametrize("fails", ["look", "remove", "close"])
def test_cores_come_back_whatever_else_fails_when_a_server_ends(class_hub, engine, fails):
    leave = ("python", "-c", LEAVE, fails)
    assert engine("exec", class_hub.service("hub"), *leave).stdout == "{}\n"


def test_a_full_home_is_told_and_lifted_by_making_room(class_hub, engine, eventually):
    """A home with an end, as an engine on XFS gives it; here a small file system in memory."""
    labels = (f"swimlanes.class={class_hub.project}", "swimlanes.participant=ed")
    words = [word for label in labels for word in ("--label", label)]
    options = ("type=tmpfs", "device=tmpfs", "o=size=8m,uid=1000")
    words += [word for option in options for word in ("--opt", option)]
    engine("volume", "create", *words, f"{class_hub.project}-home-ed")
    class_hub.empty()
    person = class_hub.spawn("ed")
    fill = "head --bytes 20M /dev/zero > ~/filler"
    full = class_hub.exec("ed", "sh", "-c", fill, check=False)
    assert "No space left on device" in full.stderr
    assert person.visit().status_code == 200
    class_hub.exec("ed", "rm", "/home/jovyan/filler")
    class_hub.exec("ed", "sh", "-c", "echo mine > ~/notes.txt")
    class_hub.empty()  # other tests get a home that holds more
    engine("volume", "rm", f"{class_hub.project}-home-ed")
