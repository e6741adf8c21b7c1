"""What containers and scopes on a cgroup v2 host said; ``make cgroup2`` asks them and runs this.

The host is a virtual machine with two cores of two hardware threads each.
"""

import json
from pathlib import Path

import pytest

HOST = 4
TABLE = json.loads((Path(__file__).parents[1] / "data/containers.json").read_text())


@pytest.fixture(scope="module")
def answers(repository):
    lines = (repository / "build/cgroup2/answers.jsonl").read_text().splitlines()
    return {answer.pop("name"): answer for answer in map(json.loads, lines)}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["options"] or "no limit")
def test_containers_with_a_quota_or_a_pinning(answers, row):
    answer = answers[f"docker run {row['options']}"]
    assert answer["os_cpu_count"] == HOST
    for name in ("process_cpu_count", "usable", "bound_by", "quota"):
        assert answer[name] == (HOST if row[name] == "all" else row[name]), name


@pytest.mark.parametrize(
    ("name", "usable", "bound_by", "quota"),
    [
        ("host", HOST, "host", None),
        ("scope", 1, "cgroup quota", 0.5),
        # The scope may use 1.5 cores, the slice around it half a core.
        ("scope in a slice", 1, "cgroup quota", 0.5),
        ("scope pinned", 2, "affinity", None),
        # A container does not see the groups above its own: nothing in it can tell.
        ("docker run --cgroup-parent half.slice", HOST, "host", None),
    ],
)
def test_groups_below_the_root(answers, name, usable, bound_by, quota):
    answer = answers[name]
    assert [answer["usable"], answer["bound_by"], answer["quota"]] == [usable, bound_by, quota]


@pytest.mark.parametrize(
    ("name", "usable", "physical"),
    [
        ("host", 4, 2),
        ("scope pinned", 2, 1),
        ("docker run --cpuset-cpus 0-1", 2, 1),
        ("docker run --cpus 1.5", 2, 2),
    ],
)
def test_hardware_threads_are_told_from_cores(answers, name, usable, physical):
    assert (answers[name]["usable"], answers[name]["physical"]) == (usable, physical)


@pytest.mark.parametrize(
    ("name", "levels"),
    [("container throttled", 1), ("scope throttled", 3), ("scope in a throttled slice", 2)],
)
def test_throttling_is_seen_on_every_level_that_has_a_quota(answers, name, levels):
    assert answers[name] == {"clocks": levels, "throttled": True}


@pytest.mark.parametrize("name", ["container without memory", "scope without memory"])
def test_kills_for_want_of_memory_are_counted(answers, name):
    assert answers[name] == {"kills": 1, "exit": -9, "limit": 100 * 2**20}
