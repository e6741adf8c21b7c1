"""A lab, a scheduler and workers of one image: who may join, who computes where, what is mended."""

from __future__ import annotations

import json
import os
import subprocess

import httpx
import pytest

CLIENT = """
import json, os, time
from distributed import Client, get_worker

client = Client(os.environ["SWIMLANES_CLUSTER"])
"""
WHERE = """
class Place:
    def __init__(self, name):
        self.cores, self.name = sorted(os.sched_getaffinity(0)), name

def where(task):
    time.sleep(0.05)
    return Place(get_worker().name)

places = client.gather(client.map(where, range(16)))
print(json.dumps({place.name: place.cores for place in places}))
"""
SLOW = """
def slow(task):
    time.sleep(2)
    return task

tasks = client.map(slow, range(4))
while not all(client.processing().values()):
    time.sleep(0.01)
print("at work", flush=True)
print(client.gather(tasks))
"""
STRANGER = """
from distributed import Client
from distributed.security import Security

own = Security.temporary()
Client("tls://scheduler:8786", timeout=5, security=own)
"""
PLAIN = """
from distributed import Client
from distributed.security import Security

Client("tcp://scheduler:8786", timeout=2, security=Security(require_encryption=False))
"""


@pytest.fixture
def two_cores(require):
    require(len(os.sched_getaffinity(0)) >= 2, "there is one core", "run this on two cores")


def test_own_functions_and_classes_travel_and_each_worker_has_a_core(cluster, two_cores):
    cores = json.loads(cluster.python(CLIENT + WHERE).stdout)
    assert sorted(cores) == ["worker-1", "worker-2"]
    [one], [other] = cores.values()
    assert one != other


def test_the_mode_finds_the_cluster(cluster):
    command = "swimlanes run --mode cluster --workload query --task-ms 50 --workers 2 --json"
    record = json.loads(cluster.run(*command.split()).stdout)
    assert {task["worker"] for task in record["tasks"]} == {1, 2}


@pytest.mark.parametrize(
    ("who", "said"), [(PLAIN, "CommClosedError"), (STRANGER, "TLS certificate")]
)
def test_who_has_not_the_clusters_certificate_is_refused(cluster, who, said):
    ran = cluster.python(who, check=False)
    assert ran.returncode != 0
    assert said in ran.stderr


def test_the_key_is_for_the_cluster_alone_and_lies_in_memory(cluster):
    listed = cluster.run("stat", "--file-system", "--format=%T", "/run/cluster/key.pem")
    assert listed.stdout == "tmpfs\n"
    listed = cluster.run("stat", "--format=%a %u", "/run/cluster", "/run/cluster/key.pem")
    assert listed.stdout == "700 1000\n600 1000\n"
    assert cluster.run("touch", "/run/cluster/mine", check=False).returncode != 0


def test_the_dashboard_asks_for_the_labs_token(cluster):
    page = "/proxy/scheduler:8787/status"
    assert cluster.get(page).headers["location"].startswith("/login")
    shown = cluster.get(page, token="secret")
    assert shown.status_code == 200
    assert "<title>Dask" in shown.text


def test_the_way_to_the_dashboard_leads_nowhere_else(cluster):
    for host in ("worker:8787", "127.0.0.1:1", "example.org:80"):
        assert cluster.get(f"/proxy/{host}/", token="secret").status_code == 403


def test_members_are_locked_up_and_not_published(cluster):
    members = cluster.compose("ps", "--quiet", "scheduler", "worker").stdout.split()
    fields = "CapDrop SecurityOpt ReadonlyRootfs PidsLimit Memory PortBindings"
    template = " ".join(f"{{{{.HostConfig.{field}}}}}" for field in fields.split())
    asked = ["docker", "inspect", "--format", template, *members]
    limits = subprocess.check_output(asked, text=True).splitlines()
    expected = "[ALL] [no-new-privileges:true] true 256 1073741824 map[]"
    assert limits == [expected] * 3


def test_a_worker_that_is_killed_comes_back_and_its_task_is_done(cluster, eventually):
    lab = cluster.compose("ps", "--quiet", "cluster-lab").stdout.strip()
    asked = ["docker", "exec", lab, "python", "-c", CLIENT + SLOW]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as computing:
        assert computing.stdout.readline() == "at work\n"
        killed = ["exec", "-T", "--index", "2", "worker", "python", "-c"]
        cluster.compose(*killed, "import os; os.kill(-1, 9)", check=False)
        assert computing.stdout.read() == "[0, 1, 2, 3]\n"
    eventually(lambda: cluster.names() == ["worker-1", "worker-2"])


def test_more_workers_than_cores_share_them_and_say_so(cluster, eventually):
    cores = sorted(os.sched_getaffinity(0))
    workers = len(cores) + 1
    cluster.up(workers)
    eventually(lambda: len(cluster.names()) == workers)
    log = cluster.compose("logs", "--no-log-prefix", "worker").stdout
    assert f"worker-1 is pinned to core {cores[0]}." in log
    assert f"worker-{workers} shares core {cores[0]} with worker-1: only {len(cores)} of" in log


def test_nothing_is_left_when_it_goes_down(cluster):
    """The last test of this cluster."""
    cluster.compose("down", "--volumes")
    named = ["--filter", f"name={cluster.project}", "--quiet"]
    for kind in (["ps", "--all"], ["volume", "ls"], ["network", "ls"]):
        assert subprocess.check_output(["docker", *kind, *named], text=True) == ""
    with pytest.raises(httpx.TransportError):
        cluster.get("/api")
