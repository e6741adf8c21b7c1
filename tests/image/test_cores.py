"""Containers with a quota, a pinning or both: what Python says, and what may be used.

The table is ``tests/data/containers.json``; ``make cgroup2`` asks the same of a cgroup v2 host.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TABLE = json.loads((Path(__file__).parents[1] / "data/containers.json").read_text())


@pytest.fixture
def host_cores(engine, require) -> int:
    cores = int(engine("info", "--format", "{{.NCPU}}").stdout)
    require(cores >= 2, "the engine has one core", "run the tests on a machine with two cores")
    return cores


@pytest.fixture
def probe(engine, image, repository):
    """Run a question of the probe in a container, past the entry point, and return the answer."""

    def ask(question, *options):
        file = repository / "tests/data/probe.py"
        mount = ("--volume", f"{file}:/probe.py:ro", "--entrypoint", "python3")
        return json.loads(
            engine("run", "--rm", *mount, *options, image, "/probe.py", question).stdout
        )

    return ask


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["options"] or "no limit")
def test_containers_with_a_quota_or_a_pinning(probe, host_cores, row):
    answer = probe("cores", *row["options"].split())
    assert answer["os_cpu_count"] == host_cores
    for name in ("process_cpu_count", "usable", "bound_by", "quota"):
        assert answer[name] == (host_cores if row[name] == "all" else row[name]), name


def test_the_entry_point_tells_python_what_may_be_used(call, host_cores):
    code = "import os, swimlanes; print(os.cpu_count(), swimlanes.usable_cores().bound_by)"
    ran = call("python3", "-c", code, options=("--cpus", "0.5"))
    assert ran.stdout == "1 cgroup quota\n"


def test_throttling_is_seen(probe):
    assert probe("throttling", "--cpus", "0.2") == {"clocks": 1, "throttled": True}


def test_kills_for_want_of_memory_are_counted(probe):
    answer = probe("memory", "--memory", "100m")
    assert answer == {"kills": 1, "exit": -9, "limit": 100 * 2**20}
