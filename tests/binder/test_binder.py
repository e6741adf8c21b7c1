"""The repository opens where repo2docker opens it: the folder `.binder` is the image's own.

The image is there already, so that the second build of the same Dockerfile takes what is cached.
"""

from __future__ import annotations

import subprocess
import sys
import uuid

import docker
import httpx
import pytest

AS_BINDER_LAUNCHES = ["python3", "-c", "import os, sys; os.execvp('jupyter-lab', sys.argv)"]
PREFIX = "/user/course-swimlanes-1a2b3c4d/"


@pytest.fixture(scope="module")
def client(image):
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="module")
def built(client, repository):
    """Have repo2docker make an image of the repository; return its name."""
    name = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
    arguments = ["--no-run", "--image-name", name, "--user-id", "1000", "--user-name", "jovyan"]
    command = [sys.executable, "-m", "repo2docker", *arguments, str(repository)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert said.returncode == 0, said.stderr
    yield name
    client.images.remove(name, force=True)


@pytest.fixture
def open_with(client, built, eventually):
    """Return a function that starts the image with a command, and returns its address."""
    started = []

    def run(command, prefix="/"):
        container = client.containers.run(
            built,
            [*command, "--ip=0.0.0.0", "--port=8888", "--ServerApp.token=secret"],
            detach=True,
            ports={"8888/tcp": ("127.0.0.1", None)},
        )
        started.append(container)
        url = f"{_published(container, eventually)}{prefix}"
        eventually(lambda: _answers(container, url), within_s=60)
        return url

    yield run
    for container in started:
        container.remove(force=True)


def _published(container, eventually):
    def ports():
        container.reload()
        return container.ports.get("8888/tcp")

    eventually(ports)
    return f"http://127.0.0.1:{ports()[0]['HostPort']}"


def _answers(container, url):
    container.reload()
    assert container.status != "exited", container.logs().decode()
    try:
        return httpx.get(f"{url}api").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(
    ("command", "prefix"),
    [
        pytest.param(["jupyter", "notebook"], "/", id="repo2docker"),
        pytest.param([*AS_BINDER_LAUNCHES, f"--ServerApp.base_url={PREFIX}"], PREFIX, id="binder"),
    ],
)
def test_the_course_is_there_however_it_is_opened(open_with, command, prefix):
    url = open_with(command, prefix)
    course = httpx.get(f"{url}api/contents/course?token=secret").raise_for_status().json()
    assert "00-your-cores.ipynb" in [entry["name"] for entry in course["content"]]
    page = httpx.get(f"{url}lab/tree/course/00-your-cores.ipynb?token=secret")
    assert page.status_code == 200


def test_its_user_is_the_one_that_binder_asks_for(client, built):
    asked = client.containers.run(built, ["id", "--user", "--name"], remove=True)
    assert asked.decode().split() == ["jovyan"]
    assert client.containers.run(built, ["id", "--user"], remove=True).decode().split() == ["1000"]


def test_the_folder_is_no_second_recipe(repository):
    assert (repository / ".binder").readlink().name == "image"
