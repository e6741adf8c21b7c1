"""An engine that restarts under a class: ``make class-engine``, as root, not in CI.

The engine is a second one, in a network namespace of its own, so that its packet filter and its
restart are nobody else's. It takes the two images over from the first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from .conftest import run

NAMESPACE = "swimlanes-test"
HERE, THERE = "198.18.213.1", "198.18.213.2"


class Engine:
    """A Docker engine that this test may stop."""

    def __init__(self, folder: Path, eventually) -> None:
        self.folder = folder
        self.socket = folder / "docker.sock"
        self.eventually = eventually

    def start(self) -> None:
        options = ("data-root", "exec-root", "pidfile")
        places = [f"--{option}={self.folder / option}" for option in options]
        command = ["ip", "netns", "exec", NAMESPACE, "dockerd", f"--host=unix://{self.socket}"]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen([*command, *places], stdout=log, stderr=log)
        self.eventually(self.answers, within_s=60)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=120)

    def answers(self) -> bool:
        command = ["docker", "--host", f"unix://{self.socket}", "info"]
        return subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def namespace(require):
    """Make a network with this machine on one end and the engine on the other."""
    require(os.geteuid() == 0 and shutil.which("ip"), "no right to make networks", "run as root")
    run("ip", "netns", "add", NAMESPACE)
    inside = ("ip", "-n", NAMESPACE)
    run("ip", "link", "add", "swl-here", "type", "veth", "peer", "name", "swl-there", "netns",
        NAMESPACE)  # fmt: skip
    run("ip", "address", "add", f"{HERE}/30", "dev", "swl-here")
    run("ip", "link", "set", "swl-here", "up")
    run(*inside, "address", "add", f"{THERE}/30", "dev", "swl-there")
    run(*inside, "link", "set", "swl-there", "up")
    run(*inside, "link", "set", "lo", "up")
    yield
    run("ip", "netns", "delete", NAMESPACE)
    run("ip", "link", "delete", "swl-here", check=False)


@pytest.fixture
def second_engine(namespace, hub_images, eventually, monkeypatch, tmp_path):
    """Start the second engine, with the images; every later call of docker goes to it."""
    engine = Engine(tmp_path, eventually)
    engine.start()
    load = f"docker save swimlanes swimlanes-hub | docker --host unix://{engine.socket} load"
    run("sh", "-c", load)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{engine.socket}")
    yield engine
    engine.stop()
    run(
        "sh",
        "-c",
        f"grep -o '{tmp_path}[^ ]*' /proc/mounts | sort -r | xargs -r umount",
        check=False,
    )
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_a_class_comes_back_on_the_same_cores_when_its_engine_restarts(
    second_engine, new_class, eventually
):
    a_class = new_class("Ada", "Bo")
    try:
        a_class.url = f"http://{THERE}:{a_class.settings['HUB_PORT']}"
        a_class.open(HUB_ADDRESS=THERE, PLAIN_HTTP="yes", DOCKER_SOCKET=str(second_engine.socket))
        people = [a_class.spawn(name) for name in ("ada", "bo")]
        a_class.exec("ada", "sh", "-c", "echo mine > ~/notes.txt")
        before = [pinned(a_class, name) for name in ("ada", "bo")]

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
        return person.visit("api/contents/notes.txt").status_code in (200, 404)
    except httpx.TransportError:
        return False
