"""The pod that KubeSpawner makes of the values."""

from __future__ import annotations

import pytest

HANDLED_BY_THE_CHART = ("networkPolicy.", "cloudMetadata.")
"""What of `singleuser` does not go into the pod."""


@pytest.fixture
def manifest(pod, values):
    return pod(values)


@pytest.fixture
def container(manifest):
    (only,) = manifest["spec"]["containers"]
    return only


def quality_of_service(manifest):
    """Return a pod's class by Kubernetes' rule: every container, init containers included."""
    spec = manifest["spec"]
    asked = [c.get("resources", {}) for c in [*spec["containers"], *spec.get("initContainers", [])]]
    guaranteed = all(
        resources.get("requests", {}).get(kind) == resources.get("limits", {}).get(kind) is not None
        for resources in asked
        for kind in ("cpu", "memory")
    )
    return "Guaranteed" if guaranteed else "Burstable"


def test_the_pod_is_guaranteed_whole_cores(manifest, container):
    resources = container["resources"]
    assert quality_of_service(manifest) == "Guaranteed"
    assert resources["requests"] == resources["limits"] == {"cpu": 2, "memory": 2 * 2**30}
    assert resources["limits"]["cpu"] == int(resources["limits"]["cpu"])


def test_a_container_without_limits_would_take_the_pod_out_of_its_class(pod, values):
    bare = {"name": "bare", "image": "debian:trixie-slim"}
    assert quality_of_service(pod(with_init_container(values, bare))) == "Burstable"
    sized = {"cpu": "1", "memory": "64Mi"}
    bare["resources"] = {"requests": sized, "limits": sized}
    assert quality_of_service(pod(with_init_container(values, bare))) == "Guaranteed"


def with_init_container(values, container):
    single = {**values["singleuser"], "initContainers": [container]}
    return {**values, "singleuser": single}


def test_the_chart_puts_no_container_beside_it(values, manifest):
    assert values["singleuser"]["cloudMetadata"]["blockWithIptables"] is False
    assert "initContainers" not in manifest["spec"]


def test_the_container_has_no_rights_to_spare(container, manifest):
    assert container["securityContext"] == {
        "runAsUser": 1000,
        "runAsGroup": 100,
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert manifest["spec"]["securityContext"] == {"fsGroup": 100}
    assert manifest["spec"]["automountServiceAccountToken"] is False
    assert manifest["spec"]["enableServiceLinks"] is False


def test_the_image_chooses_the_command(container):
    assert not {"command", "args"} & container.keys()


def test_only_the_home_outlives_the_pod_and_the_rest_is_bounded(container, manifest):
    volumes = {volume.pop("name"): volume for volume in manifest["spec"]["volumes"]}
    mounted = {mount["mountPath"]: volumes[mount["name"]] for mount in container["volumeMounts"]}
    in_memory = {"emptyDir": {"medium": "Memory", "sizeLimit": "256Mi"}}
    assert mounted == {
        "/home/jovyan": {"persistentVolumeClaim": {"claimName": "claim-ada"}},
        "/tmp": in_memory,
        "/dev/shm": in_memory,
    }


def test_what_was_written_stays_when_a_participant_leaves(values):
    assert values["hub"]["config"]["KubeSpawner"]["delete_pvc"] is False


def test_no_setting_of_the_participants_escapes_these_tests(values, leaves, passed_on):
    for name in leaves(values["singleuser"]):
        assert name.startswith((*passed_on, *HANDLED_BY_THE_CHART)), name
