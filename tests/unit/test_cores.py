import os
import pickle
from pathlib import Path

import pytest

from swimlanes.cores import Limit, UsableCores, _own_quotas, read_quota, usable_cores


def limits(host=16, affinity=16, quota=None, environment=None):
    return [
        Limit("host", host, "online"),
        Limit("affinity", affinity, "pinned to 0–1"),
        Limit("cgroup quota", quota, "a quota"),
        Limit("PYTHON_CPU_COUNT", environment, "PYTHON_CPU_COUNT is 1"),
    ]


@pytest.mark.parametrize(
    ("given", "cores", "bound_by"),
    [
        ({}, 16, "host"),
        ({"affinity": 2}, 2, "affinity"),
        ({"affinity": 2, "quota": 1.5}, 2, "affinity"),
        ({"affinity": 4, "quota": 1.5}, 2, "cgroup quota"),
        ({"quota": 0.5}, 1, "cgroup quota"),
        ({"affinity": 2, "environment": 1}, 1, "PYTHON_CPU_COUNT"),
    ],
)
def test_the_tightest_limit_decides(given, cores, bound_by):
    usable = UsableCores(limits(**given), cpus=[0, 1])
    assert (usable, usable.bound_by) == (cores, bound_by)


def test_it_explains_itself_and_survives_a_pickle():
    usable = UsableCores(limits(affinity=2), cpus=[0, 1])
    assert usable.explain() == "pinned to 0–1 · the host has 16"
    copy = pickle.loads(pickle.dumps(usable))
    assert (copy, copy.explain(), copy.cpus) == (2, usable.explain(), (0, 1))


def test_all_of_the_host():
    assert UsableCores(limits(), cpus=range(16)).explain() == "all that the host has"


def test_pinning_is_seen():
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        usable = usable_cores()
    finally:
        os.sched_setaffinity(0, before)
    assert usable == 1
    assert usable.cpus == (min(before),)


@pytest.mark.parametrize(("value", "cores"), [("1", 1), ("0", None), ("-2", None), ("two", None)])
def test_the_environment_variable(monkeypatch, value, cores):
    monkeypatch.setenv("PYTHON_CPU_COUNT", value)
    assert usable_cores().limits[-1].cores == cores


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu.max": ""}, None),
        ({"cpu.cfs_quota_us": "50000\n", "cpu.cfs_period_us": "100000\n"}, 0.5),
        ({"cpu.cfs_quota_us": "-1\n", "cpu.cfs_period_us": "100000\n"}, None),
        ({"cpu.cfs_quota_us": "50000\n"}, None),
        ({}, None),
    ],
)
def test_quota_files(tmp_path, files, quota):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert read_quota(tmp_path) == quota


@pytest.mark.parametrize(
    ("membership", "mount", "groups"),
    [
        # cgroup v2 in a container: its own group is the root of what it sees.
        ("0::/\n", "cgroup2 cgroup2 rw", {".": 0.5}),
        # A scope below the root: the group above is the tighter one.
        ("0::/slice/scope\n", "cgroup2 cgroup2 rw", {"slice": 0.5, "slice/scope": 3.0}),
        ("5:cpu,cpuacct:/docker/abc\n", "cgroup cgroup rw,cpu,cpuacct", {"docker/abc": 0.5}),
    ],
)
def test_quotas_of_all_groups_above(tmp_path, membership, mount, groups):
    root = tmp_path / "cgroup"
    for group, cores in groups.items():
        (root / group).mkdir(parents=True, exist_ok=True)
        (root / group / "cpu.max").write_text(f"{cores * 100_000:.0f} 100000\n")
    (tmp_path / "membership").write_text(membership)
    (tmp_path / "mountinfo").write_text(f"31 23 0:28 / {root} rw,relatime - {mount}\n")
    quotas = _own_quotas(tmp_path / "membership", tmp_path / "mountinfo")
    assert min(quotas) == 0.5


def test_a_container_under_v1_sees_its_group_as_the_root(tmp_path):
    root = tmp_path / "cgroup"
    root.mkdir()
    (root / "cpu.cfs_quota_us").write_text("50000")
    (root / "cpu.cfs_period_us").write_text("100000")
    (tmp_path / "membership").write_text("5:cpu,cpuacct:/docker/abc\n")
    line = f"31 23 0:28 /docker/abc {root} ro,relatime - cgroup cgroup rw,cpu,cpuacct\n"
    (tmp_path / "mountinfo").write_text(line)
    assert list(_own_quotas(tmp_path / "membership", tmp_path / "mountinfo")) == [0.5]


def test_without_proc_there_is_no_quota():
    assert list(_own_quotas(Path("/nowhere"), Path("/nowhere"))) == []
