import json
from pathlib import Path

import pytest

from swimlanes import cgroup


@pytest.fixture
def make_proc(tmp_path):
    """Make a folder as /proc/PID is, and the groups' files beside it."""

    def make(membership, mount, files, root="/"):
        for file, text in files.items():
            path = tmp_path / "cgroup" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        proc = tmp_path / "proc"
        proc.mkdir()
        (proc / "cgroup").write_text(membership)
        line = f"31 23 0:28 {root} {tmp_path / 'cgroup'} rw,relatime shared:9 - {mount}\n"
        (proc / "mountinfo").write_text(f"24 1 8:1 / / rw - ext4 /dev/vda rw\n{line}")
        return proc

    return make


V1_HALF = {"cpu.cfs_quota_us": "50000\n", "cpu.cfs_period_us": "100000\n"}
V2 = "cgroup2 cgroup2 rw"
V1_CPU = "cgroup cgroup rw,cpu,cpuacct"
V1_MEMORY = "cgroup cgroup rw,memory"


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": "1 100000\n"}, 1e-5),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu.max": ""}, None),
        ({"cpu.max": "0 0"}, None),
        ({"cpu.cfs_quota_us": "50000\n", "cpu.cfs_period_us": "100000\n"}, 0.5),
        ({"cpu.cfs_quota_us": "-1\n", "cpu.cfs_period_us": "100000\n"}, None),
        ({"cpu.cfs_quota_us": "50000\n"}, None),
        ({}, None),
    ],
)
def test_quota_files(tmp_path, files, quota):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert cgroup.read_quota(tmp_path) == quota


@pytest.mark.parametrize(
    ("membership", "mount", "root", "files", "quotas"),
    [
        # In a container its own group is the root of what it sees: v2, and v1 with a namespace.
        ("0::/\n", V2, "/", {"cpu.max": "50000 100000"}, [0.5]),
        ("4:cpu,cpuacct:/\n", V1_CPU, "/", V1_HALF, [0.5]),
        # v1 without a namespace shows the host's names; the mount begins with the own group.
        ("5:cpu:/docker/a\n", V1_CPU, "/docker/a", V1_HALF, [0.5]),
        # A scope below the root: its own group first, then those above.
        (
            "0::/slice/scope\n",
            V2,
            "/",
            {"slice/cpu.max": "50000 100000", "slice/scope/cpu.max": "300000 100000"},
            [3.0, 0.5],
        ),
        # What a tree was mounted from may have any name, and so may a group.
        ("0::/\n", "cgroup2 none rw", "/", {"cpu.max": "50000 100000"}, [0.5]),
        ("4:cpu:/\n", "cgroup none rw,cpu", "/", V1_HALF, [0.5]),
        ("0::/odd:name\n", V2, "/", {"odd:name/cpu.max": "50000 100000"}, [0.5]),
        ("0::/\n", "tmpfs cgroup2 rw", "/", {"cpu.max": "50000 100000"}, []),
        # The mount of a stranger's group, whose name begins alike, says nothing about us.
        ("0::/docker/abc\n", V2, "/docker/ab", {"cpu.max": "50000 100000"}, []),
        # Nor does a way out of the mount.
        ("0::/../other\n", V2, "/", {"cpu.max": "50000 100000"}, []),
        # A tree of another controller.
        ("7:memory:/\n", V1_MEMORY, "/", {"cpu.max": "50000 100000"}, []),
    ],
)
def test_quotas_of_the_own_group_and_those_above(make_proc, membership, mount, root, files, quotas):
    assert cgroup.quotas(make_proc(membership, mount, files, root)) == quotas


def test_where_both_versions_are_mounted_both_are_obeyed(tmp_path):
    for tree, quota_us in (("v1", "50000"), ("v2", "150000")):
        (tmp_path / tree).mkdir()
        (tmp_path / tree / "cpu.max").write_text(f"{quota_us} 100000")
    (tmp_path / "cgroup").write_text("4:cpu:/\n0::/\n")
    (tmp_path / "mountinfo").write_text(
        f"31 23 0:28 / {tmp_path}/v1 rw - {V1_CPU}\n32 23 0:29 / {tmp_path}/v2 rw - {V2}\n"
    )
    assert cgroup.quotas(tmp_path) == [0.5, 1.5]


@pytest.mark.parametrize(
    ("membership", "mount", "files", "throttled_s"),
    [
        ("0::/\n", V2, {"cpu.stat": "usage_usec 9\nthrottled_usec 2500000\n"}, 2.5),
        ("5:cpu:/\n", V1_CPU, {"cpu.stat": "nr_periods 3\nthrottled_time 2500000000\n"}, 2.5),
        # The root of a v2 tree has usage alone.
        ("0::/\n", V2, {"cpu.stat": "usage_usec 9\n"}, None),
        ("0::/\n", V2, {"cpu.stat": "throttled_usec\nthrottled_usec lots\n\n"}, None),
        (
            "0::/slice/scope\n",
            V2,
            {
                "slice/cpu.stat": "throttled_usec 7000000\n",
                "slice/scope/cpu.stat": "throttled_usec 1\n",
            },
            7.0,
        ),
    ],
)
def test_throttled_time(make_proc, membership, mount, files, throttled_s):
    assert cgroup.throttled_s(proc=make_proc(membership, mount, files)) == throttled_s


