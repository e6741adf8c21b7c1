"""What a participant cannot reach: peers, the hub's other doors, the engine, the outside."""

from __future__ import annotations

import json

import pytest

KNOCK = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor
def knock(door):
    try:
        socket.create_connection(tuple(door), 1.5).close()
    except OSError as error:
        return False
    return True
doors = json.loads(sys.argv[1])
with ThreadPoolExecutor(len(doors)) as knocking:
    print(json.dumps([door for door, opens in zip(doors, knocking.map(knock, doors)) if opens]))
"""
METADATA = "169.254.169.254"


@pytest.fixture
def neighbours(class_hub):
    """Start two servers."""
    return [class_hub.spawn(name) for name in ("ada", "bo")]


def addresses(engine, container):
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.Gateway}} {{end}}"
    return engine("inspect", "--format", template, container).stdout.split()


def open_doors(class_hub, name, doors):
    answer = class_hub.exec(name, "python3", "-c", KNOCK, json.dumps(doors)).stdout
    return {(host, port) for host, port in json.loads(answer)}


@pytest.mark.attack(
    "knock at every address from a container of one's own",
    "the hub's interface for programs answers, nothing else",
)
def test_only_the_hubs_interface_is_reachable(class_hub, neighbours, engine):
    own_network = f"{class_hub.project}-net-ada"
    members = json.loads(engine("network", "inspect", own_network).stdout)[0]["Containers"]
    nearby = {
        member["Name"]: member["IPv4Address"].partition("/")[0] for member in members.values()
    }
    hub, proxy = (nearby[class_hub.service(name)] for name in ("hub", "proxy"))
    host = engine(
        "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"
    ).stdout.strip()
    elsewhere = [
        (address, port)
        for container in (class_hub.container("bo"), class_hub.service("hub"))
        for address in set(addresses(engine, container)) - {hub, proxy}
        for port in (8888, 8081)
    ]
    doors = [
        ("hub", 8081), ("hub", 8202), ("hub-backend", 8081), ("hub-backend", 8202),
        ("hub", 8890), ("wall-backend", 8890),
        (hub, 8081), (proxy, 8000), (proxy, 8001), ("proxy-backend", 8001), ("door", 8000),
        (host, 22), (host, 2375), (METADATA, 80), ("192.0.2.1", 443), ("internet", 3128),
        (class_hub.container("bo"), 8888), *elsewhere,
    ]  # fmt: skip
    assert open_doors(class_hub, "ada", doors) == {("hub", 8081)}
    assert len(members) == 4, "the participant, the hub, the proxy, the door"


@pytest.mark.attack(
    "ask the hub or the wall for other pages from a container",
    "refused",
)
def test_a_server_sees_the_hubs_interface_for_programs_alone(class_hub, neighbours):
    ask = """
import sys, urllib.error, urllib.request
for path in sys.argv[1:]:
    try:
        print(urllib.request.urlopen("http://hub:8081" + path).status)
    except urllib.error.HTTPError as error:
        print(error.code)
"""
    paths = (
        "/hub/api/", "/hub/login", "/", "/hub/api/../login", "/user/bo/", "/hub/api",
        "/services/wall/", "/services/wall/enter", "/services/wall/share",
    )  # fmt: skip
    answers = class_hub.exec("ada", "python3", "-c", ask, *paths).stdout.split()
    assert answers == ["200", "403", "403", "400", "403", "200", "403", "403", "405"]


@pytest.mark.attack(
    "500 connections from a container to the hub",
    "50 are kept; a neighbour gets in",
)
def test_a_server_that_floods_the_hub_is_alone_with_that(class_hub, neighbours):
    flood = """
import select, socket
doors, refusals = {}, select.poll()
for _ in range(500):
    try:
        door = socket.create_connection(("hub", 8081))
    except ConnectionResetError:
        continue  # Refused before it was made.
    doors[door.fileno()] = door
    refusals.register(door, select.POLLIN)
while refused := refusals.poll(1000):
    for number, _ in refused:
        refusals.unregister(number)
        doors.pop(number)
print(len(doors))
"""
    assert int(class_hub.exec("ada", "python3", "-c", flood).stdout) in range(1, 51)
    assert class_hub.exec("bo", "python3", "-c", KNOCK, '[["hub", 8081]]').stdout == (
        '[["hub", 8081]]\n'
    )
    assert class_hub.answers()


def test_the_hosts_side_of_the_network_has_no_address(class_hub, neighbours, engine):
    network = json.loads(engine("network", "inspect", f"{class_hub.project}-net-ada").stdout)[0]
    assert network["Internal"]
    assert "Gateway" not in network["IPAM"]["Config"][0]


@pytest.mark.attack(
    "reach the engine",
    "there is no socket",
)
def test_the_engine_is_out_of_reach(class_hub, neighbours):
    look = "ls /var/run/docker.sock /run/docker.sock; command -v docker"
    assert class_hub.exec("ada", "sh", "-c", look, check=False).stdout == ""


@pytest.mark.attack(
    "read and stop another's server, take a token of theirs",
    "refused",
)
def test_anothers_server_files_and_account_are_closed(class_hub, neighbours):
    ada, bo = neighbours
    bo.visit()
    assert bo.visit("api/contents/").status_code == 200
    for path in ("lab", "api/contents/", "api/kernels", "files/course/00-your-cores.ipynb"):
        answer = ada.web.get(f"/user/bo/{path}")
        assert answer.status_code in (403, 404), path
    for method, path in (
        ("GET", "users/bo"),
        ("DELETE", "users/bo/server"),
        ("POST", "users/bo/tokens"),
        ("GET", "proxy"),
        ("POST", "shutdown"),
    ):
        assert ada.hub(method, path).status_code in (403, 404), path


@pytest.mark.attack(
    "use the server's own token for the whole hub",
    "refused",
)
def test_a_servers_own_token_is_good_for_nothing_else(class_hub, neighbours):
    ask = """
import json, os, urllib.request, urllib.error
def ask(path, method="GET"):
    request = urllib.request.Request(os.environ["JUPYTERHUB_API_URL"] + path, method=method)
    request.add_header("Authorization", "token " + os.environ["JUPYTERHUB_API_TOKEN"])
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code
print(json.dumps([ask("/users"), ask("/users/bo"), ask("/users/bo/server", "DELETE"), ask("/proxy"),
                  ask("/users/bo/activity", "POST"), ask("/services")]))
"""
    answers = json.loads(class_hub.exec("ada", "python3", "-c", ask).stdout)
    assert set(answers) <= {403, 404}
    assert "bo" in class_hub.running()


@pytest.mark.attack(
    "find another's files",
    "there are none",
)
def test_homes_are_apart(class_hub, neighbours):
    class_hub.exec("bo", "sh", "-c", "echo mine > /home/jovyan/bo-only.txt")
    assert class_hub.exec("bo", "find", "/home", "-name", "bo-only.txt").stdout
    look = class_hub.exec("ada", "find", "/", "-name", "bo-only.txt", check=False)
    assert look.stdout == ""
    mounts = class_hub.exec("ada", "cat", "/proc/mounts").stdout
    assert "home-bo" not in mounts


def test_networks_go_when_servers_go(empty_class, engine, eventually):
    label = f"label=swimlanes.class={empty_class.project}"

    def networks():
        return engine("network", "ls", "--quiet", "--filter", label).stdout.split()

    empty_class.spawn("ada")
    assert len(networks()) == 1
    empty_class.stop("ada")
    eventually(lambda: not networks())
    assert engine("ps", "--all", "--quiet", "--filter", label).stdout == ""
