"""`docker compose up`, as somebody with a fresh clone types it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import uuid

import httpx
import pytest


@pytest.fixture
def compose(engine, image, repository, free_port):
    """Run docker compose on a project and a port of its own; all it made is removed."""
    project = f"swimlanes-test-{uuid.uuid4().hex[:8]}"

    def run(*arguments, **environment):
        return subprocess.run(
            ["docker", "compose", "--project-name", project, *arguments],
            cwd=repository,
            env={**os.environ, "PORT": str(free_port), **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )

    yield run
    run("--profile", "*", "down", "--volumes")


@pytest.fixture
def up(compose, free_port, answers, eventually):
    """Run docker compose up on one core, until JupyterLab answers."""

    def run(**environment):
        went = compose("up", "--detach", CORES="0", **environment)
        assert went.returncode == 0, went.stderr
        eventually(lambda: answers(f"http://127.0.0.1:{free_port}/api"), within_s=60)

    return run


def test_jupyterlab_comes_up_on_one_core_and_goes_without_a_trace(compose, up, free_port):
    up(JUPYTER_TOKEN="secret")
    page = httpx.get(f"http://127.0.0.1:{free_port}/?token=secret", follow_redirects=True)
    assert page.status_code == 200
    assert page.url.path == "/lab/tree/course/START.ipynb"
    assert compose("exec", "-T", "lab", "nproc").stdout == "1\n"

    assert compose("down", "--volumes").returncode == 0
    assert compose("ps", "--all", "--quiet").stdout == ""
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{free_port}/")


def test_the_random_token_stands_in_the_log_as_an_address(compose, up, free_port):
    up()
    log = compose("logs", "--no-log-prefix", "lab").stdout
    address = re.search(r"JupyterLab: (\S+)", log)[1]
    page = "lab/tree/course/START.ipynb"
    assert address.startswith(f"http://127.0.0.1:{free_port}/{page}?token=")
    assert httpx.get(address, follow_redirects=True).status_code == 200


def test_work_outlives_the_container(compose, up):
    up()
    compose("exec", "-T", "lab", "sh", "-c", "echo mine > course/notes.txt")
    compose("down")
    up()
    assert compose("exec", "-T", "lab", "cat", "course/notes.txt").stdout == "mine\n"


def test_the_container_is_limited(compose, engine):
    compose("create", CORES="0")
    container = compose("ps", "--all", "--quiet").stdout.strip()
    fields = "CpusetCpus Memory PidsLimit ShmSize CapDrop SecurityOpt ReadonlyRootfs Privileged"
    template = " ".join(f"{{{{.HostConfig.{field}}}}}" for field in fields.split())
    limits = engine("inspect", "--format", template, container).stdout.strip()
    assert limits == ("0 2147483648 256 268435456 [ALL] [no-new-privileges:true] true false")
    listening = engine("inspect", "--format", "{{json .HostConfig.PortBindings}}", container).stdout
    assert '"HostIp":"127.0.0.1"' in listening
    mounts = engine("inspect", "--format", "{{range .Mounts}}{{.Destination}} {{end}}", container)
    assert mounts.stdout.strip() == "/home/jovyan", "above all, not the engine's socket"


def test_a_core_that_the_host_lacks_is_refused_before_anything_starts(compose):
    up = compose("up", "--detach", CORES="4095")
    assert up.returncode != 0
    assert "CPUs are not available" in up.stderr
    assert compose("ps", "--all", "--quiet").stdout == ""


def test_a_wall_comes_up_alone_and_says_where(compose, engine, free_port, answers, eventually):
    address = f"http://127.0.0.1:{free_port}/"
    wall = ("--profile", "wall")
    went = compose(*wall, "up", "--detach", WALL_PORT=str(free_port), WALL_CODE="JOIN-ME-22")
    assert went.returncode == 0, went.stderr
    eventually(lambda: answers(address), within_s=60)
    assert f"{address}#JOIN-ME-22" in compose(*wall, "logs", "--no-log-prefix").stdout

    (container,) = compose(*wall, "ps", "--all", "--quiet").stdout.split()
    fields = "Memory PidsLimit CapDrop SecurityOpt ReadonlyRootfs"
    template = " ".join(f"{{{{.HostConfig.{field}}}}}" for field in fields.split())
    limits = engine("inspect", "--format", template, container).stdout.strip()
    assert limits == "157286400 64 [ALL] [no-new-privileges:true] true"
    mounts = engine(
        "inspect", "--format", "{{range .Mounts}}{{.Destination}} {{.RW}} {{end}}", container
    )
    assert mounts.stdout.strip() == "/opt/course false", "its questions, and nothing else"


def test_the_course_that_is_chosen_comes_before_one_that_an_image_of_ones_own_holds(compose):
    files = {"COMPOSE_FILE": "docker-compose.yml:image/lab/course.yml", "COURSE": "/my-course"}
    profiles = ("--profile", "lab", "--profile", "hub")
    told = compose(*profiles, "config", "--format", "json", **files)
    services = json.loads(told.stdout)["services"]
    for name in ("lab", "class-wall"):
        assert services[name]["environment"]["SWIMLANES_COURSE"] == "/opt/course", name
