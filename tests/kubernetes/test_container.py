"""The real image under what the pod says, run by the engine as a kubelet would run it.

The home is what a cluster gives: a fresh file system of root's, with a `lost+found`, opened to the
group `fsGroup`. One core, so that a count of the host's would be seen.
"""

from __future__ import annotations

import uuid

import docker
import httpx
import pytest

OPEN_TO_THE_GROUP = "chown 0:{gid} /home/jovyan && chmod 2775 /home/jovyan"
AS_FORMATTED = "rm -rf /home/jovyan/.[!.]* && mkdir -m 700 /home/jovyan/lost+found"


@pytest.fixture(scope="module")
def client(image):
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture
def manifest(pod, values):
    values["singleuser"]["cpu"] = {"guarantee": 1, "limit": 1}
    return pod(values)


@pytest.fixture
def home(client, manifest, image):
    volume = client.volumes.create(f"swimlanes-test-{uuid.uuid4().hex[:8]}")
    gid = manifest["spec"]["securityContext"]["fsGroup"]
    format_it = f"{AS_FORMATTED} && {OPEN_TO_THE_GROUP.format(gid=gid)}"
    mounted = {volume.name: {"bind": "/home/jovyan"}}
    client.containers.run(
        image, ["-c", format_it], entrypoint="bash", user="0", volumes=mounted, remove=True
    )
    yield mounted
    volume.remove(force=True)


@pytest.fixture
def container(client, manifest, home, image):
    spec = manifest["spec"]
    (notebook,) = spec["containers"]
    may = notebook["securityContext"]
    started = client.containers.run(
        image,
        detach=True,
        user=f"{may['runAsUser']}:{may['runAsGroup']}",
        group_add=[spec["securityContext"]["fsGroup"]],
        read_only=may["readOnlyRootFilesystem"],
        cap_drop=may["capabilities"]["drop"],
        security_opt=[f"no-new-privileges:{str(not may['allowPrivilegeEscalation']).lower()}"],
        mem_limit=notebook["resources"]["limits"]["memory"],
        cpuset_cpus="0",
        tmpfs=in_memory(notebook, spec),
        volumes=home,
        environment={"JUPYTER_TOKEN": "secret"},
        ports={"8888/tcp": ("127.0.0.1", None)},
    )
    yield started
    started.remove(force=True)


def in_memory(notebook, spec):
    """Return the folders in memory with their bounds, in the engine's words."""
    bounds = {
        volume["name"]: volume["emptyDir"]["sizeLimit"].removesuffix("i")
        for volume in spec["volumes"]
        if "emptyDir" in volume
    }
    mounts = [mount for mount in notebook["volumeMounts"] if mount["name"] in bounds]
    return {mount["mountPath"]: f"size={bounds[mount['name']]}" for mount in mounts}


@pytest.fixture
def server(container, eventually):
    """Return a client of the participant's server, when it answers."""

    def answers():
        container.reload()
        assert container.status != "exited", container.logs().decode()
        ports = container.ports.get("8888/tcp")
        if not ports:
            return False
        talk.base_url = f"http://127.0.0.1:{ports[0]['HostPort']}"
        try:
            return talk.get("/api").status_code == 200
        except httpx.TransportError:
            return False

    with httpx.Client(headers={"Authorization": "token secret"}) as talk:
        eventually(answers, within_s=30)
        yield talk


def test_the_server_answers_with_the_course_in_the_clusters_home(server):
    listed = server.get("/api/contents/course").raise_for_status().json()["content"]
    assert "00-your-cores.ipynb" in [entry["name"] for entry in listed]
    assert server.get("/api/contents/").status_code == 200


def test_it_has_given_up_what_the_pod_says(server, container):
    status = container.exec_run("cat /proc/self/status").output.decode()
    told = dict(line.split(":\t", 1) for line in status.splitlines())
    assert told["NoNewPrivs"] == "1"
    assert told["Seccomp"] == "2"
    assert int(told["CapEff"], 16) == int(told["CapBnd"], 16) == 0
    refused = container.exec_run("touch /opt/venv/mine")
    assert "Read-only file system" in refused.output.decode()


def test_the_libraries_count_the_pods_core(server, container):
    environments = container.exec_run(["bash", "-c", "cat /proc/[0-9]*/environ"]).output.decode()
    told = {line for line in environments.split("\0") if line.startswith("OMP_NUM_THREADS=")}
    assert told == {"OMP_NUM_THREADS=1"}
