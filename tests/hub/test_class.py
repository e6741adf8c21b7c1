"""A class from the slips to cores of one's own."""

from __future__ import annotations

import ast
import json
import re

import httpx
import pytest

from .conftest import ADMIN

SERVICES = ("hub", "door", "proxy", "internet", "class-wall")

AFFINITY = """
import os
def attempt(cores):
    try:
        os.sched_setaffinity(0, cores)
    except OSError as error:
        print(error.errno, end=" ")
before = os.sched_getaffinity(0)
attempt({0, 1}); attempt({0, 1} - before)
print([sorted(before), sorted(os.sched_getaffinity(0)), os.process_cpu_count()])
"""


END_THE_IMPATIENT = """
import os, pathlib
for process in pathlib.Path("/proc").glob("[0-9]*"):
    if b"--cull-every=1\\0" in (process / "cmdline").read_bytes():
        os.kill(int(process.name), 9)
"""


def cores_seen_inside(class_hub, name):
    """Return a server's cores; it has tried to get more."""
    answer = class_hub.exec(name, "python3", "-c", AFFINITY).stdout
    refused, _, seen = answer.partition(" ")
    before, after, counted = ast.literal_eval(seen)
    assert refused == "22", "the neighbour's core is refused"
    assert before == after
    assert counted == len(before)
    return set(before)


def test_a_slip_opens_the_door_and_nothing_else_does(class_hub):
    assert class_hub.person("ada").logged_in
    for name, password in (
        ("ada", class_hub.passwords["bo"]),
        ("ada", ""),
        ("nobody", class_hub.passwords["ada"]),
        ("../ada", class_hub.passwords["ada"]),
    ):
        assert not class_hub.login(name, password or " ").logged_in


def test_a_newcomer_needs_no_restart_and_a_lost_slip_is_replaced(class_hub):
    class_hub.enrol("Gus")
    assert class_hub.login("gus").logged_in
    renewed = class_hub.manage("password", "gus")
    before, class_hub.passwords["gus"] = (
        class_hub.passwords["gus"], re.search(r"password +(\S+)", renewed.stdout)[1]
    )  # fmt: skip
    assert not class_hub.login("gus", before).logged_in
    assert class_hub.login("gus").logged_in


def test_the_instructor_has_an_account_apart(class_hub):
    page = "/services/instructor/"
    assert class_hub.person("instructor").web.get(page).status_code == 200
    assert class_hub.person("ada").web.get(page).status_code == 403


@pytest.mark.parametrize(
    ("name", "first"), [(ADMIN, "/services/instructor/"), ("ada", "/hub/spawn-pending/ada")]
)
def test_a_login_starts_a_participants_server_and_shows_the_instructor_the_class(
    empty_class, name, first
):
    class_hub = empty_class
    web = class_hub.login(name).web
    assert web.get("/hub/").url.path == first
    class_hub.eventually(
        lambda: class_hub.running() == ({"ada"} if name == "ada" else set()), within_s=60
    )


def test_two_have_a_core_each_the_third_waits_and_gets_what_comes_back(empty_class):
    for name in ("ada", "bo"):
        assert empty_class.spawn(name).visit().status_code == 200
    cores = [cores_seen_inside(empty_class, name) for name in ("ada", "bo")]
    assert sorted(cores, key=min) == [{0}, {1}]

    waits = empty_class.person("cy").web.get("/hub/spawn")
    assert waits.status_code == 503
    assert "All cores of the class (0-1) are in use" in waits.text
    assert "you are number 1 in line" in waits.text
    assert 'http-equiv="refresh"' in waits.text
    assert "home page" not in waits.text, "the hub's own advice"
    again = empty_class.person("cy").visit()
    assert "Ask again now" in again.text
    assert "you are number 1 in line" in again.text
    assert 'http-equiv="refresh"' in again.text

    empty_class.stop("bo")
    empty_class.spawn("cy")
    assert cores_seen_inside(empty_class, "cy") == cores[1]
    assert empty_class.person("cy").server["ready"]


