"""The values for a cluster, and the pod that KubeSpawner makes of them."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import docker
import pytest
import yaml
from jsonschema import Draft7Validator
from kubernetes_asyncio.client import Configuration
from kubespawner import KubeSpawner
from traitlets.config import Config

FOLDER = Path(__file__).parents[2] / "image" / "hub" / "kubernetes"
sys.path.append(str(FOLDER))

SCHEMA = "zero-to-jupyterhub-values.schema.yaml"
KUBECONFIG = "kubernetes_asyncio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION"

PASSED_ON = {
    "allow_privilege_escalation": "allowPrivilegeEscalation",
    "cmd": "cmd",
    "cpu_guarantee": "cpu.guarantee",
    "cpu_limit": "cpu.limit",
    "fs_gid": "fsGid",
    "image_pull_policy": "image.pullPolicy",
    "mem_guarantee": "memory.guarantee",
    "mem_limit": "memory.limit",
    "storage_access_modes": "storage.dynamic.storageAccessModes",
    "storage_capacity": "storage.capacity",
    "uid": "uid",
}
"""KubeSpawner's traits, and where below `singleuser` the chart's hub takes them from."""

PUT_TOGETHER = ("image.name", "image.tag", "initContainers", "storage.")
"""What goes into the pod in another way."""

Manifest = dict


@pytest.fixture(scope="session")
def kubernetes() -> Path:
    """Return the folder of the values."""
    return FOLDER


@pytest.fixture(scope="session")
def read_values() -> Callable[[], dict]:
    """Return a function that reads the values."""
    return lambda: yaml.safe_load((FOLDER / "values.yaml").read_text())


@pytest.fixture
def values(read_values) -> dict:
    """Return the values, for this test alone."""
    return read_values()


@pytest.fixture(scope="session")
def chart(repository, require) -> Draft7Validator:
    """Return the schema by which Helm judges the values together with the chart's defaults.

    The defaults bring whatever is required; the values alone need not.
    """
    path = repository.parent / "shared" / "reference" / SCHEMA
    require(path.exists(), "the chart's schema is absent", f"put its values schema at {path}")
    return Draft7Validator(_without_required(yaml.safe_load(path.read_text())))


@pytest.fixture(scope="session")
def client(image) -> Iterator[docker.DockerClient]:
    """Return a client of the engine that has the image."""
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture(scope="session")
def pod(kubeconfig, run_async) -> Callable[[dict], Manifest]:
    """Return a function that makes a participant's pod, as the API server would receive it."""
    return lambda values: run_async(_make_pod(values))


@pytest.fixture
def passed_on() -> tuple[str, ...]:
    """Name the settings below `singleuser` that go into the pod."""
    return (*PASSED_ON.values(), *PUT_TOGETHER)


@pytest.fixture(scope="session")
def kubeconfig(tmp_path_factory) -> Iterator[None]:
    """Name a cluster, which KubeSpawner wants to know although nothing here talks to it."""
    contexts = [{"name": "paper", "context": {"cluster": "paper", "user": "hub"}}]
    config = {
        "current-context": "paper",
        "contexts": contexts,
        "clusters": [{"name": "paper", "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "hub", "user": {}}],
    }
    path = tmp_path_factory.mktemp("cluster") / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KUBECONFIG, str(path))
        yield
    Configuration.set_default(None)


@pytest.fixture
def leaves() -> Callable[[dict], Iterator[str]]:
    """Return a function that names every setting as `a.b.c`; a list is one setting."""
    return _leaves


def _without_required(schema: object) -> object:
    if isinstance(schema, list):
        return [_without_required(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _without_required(part)
        for name, part in schema.items()
        if not (name == "required" and isinstance(part, list) and "type" in schema)
    }


def _leaves(tree: dict, above: str = "") -> Iterator[str]:
    for name, below in tree.items():
        if isinstance(below, dict) and below:
            yield from _leaves(below, f"{above}{name}.")
        else:
            yield f"{above}{name}"


async def _make_pod(values: dict) -> Manifest:
    spawner = KubeSpawner(
        config=Config({"KubeSpawner": _traits(values)}),
        user=_participant(),
        hub=_hub(),
        _mock=True,
    )
    client = spawner.api.api_client
    try:
        return client.sanitize_for_serialization(await spawner.get_pod_manifest())
    finally:
        await client.close()


def _traits(values: dict) -> dict:
    """Return what the chart's hub sets on KubeSpawner."""
    single = copy.deepcopy(values["singleuser"])
    storage = single["storage"]
    home = storage["dynamic"]["volumeNameTemplate"]
    claim = {"name": home, "persistentVolumeClaim": {"claimName": "{pvc_name}"}}
    return {
        **{trait: _get(single, path) for trait, path in PASSED_ON.items()},
        **values["hub"]["config"]["KubeSpawner"],
        "image": f"{single['image']['name']}:{single['image']['tag']}",
        "init_containers": single.get("initContainers", []),
        "storage_pvc_ensure": True,
        "volumes": {"0": claim, **storage["extraVolumes"]},
        "volume_mounts": {
            "0": {"name": home, "mountPath": storage["homeMountPath"]},
            **storage["extraVolumeMounts"],
        },
    }


def _get(tree: dict, path: str) -> object:
    for name in path.split("."):
        tree = tree[name]
    return tree


def _participant() -> SimpleNamespace:
    return SimpleNamespace(
        name="ada", escaped_name="ada", id=1, url="/user/ada/", server=None, settings={}
    )


def _hub() -> SimpleNamespace:
    return SimpleNamespace(
        public_host="", url="/hub/", base_url="/hub/", api_url="http://hub:8081/hub/api"
    )
