"""The files for Dask's operator, as far as they can be held against rules without a cluster."""

from __future__ import annotations

import pytest
import yaml


@pytest.fixture(scope="module")
def dask(kubernetes):
    return kubernetes / "dask"


@pytest.fixture(params=["scheduler", "worker"])
def pod(request, dask):
    return yaml.safe_load((dask / "cluster.yaml").read_text())["spec"][request.param]["spec"]


def test_the_pod_is_guaranteed_a_whole_core(pod):
    for container in pod["containers"]:
        share = container["resources"]
        assert share["requests"] == share["limits"]
        assert share["limits"]["cpu"] == "1", "a whole core"


def test_the_pod_is_locked_up(pod):
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"]
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_pod_has_the_certificate_its_settings_name(pod):
    (container,) = pod["containers"]
    (folder,) = (m["mountPath"] for m in container["volumeMounts"] if m["name"] == "certificate")
    named = [e["value"] for e in container["env"] if "__TLS__" in e["name"]]
    assert {*named} == {f"{folder}/tls.crt", f"{folder}/tls.key"}


def test_the_chart_accepts_the_values(chart, dask):
    chart.validate(yaml.safe_load((dask / "values.yaml").read_text()))


def test_servers_reach_the_scheduler_alone(dask):
    values = yaml.safe_load((dask / "values.yaml").read_text())["singleuser"]
    (rule,) = values["networkPolicy"]["egress"]
    (peer,) = rule["to"]
    assert peer["podSelector"]["matchLabels"]["dask.org/component"] == "scheduler"
    assert f":{rule['ports'][0]['port']}" in values["extraEnv"]["SWIMLANES_CLUSTER"]