def test_the_hub_remembers_who_owns_what_when_it_is_made_anew(empty_class, engine):
    empty_class.spawn("ada")
    before = cores_seen_inside(empty_class, "ada")
    engine("rm", "--force", empty_class.service("hub"), empty_class.service("proxy"))
    assert empty_class.manage("up").returncode == 0
    assert empty_class.person("ada").visit().status_code == 200
    empty_class.spawn("bo")
    assert not before & cores_seen_inside(empty_class, "bo")
    assert cores_seen_inside(empty_class, "ada") == before


def test_a_study_runs_on_cores_of_ones_own(empty_class):
    empty_class.spawn("ada")
    study = empty_class.exec("ada", "swimlanes", "run", "--json", "--task-ms", "20")
    assert '"wall_time_s"' in study.stdout


def test_a_container_is_hardened_as_the_one_for_one_person(empty_class, engine):
    empty_class.spawn("ada")
    fields = "ReadonlyRootfs Privileged Memory MemorySwap PidsLimit ShmSize CapDrop SecurityOpt"
    template = " ".join(f"{{{{.HostConfig.{field}}}}}" for field in fields.split())
    limits = engine("inspect", "--format", template, empty_class.container("ada")).stdout.strip()
    two_gib = 2 << 30
    assert limits == (
        f"true false {two_gib} {two_gib} 256 {256 << 20} [ALL] [no-new-privileges:true]"
    )
    mounts = engine(
        "inspect", "--format", "{{range .Mounts}}{{.Destination}} {{.RW}} {{end}}",
        empty_class.container("ada"),
    ).stdout  # fmt: skip
    assert sorted(re.findall(r"(\S+) (true|false)", mounts)) == [
        ("/home/jovyan", "true"),
        ("/opt/course", "false"),
    ]


def test_no_part_of_the_class_fills_memory_or_disk(empty_class, engine):
    empty_class.spawn("ada")
    services = [empty_class.service(name) for name in SERVICES]
    template = "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{json .HostConfig.LogConfig}}"
    for container in (*services, empty_class.container("ada")):
        said = engine("inspect", "--format", template, container).stdout
        memory, processes, log = said.split(" ", 2)
        assert 0 < int(memory) <= 2 << 30, container
        assert 0 < int(processes) <= 256, container
        assert json.loads(log)["Config"]["max-size"] == "10m", container


def test_nothing_is_published_but_the_proxys_port_on_this_machine(class_hub, engine):
    project = f"label=com.docker.compose.project={class_hub.project}"
    ports = engine("ps", "--filter", project, "--format", "{{.Ports}}").stdout.split()
    port = httpx.URL(class_hub.url).port
    assert [entry for entry in ports if "->" in entry] == [f"127.0.0.1:{port}->8000/tcp"]


@pytest.mark.parametrize("path", ["/hub/login", "/hub/health"])
def test_pages_need_nobody_logged_in(class_hub, path):
    assert httpx.get(f"{class_hub.url}{path}").status_code == 200


def test_the_culler_stops_what_nobody_uses(empty_class, engine, eventually):
    empty_class.spawn("ada")
    # The hub's own culler, with its own token and rights; only its patience is shorter.
    impatient = """
import os, pathlib, re
for process in pathlib.Path("/proc").glob("[0-9]*"):
    words = (process / "cmdline").read_bytes().decode().split("\\0")[:-1]
    if "jupyterhub_idle_culler" in words:
        both = (process / "environ").read_bytes().decode().split("\\0")[:-1]
        os.environ.update(line.split("=", 1) for line in both)
        words = [re.sub("(timeout|cull-every)=.*", r"\\1=1", word) for word in words]
        os.execv(words[0], words)
"""
    hub = empty_class.service("hub")
    engine("exec", "--detach", hub, "timeout", "30", "python", "-c", impatient)
    eventually(lambda: not empty_class.running())
    eventually(lambda: not empty_class.person("ada").server)
    engine("exec", hub, "python", "-c", END_THE_IMPATIENT)
