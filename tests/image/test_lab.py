"""`make lab`: what may be chosen, and both ways from start to Control-C."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import uuid

import httpx
import pytest
from settings import SettingError, choose_cores, choose_port, format_cores, parse_cores
from ways import LabError, need_own_image, why_no_engine

# `make test` tells the makes below it that they are below it; a terminal does not.
TERMINAL = {name: value for name, value in os.environ.items() if "MAKE" not in name}
NO_ENGINE = {"DOCKER_HOST": "unix:///nowhere"}


@pytest.fixture
def checkout(repository, tmp_path):
    """Copy what `make lab` reads, so that the work of whoever runs the tests is left alone."""
    for name in (
        "Makefile",
        "README.md",
        "LICENSE",
        "pyproject.toml",
        "docker-compose.yml",
        ".env",
    ):
        shutil.copy2(repository / name, tmp_path / name)
    for name in ("image", "widgets", "course/notebooks"):
        shutil.copytree(repository / name, tmp_path / name)
    for name in (".dockerignore", ".env"):
        shutil.copy2(repository / name, tmp_path / name)
    (tmp_path / "tests").mkdir()
    shutil.copy2(repository / "tests/requirements.lock", tmp_path / "tests/requirements.lock")
    (tmp_path / ".venv").symlink_to(repository / ".venv")
    return tmp_path


@pytest.fixture
def project(engine, image):
    """Name a Compose project of its own; whatever it made is removed."""
    name = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
    yield name
    engine("rm", "--force", "--volumes", f"{name}-lab-1", check=False)
    engine("network", "rm", f"{name}_default", check=False)
    engine("volume", "rm", "--force", f"{name}_home", f"{name}_course-home", check=False)


@pytest.fixture
def lab(checkout):
    """Start `make lab` in a terminal's foreground group of its own; it ends in any case."""
    started = []

    def run(**environment):
        process = subprocess.Popen(
            ["make", "lab"],
            cwd=checkout,
            env={**TERMINAL, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=60)


@pytest.fixture
def pictures(checkout, repository):
    """Return the name of a course of somebody's, from where `make lab` is called."""
    shutil.copytree(repository / "tests/data/pictures", checkout / "my course")
    return "my course"


def read_until(process, pattern):
    """Return the output up to the line with `pattern`, and the match."""
    said = ""
    for line in process.stdout:
        said += line
        if match := re.search(pattern, line):
            return said, match
    raise AssertionError(said)


def interrupt(process):
    """Do what Control-C does, and return what is still said."""
    os.killpg(process.pid, signal.SIGINT)
    return process.communicate(timeout=60)[0]


@pytest.mark.parametrize(
    ("text", "cores"), [("0", {0}), ("0-1", {0, 1}), ("0,2-3", {0, 2, 3}), ("1,1", {1})]
)
def test_cores_are_written_as_docker_writes_them(text, cores):
    assert parse_cores(text) == cores
    assert parse_cores(format_cores(cores)) == cores


@pytest.mark.parametrize("text", ["abc", "1-0", "-1", "0-", "0,,1", "0-1-2", "99999", "1.5", " "])
def test_what_is_no_list_of_cores_is_refused(text):
    with pytest.raises(SettingError, match=re.escape(f"CORES={text} is no list of cores")):
        choose_cores(text, range(4))


def test_a_core_that_the_host_lacks_is_named():
    with pytest.raises(SettingError, match=r"CORES=1-3 asks for core 2, .* choose among 0-1,5"):
        choose_cores("1-3", {0, 1, 5})


@pytest.mark.parametrize(("available", "cores"), [({0}, [0]), (range(8), [0, 1])])
def test_two_cores_are_the_default_where_there_are_two(available, cores):
    assert choose_cores("", available) == cores


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "8888.0"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(SettingError, match=f"PORT={text} is no port"):
        choose_port(text)


def test_a_port_in_use_is_refused_and_a_free_one_taken(free_port):
    assert choose_port(str(free_port)) == free_port
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", free_port))
        busy.listen()
        with pytest.raises(SettingError, match=f"Port {free_port} cannot be used"):
            choose_port(str(free_port))


@pytest.mark.parametrize(
    ("version", "old"), [("v2.9.0", True), ("2.24.3", True), ("2.24.4", False)]
)
def test_a_compose_that_is_too_old_is_told(repository, tmp_path, monkeypatch, version, old):
    """An engine's command of which only the version of its plugin matters."""
    (tmp_path / "docker").write_text(f"#!/bin/sh\n[ $# = 1 ] || echo {version}\n")
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    number = version.removeprefix("v")
    told = f"Docker's compose plugin is {number}, older than 2.24.4" if old else None
    assert why_no_engine() == told
    command = [repository / "image/hub/manage", "restore", "no-such-file"]
    ran = subprocess.run(command, capture_output=True, text=True)
    refused = f"compose is {number}; install version 2.24.4 or later." in ran.stderr
    assert refused == old


@pytest.mark.parametrize("cores", ["abc", "4095", "1-0"])
def test_bad_cores_end_before_anything_starts(lab, cores):
    process = lab(CORES=cores, **NO_ENGINE)
    said = process.communicate(timeout=60)[0].splitlines()
    assert process.returncode == 2
    assert said[0].startswith(f"make lab: CORES={cores} ")
    assert len(said) == 2, "one sentence of ours, one of make's"


def test_a_course_that_is_no_folder_ends_before_anything_starts(lab):
    process = lab(COURSE="Makefile", **NO_ENGINE)
    said = process.communicate(timeout=60)[0].splitlines()
    assert process.returncode == 2
    assert said[0].startswith("make lab: COURSE=Makefile is no folder; name one")


def test_an_image_of_ones_own_is_not_replaced_by_a_lab_without_its_packages(lab):
    process = lab(IMAGE="my-image", **NO_ENGINE)
    said = process.communicate(timeout=60)[0].splitlines()
    assert process.returncode == 2, "make's own code"
    assert said[0].startswith("make lab: ")
    assert "IMAGE=my-image runs in a container alone" in said[0]
    assert len(said) == 2


@pytest.mark.parametrize("there", [True, False])
def test_an_image_of_ones_own_has_to_be_there(tmp_path, monkeypatch, there):
    """An engine's command that knows an image, or does not."""
    (tmp_path / "docker").write_text(f"#!/bin/sh\nexit {1 - there}\n")
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    if there:
        need_own_image("my-image", None)
        return
    with pytest.raises(LabError, match=r"my-image is not there; .* docker build --tag my-image"):
        need_own_image("my-image", None)


@pytest.mark.parametrize(("named", "started"), [("", "swimlanes"), ("my-image", "my-image")])
def test_the_container_has_the_image_that_is_named(engine_at_hand, repository, named, started):
    read = ["docker", "compose", "--profile", "lab", "config", "--format", "json"]
    config = subprocess.check_output(read, cwd=repository, env=os.environ | {"IMAGE": named})
    assert json.loads(config)["services"]["lab"]["image"] == started


def test_without_an_engine_the_lab_runs_right_here(lab, checkout, free_port):
    core = str(min(os.sched_getaffinity(0)))
    # A proxy for the internet that does not answer: the lab is on this machine.
    process = lab(CORES=core, PORT=str(free_port), http_proxy="http://127.0.0.1:9", **NO_ENGINE)
    said, match = read_until(process, r"Open +(http\S+)")
    assert said.startswith("No Docker engine answers")
    assert f"pinned to CORES={core} of" in said

    page = httpx.get(match[1], follow_redirects=True)
    assert page.status_code == 200
    assert page.url.path == "/lab/tree/course/START.ipynb"
    assert (checkout / "build/lab-home/course/00-your-cores.ipynb").exists()
    assert pinned_to(free_port) == core

    said += interrupt(process)
    assert "your work is kept" in said
    assert "Warning" not in said
    with pytest.raises(httpx.TransportError):
        httpx.get(match[1])


def pinned_to(port):
    """Return the cores of the server that listens on `port`."""
    listed = subprocess.check_output(
        ["pgrep", "--full", "--newest", "jupyter-lab --ServerApp.ip=127.0.0.1"], text=True
    )
    with open(f"/proc/{listed.strip()}/status") as status:
        return re.search(r"Cpus_allowed_list:\t(\S+)", status.read())[1]


def test_with_an_engine_the_lab_runs_in_a_container(lab, engine, project, free_port, pictures):
    process = lab(CORES="0", PORT=str(free_port), COMPOSE_PROJECT_NAME=project, COURSE=pictures)
    said, match = read_until(process, r"Open +(http\S+)")
    assert said.startswith("A Docker engine answers")

    page = httpx.get(match[1], follow_redirects=True)
    assert page.status_code == 200
    assert page.url.path == "/lab/tree/course/START.ipynb"
    pinned = engine("exec", f"{project}-lab-1", "nproc").stdout
    assert pinned == "1\n"
    assert "1-pictures.ipynb" in engine("exec", f"{project}-lab-1", "ls", "course").stdout
    assert "00-your" not in engine("exec", f"{project}-lab-1", "ls", "course").stdout

    second = lab(PORT=str(free_port + 1), COMPOSE_PROJECT_NAME=project)
    assert "A lab is running in a container already" in second.communicate(timeout=60)[0]
    assert httpx.get(match[1], follow_redirects=True).status_code == 200

    os.killpg(process.pid, signal.SIGINT)
    read_until(process, "Removing the container")
    assert "your work is kept" in interrupt(process), "a second Control-C changes nothing"
    assert engine("ps", "--all", "--quiet", "--filter", f"name={project}").stdout == ""
    assert project in engine("volume", "ls", "--quiet").stdout


def test_without_an_image_the_lab_runs_right_here(lab, engine, checkout, free_port, pictures):
    (checkout / "image/Dockerfile").write_text("FROM scratch\nCOPY nothing-of-that-name /\n")
    process = lab(PORT=str(free_port), COURSE=pictures)
    said, match = read_until(process, r"Open +(http\S+)")
    assert (checkout / "build/lab-home/course/filters/10-edges.ipynb").exists()
    assert "The image could not be built (the reason stands above), so JupyterLab runs" in said
    assert httpx.get(match[1], follow_redirects=True).status_code == 200
    assert "your work is kept" in interrupt(process)
