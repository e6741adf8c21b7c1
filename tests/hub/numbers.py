"""The class's numbers, measured: ``make class-numbers``, on a quiet machine, not in CI."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

FULL_CLASS = [f"person-{number:02}" for number in range(24)]
SPAWNS = 10
REPETITIONS = 5
SPIN = "while True: pass"


@pytest.fixture(scope="module")
def room(new_class):
    """Open a class of 24."""
    return new_class(*FULL_CLASS)


def say(what, value, goal):
    print(f"\n{what:<58} {value:>16}   goal {goal}")


def memory_mib(engine, container):
    """Return what the container uses without the page cache, as `docker stats` counts it."""
    text = engine("stats", "--no-stream", "--format", "{{.MemUsage}}", container).stdout
    number, unit = re.match(r"([\d.]+)(\wiB)", text).groups()
    return float(number) * {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}[unit]


def open_kernel(person):
    """Start a kernel and show the panel in it, as running the first cell does."""
    person.visit()
    xsrf = person.web.cookies.get("_xsrf", path=f"/user/{person.name}/")
    headers = {"X-XSRFToken": xsrf, "Referer": f"{person.web.base_url}user/{person.name}/lab"}
    answer = person.web.post(f"/user/{person.name}/api/kernels", headers=headers, json={})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def show_panel(room, name, kernel):
    """Make a panel in the kernel of that id, through its connection file."""
    code = (
        "from jupyter_client import BlockingKernelClient as C; c = C(connection_file="
        f"'/tmp/jupyter-runtime/kernel-{kernel}.json'); c.load_connection_file(); "
        "c.start_channels(); c.wait_for_ready(30); r = c.execute_interactive("
        "'from swimlanes import ControlPanel; panel = ControlPanel(); display(panel)', timeout=30, "
        "output_hook=lambda m: None); assert r['content']['status'] == 'ok', r"
    )
    room.exec(name, "/opt/venv/bin/python", "-c", code)


def test_spawns_and_memory(room, engine):
    room.open(CORES_PER_PARTICIPANT="1", SHARE_CORES="yes")
    times = []
    for _ in range(SPAWNS):
        person = room.person(FULL_CLASS[0])
        began = time.perf_counter()
        room.spawn(person.name)
        times.append(time.perf_counter() - began)
        idle = memory_mib(engine, room.container(person.name))
        room.stop(person.name)
    say(f"spawn through the hub, median of {SPAWNS}", f"{statistics.median(times):.2f} s", "3 s")
    say("  fastest, slowest", f"{min(times):.2f}, {max(times):.2f} s", "")
    say("idle participant", f"{idle:.0f} MiB", "120 MiB")
    room.spawn(person.name)
    show_panel(room, person.name, open_kernel(person))
    say(
        "with kernel and panel", f"{memory_mib(engine, room.container(person.name)):.0f} MiB", "170"
    )
    room.empty()


def test_a_full_class_at_once(room, engine):
    room.open(CORES_PER_PARTICIPANT="1", SHARE_CORES="yes")
    with ThreadPoolExecutor(len(FULL_CLASS)) as everybody:
        list(everybody.map(room.person, FULL_CLASS))
        began = time.perf_counter()
        people = list(everybody.map(room.spawn, FULL_CLASS))
        ready = time.perf_counter() - began
        kernels = list(everybody.map(open_kernel, people))
        list(
            everybody.map(
                lambda each: show_panel(room, *each), zip(FULL_CLASS, kernels, strict=True)
            )
        )
        began = time.perf_counter()
        runs = list(everybody.map(lambda name: one_run(room, name), FULL_CLASS))
    used = sum(memory_mib(engine, room.container(name)) for name in FULL_CLASS)
    say("participants at once, with kernel, panel and a run", str(len(runs)), "24")
    say("  from pressing start to the last server ready", f"{ready:.0f} s", "-")
    say("  memory of all together", f"{used / 1024:.1f} GiB", "-")
    room.empty()


def one_run(room, name, *options):
    run = ("swimlanes", "run", "--json", "--task-ms", "20", *options)
    return json.loads(room.exec(name, *run).stdout)


def test_two_on_disjoint_cores(room, engine):
    room.open(CORES_PER_PARTICIPANT="1", SHARE_CORES="no")
    for name in FULL_CLASS[:2]:
        room.spawn(name)
    floor = ratio_beside(lambda: serial_s(pinned_here()), spin_here)
    pinned = ratio_beside(lambda: serial_s(inside(room)), lambda: spin_next_door(room))
    for name in FULL_CLASS[:2]:
        engine("update", "--cpuset-cpus", "0-1", room.container(name))
    # The same without pinning: four busy neighbours on cores that both may use.
    unpinned = ratio_beside(lambda: serial_s(inside(room)), lambda: spin_next_door(room, 4))
    say("T(1) beside a computing neighbour / alone, disjoint cores", f"{pinned:.3f}", "1.05")
    say("  two processes of this machine on disjoint cores", f"{floor:.3f}", "-")
    say("  the same without pinning, the neighbour with 4 workers", f"{unpinned:.3f}", "-")
    room.empty()


def ratio_beside(measure, neighbour):
    """Return the median over interleaved pairs of T(1) with and without a busy neighbour."""
    ratios = []
    for _ in range(REPETITIONS):
        alone = measure()
        with neighbour():
            time.sleep(0.5)
            ratios.append(measure() / alone)
    return statistics.median(ratios)


def pinned_here():
    """Return how the command line is called on the machine itself, on the first core."""
    return ["taskset", "--cpu-list", "0", str(Path(sys.executable).parent / "swimlanes")]


def inside(room):
    """Return how the command line is called in the first participant's container."""
    return ["docker", "exec", room.container(FULL_CLASS[0]), "swimlanes"]


def serial_s(call):
    """Return the time of one serial run, in seconds."""
    run = [*call, "run", "--json", "--task-ms", "20", "--mode", "serial", "--tasks", "40"]
    return json.loads(subprocess.check_output(run, text=True))["map_s"]


@contextmanager
def spin_here():
    """Keep the second core of this machine busy."""
    with subprocess.Popen(["taskset", "--cpu-list", "1", sys.executable, "-c", SPIN]) as process:
        yield
        process.kill()


@contextmanager
def spin_next_door(room, workers=1):
    """Keep the second participant busy."""
    spin = ["docker", "exec", room.container(FULL_CLASS[1]), "timeout", "60", "python3", "-c"]
    with_pids = [subprocess.Popen([*spin, SPIN]) for _ in range(workers)]
    yield
    room.exec(FULL_CLASS[1], "sh", "-c", KILL_SPINNERS, check=False)
    for process in with_pids:
        process.wait()


KILL_SPINNERS = r"""
for folder in /proc/[0-9]*; do
  case $(tr '\0' ' ' <$folder/cmdline) in
    "python3 -c while True"*) kill "${folder#/proc/}" ;;
  esac
done
"""
