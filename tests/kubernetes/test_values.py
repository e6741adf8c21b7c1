"""The values against the chart's own schema."""

from __future__ import annotations

import copy
import re

import pytest
import yaml
from jsonschema.exceptions import ValidationError


def test_the_chart_accepts_the_values(chart, values):
    chart.validate(values)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["singleuser", "cpu", "guarantee"], "two"),
        (["singleuser", "storage", "type"], "volume"),
        (["singleuser", "networkPolicy", "egressAllowRules", "metadata"], False),
        (["scheduling", "userPods", "nodeAffinity", "matchNodePurpose"], "must"),
        (["culler"], {"enabled": True}),
    ],
)
def test_the_chart_refuses_a_slip(chart, values, path, value):
    slip = copy.deepcopy(values)
    section = slip
    for name in path[:-1]:
        section = section[name]
    section[path[-1]] = value
    with pytest.raises(ValidationError):
        chart.validate(slip)


def test_the_chart_accepts_what_the_page_tells_people_to_write(chart, kubernetes):
    page = (kubernetes / "README.md").read_text()
    (own,) = re.findall(r"## What you bring: own.yaml\n\n```yaml\n(.*?)```", page, re.DOTALL)
    chart.validate(yaml.safe_load(own))


def test_a_server_reaches_neither_peers_nor_metadata_nor_the_internet(values):
    policy = values["singleuser"]["networkPolicy"]
    assert policy["enabled"]
    assert policy["ingress"] == policy["egress"] == []
    assert policy["egressAllowRules"] == {
        "cloudMetadataServer": False,
        "nonPrivateIPs": False,
        "privateIPs": False,
    }


def test_the_culler_waits_for_more_than_a_few_reports_of_activity(values):
    assert values["cull"]["enabled"]
    assert values["cull"]["timeout"] >= 30 * 60


def test_every_node_of_the_class_has_the_image_beforehand(values):
    assert values["prePuller"]["hook"]["enabled"]
    assert values["prePuller"]["continuous"]["enabled"]
    assert values["scheduling"]["userPods"]["nodeAffinity"]["matchNodePurpose"] == "require"


def test_nobody_outside_reaches_the_proxy_before_its_tls_is_settled(values):
    assert values["proxy"]["service"]["type"] == "ClusterIP"


def test_no_secret_and_no_password_is_in_the_values(values, leaves):
    for name in leaves(values):
        assert not any(word in name.lower() for word in ("secret", "password", "token"))
