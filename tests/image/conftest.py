"""A real engine, the built image, containers that are removed whatever happens."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

# The entry point and `make lab` run before anything is installed, so they are no packages.
sys.path += [str(Path(__file__).parents[2] / "image" / part) for part in ("entry", "lab")]

START_DEADLINE_S = 60


def docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, timeout=120, check=check
    )


@dataclass(frozen=True)
class Container:
    """A container by its name, and how to talk to it."""

    name: str

    def exec(self, *command: str) -> str:
        return docker("exec", self.name, *command).stdout

    @property
    def log(self) -> str:
        logs = docker("logs", self.name)
        return logs.stdout + logs.stderr

    @property
    def health(self) -> str:
        return docker("inspect", "--format", "{{.State.Health.Status}}", self.name).stdout.strip()

    @property
    def url(self) -> str:
        return f"http://{docker('port', self.name, '8888').stdout.strip()}"


@pytest.fixture(scope="session")
def answers() -> Callable[[str], bool]:
    """Return a function that asks whether an address answers with 200."""

    def ask(url: str) -> bool:
        try:
            return httpx.get(url).status_code == 200
        except httpx.TransportError:
            return False

    return ask


@pytest.fixture(scope="session")
def told() -> Callable[[httpx.Response], dict]:
    """Return a function that gives what the server tells a page of JupyterLab or Notebook."""

    def read(page: httpx.Response) -> dict:
        return json.loads(re.search(r"jupyter-config-data[^>]*>(.*?)</script>", page.text, re.S)[1])

    return read


@pytest.fixture(scope="session")
def engine(engine_at_hand) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a docker command."""
    return docker


@pytest.fixture
def call(engine, image) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run one command in a container that is gone afterwards."""

    def run(*command: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return engine("run", "--rm", *options, image, *command, check=False)

    return run


@pytest.fixture(scope="session")
def locked(repository) -> list[str]:
    """Return the options of `docker run` that the image's page shows, with a home of its own."""
    shown = (repository / "image/README.md").read_text()
    command = re.search(r"docker run (.*?) swimlanes$", shown, re.M | re.S)[1]
    words = command.replace("\\\n", " ").replace("swimlanes-home:", "").split()
    return words[words.index("--read-only") :]


Start = Callable[..., Container]


@contextmanager
def starting(engine, image, answers, eventually) -> Iterator[Start]:
    """Give a function that starts a container and waits for its server; remove them at the end."""
    started: list[Container] = []

    def run(*options: str) -> Container:
        container = Container(f"swimlanes-test-{uuid.uuid4().hex[:8]}")
        started.append(container)
        publish = ("--publish", "127.0.0.1::8888", "--env", "JUPYTER_TOKEN=secret")
        engine("run", "--detach", "--name", container.name, *publish, *options, image)
        eventually(lambda: answers(f"{container.url}/api"), within_s=START_DEADLINE_S)
        return container

    try:
        yield run
    finally:
        for container in started:
            engine("rm", "--force", "--volumes", container.name, check=False)


@pytest.fixture
def start(engine, image, answers, eventually) -> Iterator[Start]:
    """Start containers with the default command, and wait until JupyterLab answers."""
    with starting(engine, image, answers, eventually) as run:
        yield run


@pytest.fixture(scope="module")
def start_for_all(engine, image, answers, eventually) -> Iterator[Start]:
    """Do the same for all tests of a module."""
    with starting(engine, image, answers, eventually) as run:
        yield run


@pytest.fixture
def volume(engine) -> Iterator[str]:
    """Make a named volume. Ask for it before `start`, so that it outlives the containers."""
    name = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
    engine("volume", "create", name)
    yield name
    engine("volume", "rm", "--force", name)


@pytest.fixture
def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def course(tmp_path) -> Path:
    """Make a course of two small lessons, readable for everybody as an image's is."""
    folder = tmp_path / "originals"
    folder.mkdir()
    for lesson in ("00-your-cores", "06-speedup"):
        notebook = {"cells": [], "metadata": {"version": 1}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{lesson}.ipynb").write_text(json.dumps(notebook))
    tmp_path.chmod(0o755)
    return folder
