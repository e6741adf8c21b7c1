"""The arithmetic for a class of any size, and the table that README.md shows of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from capacity import Node, Plan, Share, read_share, table

SHARE = Share(cores=2, memory_gib=2, storage_gib=1)


def test_a_share_is_what_the_values_give(kubernetes):
    assert read_share(kubernetes / "values.yaml") == SHARE


@pytest.mark.parametrize(
    ("node", "participants"),
    [
        (Node(cores=16, reserved_cores=2), 7),
        (Node(cores=17, reserved_cores=2), 7),
        (Node(cores=64, memory_gib=16, reserved_memory_gib=4), 6),
        (Node(cores=1000, memory_gib=4000, pods=110, system_pods=8), 102),
    ],
)
def test_what_runs_out_first_bounds_a_node(node, participants):
    assert node.participants(SHARE) == participants


@pytest.mark.parametrize("participants", [1, 7, 8, 30, 300, 3000])
def test_everybody_has_a_place_and_one_node_less_would_not_do(participants):
    plan = Plan(participants, SHARE)
    each = plan.node.participants(SHARE)
    assert plan.nodes * each >= participants > (plan.nodes - 1) * each


@pytest.mark.parametrize("participants", [1, 7, 30, 300, 3000])
def test_the_network_has_room_for_every_node_and_no_more_than_it_must(participants):
    plan = Plan(participants, SHARE)
    room = 2 ** (24 - plan.network_prefix)
    assert room >= plan.nodes + 1 > room / 2
    assert plan.node.pods <= 256 - 2


def test_more_starts_than_the_hub_allows_at_once_take_turns():
    plan = Plan(65, SHARE)
    assert plan.all_started_s == 2 * plan.hub.spawn_s
    assert replace(plan, participants=64).all_started_s == plan.hub.spawn_s


def test_the_page_shows_what_is_computed(kubernetes):
    plans = [Plan(size, read_share(kubernetes / "values.yaml")) for size in (30, 300, 3000)]
    assert table(plans) in (kubernetes / "README.md").read_text()
