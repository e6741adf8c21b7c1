import json
import os
import pickle
import subprocess
import sys

import loky
import pytest

from swimlanes import run
from swimlanes.cores import Limit, UsableCores, _physical, format_cpus, usable_cores

ASK_BOTH = """
import json, loky
from swimlanes import usable_cores
print(json.dumps([usable_cores(), loky.cpu_count()]))
"""


@pytest.fixture
def ask_both(monkeypatch):
    """Ask a process with other variables for the usable cores: ours and loky's answer."""

    def ask(**environment):
        for name in ("PYTHON_CPU_COUNT", "LOKY_MAX_CPU_COUNT"):
            monkeypatch.delenv(name, raising=False)
        command = [sys.executable, "-c", ASK_BOTH]
        return json.loads(subprocess.check_output(command, env=os.environ | environment))

    return ask


@pytest.fixture
def one_cpu():
    """Pin this process to one CPU."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield min(before)
    os.sched_setaffinity(0, before)


def limits(host=16, affinity=16, quota=None, environment=None):
    return [
        Limit("host", host, "online"),
        Limit("affinity", affinity, "pinned to 0–1"),
        Limit("cgroup quota", quota, f"a quota of {quota} cores"),
        Limit("PYTHON_CPU_COUNT", environment, "PYTHON_CPU_COUNT is 1"),
    ]


@pytest.mark.parametrize(
    ("given", "cores", "bound_by"),
    [
        ({}, 16, "host"),
        ({"affinity": 2}, 2, "affinity"),
        ({"affinity": 2, "quota": 2.0}, 2, "affinity"),
        # Two workers do more than one, but less than two.
        ({"affinity": 2, "quota": 1.5}, 2, "cgroup quota"),
        ({"affinity": 4, "quota": 1.5}, 2, "cgroup quota"),
        ({"affinity": 1, "quota": 1.5}, 1, "affinity"),
        ({"quota": 0.5}, 1, "cgroup quota"),
        ({"affinity": 2, "environment": 1}, 1, "PYTHON_CPU_COUNT"),
    ],
)
def test_the_tightest_limit_decides(given, cores, bound_by):
    usable = UsableCores(limits(**given), cpus=[0, 1])
    assert (usable, usable.bound_by) == (cores, bound_by)


def test_what_programs_are_told_takes_no_core_away():
    usable = UsableCores(limits(affinity=2, environment=1), cpus=[0, 1], physical=2)
    assert (usable, usable.granted, usable.granted.physical) == (1, 2, 2)
    assert usable.granted.explain() == "pinned to 0–1 · the host has 16"
    assert pickle.loads(pickle.dumps(usable)).granted.physical == 2


def test_a_run_is_judged_by_the_cores_that_it_could_use(monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    assert usable_cores() == 1
    assert run("query", workers=1, tasks=1, task_ms=1).usable_cores == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("quota", [None, 0.5, 1.5, 2.0])
def test_the_quota_keeps_its_fraction(quota):
    assert UsableCores(limits(quota=quota), cpus=range(16)).quota == quota


def test_what_is_not_told_is_no_limit():
    usable = UsableCores([Limit("host", 4, "online")], cpus=range(4))
    assert (usable, usable.quota, usable.physical, usable.sharers) == (4, None, 4, 1)


def test_whatever_the_limits_say_there_is_one_core():
    usable = UsableCores([Limit("host", 0, "online")], cpus=[0])
    assert (usable, usable.host) == (1, 1)


def test_a_limit_that_was_found_stays_as_it_is():
    with pytest.raises(AttributeError):
        limits()[0].cores = 99


@pytest.mark.parametrize(
    ("quotas", "cores", "said"),
    [
        ([], None, "no quota"),
        ([0.5], 0.5, "a quota of 0.5 cores"),
        ([3.0, 1.0, 2.0], 1.0, "a quota of 1 core"),
        ([1.5], 1.5, "a quota of 1.5 cores"),
        ([2.0], 2.0, "a quota of 2 cores"),
    ],
)
def test_of_several_quotas_the_tightest_counts(monkeypatch, quotas, cores, said):
    monkeypatch.setattr("swimlanes.cgroup.quotas", lambda: quotas)
    limit = next(limit for limit in usable_cores().limits if limit.name == "cgroup quota")
    assert (limit.cores, limit.detail) == (cores, said)


@pytest.mark.parametrize(("online", "host"), [(1, 1), (2, 2), (64, 64), (-1, 1)])
def test_the_host_has_the_cpus_that_are_online_and_one_if_it_does_not_tell(
    monkeypatch, online, host
):
    monkeypatch.setattr(os, "sysconf", lambda name: online)
    assert usable_cores().host == host


def test_where_nobody_can_be_pinned_all_cpus_are_ours(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "sysconf", lambda name: 3)
    assert usable_cores().cpus == (0, 1, 2)


@pytest.mark.parametrize(
    ("cpus", "written"),
    [([], ""), ([3], "3"), ([5, 3], "3, 5"), ([1, 0], "0–1"), ([0, 1, 2, 5, 7, 8], "0–2, 5, 7–8")],
)
def test_cpus_in_a_row_are_a_range(cpus, written):
    assert format_cpus(cpus) == written


def test_it_explains_itself_and_survives_a_pickle():
    usable = UsableCores(limits(affinity=2), cpus=[0, 1], physical=1, sharers=3)
    assert usable.explain() == (
        "pinned to 0–1 · the host has 16 · 2 hardware threads on 1 physical core "
        "· shared by up to 3 participants"
    )
    copy = pickle.loads(pickle.dumps(usable))
    assert (copy, copy.explain(), copy.cpus, copy.physical) == (2, usable.explain(), (0, 1), 1)


@pytest.mark.parametrize(("value", "sharers"), [("3", 3), ("2", 2), ("1", 1), ("", 1), ("many", 1)])
def test_a_class_may_share_the_cores(monkeypatch, value, sharers):
    monkeypatch.setenv("SWIMLANES_SHARED_CORES", value)
    assert usable_cores().sharers == sharers
    assert ("shared by" in usable_cores().explain()) == (sharers > 1)


def test_all_of_the_host():
    assert UsableCores(limits(), cpus=range(16)).explain() == "all that the host has"


def test_pinning_is_seen(one_cpu):
    usable = usable_cores()
    assert (usable, usable.cpus, usable.physical) == (1, (one_cpu,), 1)


@pytest.mark.parametrize("name", ["PYTHON_CPU_COUNT", "LOKY_MAX_CPU_COUNT"])
@pytest.mark.parametrize(
    ("value", "cores"), [("1", 1), ("0", None), ("-2", None), ("two", None), ("default", None)]
)
def test_the_environment_variables(monkeypatch, name, value, cores):
    monkeypatch.setenv(name, value)
    [limit] = [limit for limit in usable_cores().limits if limit.name == name]
    assert limit.cores == cores


@pytest.mark.parametrize(
    ("files", "cpus", "physical"),
    [
        # Four hardware threads on two cores, numbered as is usual on servers.
        ({"core_cpus_list": ["0,2", "1,3", "0,2", "1,3"]}, [0, 1, 2, 3], 2),
        ({"core_cpus_list": ["0,2", "1,3", "0,2", "1,3"]}, [0, 1], 2),
        ({"core_cpus_list": ["0,2", "1,3", "0,2", "1,3"]}, [0, 2], 1),
        # What kernels before 5.3 call it.
        ({"thread_siblings_list": ["0-1", "0-1", "2-3", "2-3"]}, [0, 1, 2], 2),
        ({"core_cpus_list": ["", ""]}, [0, 1], 2),
        ({}, [0, 1], 2),
    ],
)
def test_hardware_threads_of_one_core_are_told_from_cores(tmp_path, files, cpus, physical):
    for name, contents in files.items():
        for cpu, content in enumerate(contents):
            folder = tmp_path / f"cpu{cpu}" / "topology"
            folder.mkdir(parents=True)
            (folder / name).write_text(f"{content}\n")
    assert _physical(cpus, tmp_path) == physical


def test_there_are_no_more_physical_cores_than_usable_ones():
    usable = UsableCores(limits(quota=2.0), cpus=range(16), physical=8)
    assert (usable, usable.physical) == (2, 2)


@pytest.mark.parametrize("environment", [{}, {"LOKY_MAX_CPU_COUNT": "1"}])
def test_loky_counts_the_same(ask_both, environment):
    ours, lokys = ask_both(**environment)
    assert ours == lokys


def test_loky_counts_the_same_when_pinned(one_cpu, ask_both):
    assert ask_both() == [1, 1]


def test_loky_counts_as_many_physical_cores():
    assert usable_cores().physical == loky.cpu_count(only_physical_cores=True)


def test_loky_leaves_pythons_own_variable_to_python(ask_both):
    # Python obeys it from 3.13 on, and loky asks Python; we obey it under every Python.
    _, without = ask_both()
    obeyed = 1 if sys.version_info >= (3, 13) else without
    assert ask_both(PYTHON_CPU_COUNT="1") == [1, obeyed]


def test_loky_does_not_see_the_quota_of_a_group_below_the_root(in_group, require):
    # It reads the files of the root of the tree alone, which in a container are the own group's.
    cpus = len(os.sched_getaffinity(0))
    require(cpus > 1, "there is one CPU", "run the tests on a machine with two cores")
    ran = in_group("cpu", ASK_BOTH, max="50000 100000", cfs_quota_us="50000")
    assert json.loads(ran.stdout) == [1, cpus]