def test_throttling_since_is_that_of_the_level_that_held_back_most(make_proc, tmp_path):
    files = {"slice/cpu.stat": "throttled_usec 7000000", "slice/scope/cpu.stat": "throttled_usec 0"}
    proc = make_proc("0::/slice/scope\n", V2, files)
    before = cgroup.throttle_clocks_s(proc)
    (tmp_path / "cgroup/slice/scope/cpu.stat").write_text("throttled_usec 3000000")
    assert cgroup.throttled_s(before, proc) == 3.0


def test_throttling_since_is_not_known_after_a_move_to_another_group(make_proc):
    proc = make_proc("0::/scope\n", V2, {"scope/cpu.stat": "throttled_usec 7000000"})
    assert cgroup.throttled_s((1.0, 2.0), proc) is None


@pytest.mark.parametrize(
    ("membership", "mount", "files", "kills"),
    [
        ("0::/\n", V2, {"memory.events": "oom 2\noom_kill 1\n"}, 1),
        ("4:memory:/\n", V1_MEMORY, {"memory.oom_control": "under_oom 0\noom_kill 1\n"}, 1),
        # The own group tells; above it there are the kills of strangers.
        (
            "0::/a/b\n",
            V2,
            {"a/memory.events": "oom_kill 9", "a/b/memory.events": "oom_kill 1"},
            1,
        ),
        # The memory controller is not handed on to the own group: the one above counts for it.
        ("0::/a/b\n", V2, {"a/memory.events": "oom_kill 9"}, 9),
        ("0::/\n", V2, {"memory.events": ""}, None),
    ],
)
def test_kills_for_want_of_memory(make_proc, membership, mount, files, kills):
    assert cgroup.oom_kills(make_proc(membership, mount, files)) == kills


@pytest.mark.parametrize(
    ("membership", "mount", "files", "limit_bytes"),
    [
        ("0::/a/b\n", V2, {"a/memory.max": "4096\n", "a/b/memory.max": "8192\n"}, 4096),
        ("0::/\n", V2, {"memory.max": "max\n"}, None),
        ("4:memory:/\n", V1_MEMORY, {"memory.limit_in_bytes": "8192\n"}, 8192),
        ("4:memory:/\n", V1_MEMORY, {"memory.limit_in_bytes": "9223372036854771712\n"}, None),
    ],
)
def test_the_memory_limit(make_proc, membership, mount, files, limit_bytes):
    assert cgroup.memory_limit_bytes(make_proc(membership, mount, files)) == limit_bytes


ODD = [
    "", "\n\n", "0:", "::", "0::", "x y z - ", "1 2 3 / - cgroup2", "1 2 3 / - cgroup2 a b",
    "1 2 3 / / - cgroup cgroup", "\udcff - cgroup2 a b c d",
]  # fmt: skip
FILES = ["cpu.max", "cpu.stat", "memory.max", "memory.events"]


@pytest.mark.parametrize("membership", ODD)
@pytest.mark.parametrize("mountinfo", ODD)
def test_odd_files_say_nothing(tmp_path, membership, mountinfo):
    for name, text in (("cgroup", membership), ("mountinfo", mountinfo)):
        (tmp_path / name).write_text(text, errors="surrogateescape")
    assert told(tmp_path) == [[], None, None, None]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\n", b"oom_kill -1\nthrottled_usec 1.5\n1 x y"])
def test_odd_files_of_a_group_say_nothing(make_proc, content):
    assert told(make_proc("0::/\n", V2, dict.fromkeys(FILES, content))) == [[], None, None, None]


def test_unreadable_files_say_nothing(make_proc, tmp_path):
    proc = make_proc("0::/\n", V2, {"group/x": ""})
    for name in FILES:  # a folder cannot be read, not even by root
        (tmp_path / "cgroup" / name).mkdir()
    assert told(proc) == [[], None, None, None]


def test_without_proc_nothing_is_known():
    assert told(Path("/nowhere")) == [[], None, None, None]


def told(proc):
    quotas, throttled_s = cgroup.quotas(proc), cgroup.throttled_s(proc=proc)
    return [quotas, throttled_s, cgroup.oom_kills(proc), cgroup.memory_limit_bytes(proc)]


def test_a_real_group_below_the_root_throttles(in_group):
    code = """
import json, time
from swimlanes import cgroup
before, own = cgroup.throttle_clocks_s(), cgroup.throttled_s()
deadline = time.monotonic() + 20
while not cgroup.throttled_s(before) and time.monotonic() < deadline: pass
print(json.dumps([min(cgroup.quotas()), cgroup.throttled_s(before) > 0, own is not None]))
"""
    ran = in_group("cpu", code, max="20000 100000", cfs_quota_us="20000")
    assert json.loads(ran.stdout) == [0.2, True, True], ran.stderr


def test_a_real_group_counts_the_kills_for_want_of_memory(in_group):
    limit = 100 * 2**20
    code = """
import json, subprocess, sys
from swimlanes import cgroup
before = cgroup.oom_kills()
hungry = subprocess.run([sys.executable, "-c", "x = bytearray(2**29)"])
after = cgroup.oom_kills()
print(json.dumps([after - before, hungry.returncode, cgroup.memory_limit_bytes()]))
"""
    no_swap = {"swap.max": "0", "memsw.limit_in_bytes": str(limit)}
    ran = in_group("memory", code, max=str(limit), limit_in_bytes=str(limit), **no_swap)
    assert json.loads(ran.stdout) == [1, -9, limit], ran.stderr
