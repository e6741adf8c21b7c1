"""An engine that restarts under a class: ``make class-engine``, as root. It takes over a minute.

The engine is a second one, on a network of its own. Its packet filter, its mounts and its restart
are nobody else's. It takes the two images over from the first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .conftest import run

NAMESPACE = "swimlanes-test"
HERE, THERE = "198.18.213.1", "198.18.213.2"
IMAGES = ("swimlanes:latest", "swimlanes-hub:latest")


class Engine:
    """A Docker engine that this test may stop."""

    def __init__(self, folder: Path, eventually) -> None:
        self.folder = folder
        self.address = f"unix://{folder}/docker.sock"
        self.eventually = eventually

    def start(self) -> None:
        # Not `ip netns exec`, which would hide the control groups; its mounts go when it ends.
        around = ["nsenter", f"--net=/run/netns/{NAMESPACE}", "unshare", "--mount", "dockerd"]
        places = [f"--{it}={self.folder / it}" for it in ("data-root", "exec-root", "pidfile")]
        # Where a containerd of the host's runs, the engine uses it: under names of its own.
        names = [f"--containerd{it}-namespace={NAMESPACE}{it}" for it in ("", "-plugins")]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [*around, f"--host={self.address}", *places, *names], stdout=log, stderr=log
            )
        self.eventually(self.answers, within_s=60)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=120)

    def answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
        command = ["docker", "--host", self.address, "info"]
        return subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def namespace(require) -> Iterator[None]:
    """Make a network with this machine on one end and the engine on the other."""
    tools = all(map(shutil.which, ("ip", "nsenter", "unshare", "dockerd")))
    require(os.geteuid() == 0 and tools, "no second engine can be started here", "run as root")
    inside = ("ip", "-n", NAMESPACE)
    near, far = "swimlanes-here", "swimlanes-far"
    run("ip", "netns", "add", NAMESPACE)
    try:
        run("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", NAMESPACE)
        run("ip", "address", "add", f"{HERE}/30", "dev", near)
        run("ip", "link", "set", near, "up")
        run(*inside, "address", "add", f"{THERE}/30", "dev", far)
        run(*inside, "link", "set", far, "up")
        run(*inside, "link", "set", "lo", "up")
        yield
    finally:
        run("ip", "netns", "delete", NAMESPACE)  # the link goes with it


@pytest.fixture
def second_engine(namespace, hub_images, eventually, monkeypatch) -> Iterator[Engine]:
    """Start the second engine, with the images; every later call of docker goes to it."""
    # A short path: sockets lie deep in it.
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        engine = Engine(Path(folder), eventually)
        engine.start()
        try:
            # One by one: while an image is handed over, it takes its size three times on the disk.
            for image in IMAGES:
                run("sh", "-c", f"docker save {image} | docker --host {engine.address} load")
            monkeypatch.setenv("DOCKER_HOST", engine.address)
            yield engine
        finally:
            engine.stop()


def test_a_class_comes_back_on_the_same_cores_when_its_engine_restarts(
    second_engine, new_class, eventually
):
    a_class = new_class("Ada", "Bo")
    a_class.url = f"http://{THERE}:{a_class.settings['HUB_PORT']}"
    socket = second_engine.address.removeprefix("unix://")
    try:
        a_class.open(HUB_ADDRESS=THERE, PLAIN_HTTP="yes", DOCKER_SOCKET=socket)
        people = [a_class.spawn(name) for name in ("ada", "bo")]
        a_class.exec("ada", "sh", "-c", "echo mine > ~/notes.txt")
        before = [pinned(a_class, name) for name in ("ada", "bo")]
        assert len(set(before)) == 2

        second_engine.stop()
        second_engine.start()

        for person in people:
            eventually(lambda person=person: answers(person), within_s=120)
        assert [pinned(a_class, name) for name in ("ada", "bo")] == before
        assert a_class.exec("ada", "cat", "/home/jovyan/notes.txt").stdout == "mine\n"
        assert a_class.login("bo").logged_in
    finally:
        a_class.remove()


def pinned(a_class, name):
    return a_class.exec(name, "grep", "Cpus_allowed_list", "/proc/self/status").stdout


def answers(person):
    try:
        return person.visit().status_code == 200
    except httpx.TransportError:
        return False
