"""A participant's pod run by the Docker engine, under what its manifest says.

The home is what a cluster gives: a fresh file system of root's, with a `lost+found`, opened to the
group `fsGroup`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import docker
import httpx
from docker.models.containers import Container

FRESH_HOME = (
    "rm -rf /home/jovyan/.[!.]* && mkdir -m 700 /home/jovyan/lost+found"
    " && chown 0:{gid} /home/jovyan && chmod 2775 /home/jovyan"
)
START_S = 60


@dataclass(frozen=True)
class Server:
    """A participant's server: its container, and a client that it knows."""

    container: Container
    talk: httpx.Client

    def exec(self, *command: str) -> str:
        return self.container.exec_run(list(command)).output.decode()


@contextmanager
def running(
    client: docker.DockerClient, manifest: dict, image: str, eventually: Callable[..., None]
) -> Iterator[Server]:
    """Start the manifest's only container from `image`, and wait until the server answers."""
    with _fresh_home(client, manifest, image) as home:
        container = _start(client, manifest, image, home)
        try:
            with httpx.Client(headers={"Authorization": "token secret"}, timeout=30) as talk:
                eventually(lambda: _answers(container, talk), within_s=START_S)
                yield Server(container, talk)
        finally:
            container.remove(force=True)


@contextmanager
def _fresh_home(client: docker.DockerClient, manifest: dict, image: str) -> Iterator[dict]:
    volume = client.volumes.create(f"swimlanes-test-{uuid.uuid4().hex[:8]}")
    mounted = {volume.name: {"bind": "/home/jovyan"}}
    fresh = FRESH_HOME.format(gid=manifest["spec"]["securityContext"]["fsGroup"])
    try:
        client.containers.run(
            image, ["-c", fresh], entrypoint="bash", user="0", volumes=mounted, remove=True
        )
        yield mounted
    finally:
        volume.remove(force=True)


def _start(client: docker.DockerClient, manifest: dict, image: str, home: dict) -> Container:
    spec = manifest["spec"]
    (notebook,) = spec["containers"]
    limits, may = notebook["resources"]["limits"], notebook["securityContext"]
    return client.containers.run(
        image,
        detach=True,
        user=f"{may['runAsUser']}:{may['runAsGroup']}",
        group_add=[spec["securityContext"]["fsGroup"]],
        read_only=may["readOnlyRootFilesystem"],
        cap_drop=may["capabilities"]["drop"],
        security_opt=[f"no-new-privileges:{str(not may['allowPrivilegeEscalation']).lower()}"],
        mem_limit=limits["memory"],
        cpuset_cpus=f"0-{int(limits['cpu']) - 1}",
        tmpfs=_in_memory(notebook, spec),
        volumes=home,
        environment={"JUPYTER_TOKEN": "secret"},
        ports={"8888/tcp": ("127.0.0.1", None)},
    )


def _in_memory(notebook: dict, spec: dict) -> dict[str, str]:
    """Return the folders in memory with their bounds, in the engine's words."""
    bounds = {
        volume["name"]: volume["emptyDir"]["sizeLimit"].removesuffix("i")
        for volume in spec["volumes"]
        if "emptyDir" in volume
    }
    mounts = [mount for mount in notebook["volumeMounts"] if mount["name"] in bounds]
    return {mount["mountPath"]: f"size={bounds[mount['name']]}" for mount in mounts}


def _answers(container: Container, talk: httpx.Client) -> bool:
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
