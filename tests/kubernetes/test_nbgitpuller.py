"""A link of nbgitpuller's brings a repository into the home, in the image that has it."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import uuid

import pytest
import yaml

from swimlanes import __version__

from .kubelet import running


@pytest.fixture(scope="module")
def nbgitpuller_image(client, image, kubernetes):
    """Build the image as its Dockerfile says."""
    name = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
    certificate = os.environ.get("PIP_CERT")
    secret = ["--secret", f"id=ca,src={certificate}"] if certificate else []
    command = ["docker", "buildx", "build", "--load", "--tag", name, *secret]
    built = subprocess.run(
        [*command, str(kubernetes / "nbgitpuller")], capture_output=True, text=True, timeout=600
    )
    assert built.returncode == 0, built.stderr
    yield name
    client.images.remove(name, force=True)


@pytest.fixture(scope="module")
def server(client, pod, read_values, nbgitpuller_image, eventually):
    with running(client, pod(read_values()), nbgitpuller_image, eventually) as started:
        yield started


@pytest.fixture
def course_repository(server, tmp_path):
    """Make a repository with one notebook, in the participant's home; return its address."""

    def git(*words):
        identity = ["-c", "user.name=Teacher", "-c", "user.email=teacher@example.org"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch=main")
    (tmp_path / "extra.ipynb").write_text("{}")
    git("add", "extra.ipynb")
    git("commit", "--message=One more lesson")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(tmp_path, "remote", filter=_the_participants)
    server.container.put_archive("/home/jovyan", packed.getvalue())
    return "file:///home/jovyan/remote"


def _the_participants(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid, entry.gid = 1000, 100
    return entry


def test_a_link_brings_the_repository(server, course_repository):
    query = {"repo": course_repository, "branch": "main", "targetpath": "extra"}
    said = server.talk.get("/git-pull/api", params=query).text
    assert '"phase": "finished"' in said, said
    assert server.talk.get("/api/contents/extra/extra.ipynb?content=0").status_code == 200


def test_its_values_go_with_the_class_ones(values, pod, kubernetes, chart):
    more = yaml.safe_load((kubernetes / "nbgitpuller" / "values.yaml").read_text())
    chart.validate(more)
    single = values["singleuser"]
    single["image"] |= more["singleuser"]["image"]
    allowed = single["networkPolicy"]["egressAllowRules"]
    allowed |= more["singleuser"]["networkPolicy"]["egressAllowRules"]
    assert allowed == {"cloudMetadataServer": False, "nonPrivateIPs": True, "privateIPs": False}
    (container,) = pod(values)["spec"]["containers"]
    assert container["image"] == f"swimlanes-nbgitpuller:{__version__}"
