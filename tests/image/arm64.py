"""The image for arm64: it starts, measures in each mode, and runs a lesson. For `make arm64`.

On a machine of another kind an emulator runs it, twenty times as slow; the doctor says so.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2] / "course"
sys.path += [str(COURSE), str(Path(__file__).parent)]

from test_free_threaded import (  # noqa: E402, F401 - the same tests, with `call` as it is here
    test_it_keeps_no_gil_and_stands_on_every_path,
    test_it_knows_of_the_machine_what_debians_own_python_knows,
    test_the_whole_standard_library_can_be_imported,
)

IMAGE = "swimlanes-arm64"
PLATFORM = "linux/arm64"
PATIENCE_S = 3600


@pytest.fixture(scope="module")
def container(engine):
    """Start the lab."""
    name = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
    engine("run", "--detach", "--platform", PLATFORM, "--name", name, IMAGE)
    yield name
    engine("rm", "--force", "--volumes", name, check=False)


@pytest.fixture(scope="module")
def call():
    """Run one command in a container that is gone afterwards."""

    def run(*command, options=()):
        return docker("run", "--rm", "--platform", PLATFORM, *options, IMAGE, *command)

    return run


@pytest.fixture(scope="module")
def ask(container):
    """Return a function that runs a command in the lab's container and returns what it prints."""

    def run(*command):
        ran = docker("exec", container, *command)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


def docker(*command):
    return subprocess.run(["docker", *command], capture_output=True, text=True, timeout=PATIENCE_S)


def test_the_lab_starts(container, engine, eventually):
    def answers():
        return engine("exec", container, "healthcheck", check=False).returncode == 0

    eventually(answers, within_s=600)


def test_the_doctor_names_the_machine_and_an_emulator(ask):
    report = json.loads(ask("swimlanes", "doctor", "--json"))
    assert report["machine"] == "aarch64"
    emulated = platform.machine() != "aarch64"
    assert bool(report["emulated_on"]) == emulated
    assert ("It is emulated" in report["verdict"]) == emulated
    assert set(report["unavailable_modes"]) == {"interpreters"}


@pytest.mark.parametrize(
    "mode", ["serial", "threads", "processes", "nested", "free-threaded", "cluster"]
)
def test_a_run(mode, ask):
    size = ("--workers", "2", "--tasks", "4", "--task-ms", "20")
    run = json.loads(ask("swimlanes", "run", "--mode", mode, *size, "--json"))
    assert len(run["tasks"]) == 4


def test_a_lesson(monkeypatch, engine):
    """The first one, with its exercises solved; its checks look at no time."""
    import derive
    import execute

    monkeypatch.setattr(execute, "DEADLINE_S", PATIENCE_S)
    monkeypatch.setenv("DOCKER_DEFAULT_PLATFORM", PLATFORM)
    notebook = derive.derive(COURSE / "lessons" / "00-your-cores.md", with_solutions=True)
    with execute.lent_tools() as tools:
        ran = execute.execute(notebook, execute.in_container(IMAGE, tools))
    solved = [cell for cell in ran.cells if "solution" in cell.metadata.get("tags", [])]
    assert solved
    for cell in solved:
        said = [output for output in cell.outputs if output.output_type == "execute_result"]
        assert said[-1].data["text/plain"].startswith("✓ Right.")
