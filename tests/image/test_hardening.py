"""What a participant can and cannot do in a container that is locked up as in compose."""

from __future__ import annotations

import json
import re
import subprocess

import httpx
import pytest
from playwright.sync_api import expect

KERNEL = """
import json, sys
from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel()
said = []
def keep(message):
    if message["msg_type"] in ("stream", "error"):
        content = message["content"]
        said.append(content.get("text") or content["evalue"])
for cell in sys.argv[1:]:
    client.execute_interactive(cell, output_hook=keep, timeout=60)
print(json.dumps({"said": "".join(said).split(), "alive": manager.is_alive()}))
client.stop_channels()
manager.shutdown_kernel(now=True)
"""
# Every process forks until it may not, so that their number grows as fast as it can; who is refused
# first says so and ends them all.
FORK_BOMB = """
import subprocess, sys
bomb = '''
import errno, os, signal
while True:
    try:
        os.fork()
    except OSError as error:
        os.write(1, errno.errorcode[error.errno].encode())
        os.killpg(0, signal.SIGKILL)
'''
ran = subprocess.run([sys.executable, "-S", "-c", bomb], start_new_session=True, stdout=-1)
print(ran.stdout[:6].decode())
"""
EXPORT = """
import os, nbconvert
lesson = os.path.expanduser("~/course/00-your-cores.ipynb")
for name in ("slides", "markdown", "python", "notebook"):
    text, resources = nbconvert.get_exporter(name)().from_filename(lesson)
    print(len(text) > 100, resources["output_extension"])
"""


OWN_DASK = """
import sys
from distributed import LocalCluster
with LocalCluster(n_workers=1, threads_per_worker=1, processes=False) as cluster:
    print(cluster.dashboard_link, flush=True)
    sys.stdin.read()
"""
# As a kernel does, this takes over the server's environment.
AS_A_KERNEL = """
export "$(tr '\\0' '\\n' < "/proc/$(pgrep jupyter-lab)/environ" | grep ^DASK)"
exec python -c "$1"
"""


@pytest.fixture(scope="module")
def locked_server(start_for_all, locked):
    """Start a server locked up like that, with less memory."""
    return start_for_all(*" ".join(locked).replace("2g", "500m").split())


def test_the_page_shows_what_compose_does(locked):
    limits = {"--read-only", "--cap-drop", "no-new-privileges", "--pids-limit", "--memory"}
    assert limits <= {*locked}


def test_nothing_may_be_changed_and_nobody_can_become_root(locked_server):
    status = locked_server.exec("cat", "/proc/1/status")
    assert re.findall(r"Cap(?:Prm|Eff|Bnd):\t(\w+)", status) == ["0" * 16] * 3
    assert "NoNewPrivs:\t1" in status
    writable = locked_server.exec("sh", "-c", "find / -xdev -writable ! -type l 2>/dev/null; true")
    assert {*writable.split()} == {"/home/jovyan", "/tmp"}, "what is mounted"
    assert locked_server.exec("sh", "-c", "sudo -n true 2>&1 || echo refused").endswith("refused\n")


def test_a_run_works(locked_server):
    command = "swimlanes run --workload query --task-ms 50 --workers 2 --json"
    record = json.loads(locked_server.exec(*command.split()))
    assert {task["worker"] for task in record["tasks"]} == {1, 2}


def test_a_fork_bomb_ends_and_the_kernel_goes_on(locked_server):
    answer = json.loads(locked_server.exec("python", "-c", KERNEL, FORK_BOMB, "print(6 * 7)"))
    assert answer == {"said": ["EAGAIN", "42"], "alive": True}
    assert httpx.get(f"{locked_server.url}/api").status_code == 200


def test_a_memory_hog_is_killed_and_the_server_goes_on(locked_server, engine):
    hog = "'memory', mode='processes', workers=2, tasks=16, task_bytes=60_000_000"
    command = ("python", "-c", f"import swimlanes; swimlanes.run({hog})")
    ran = engine("exec", locked_server.name, *command, check=False)
    assert "The memory limit of this container was reached" in ran.stderr
    assert httpx.get(f"{locked_server.url}/api").status_code == 200


def test_notebooks_are_converted_without_latex(locked_server):
    lesson = "course/00-your-cores.ipynb"
    locked_server.exec("jupyter", "nbconvert", "--to=html", "--output-dir=/tmp/page", lesson)
    assert "</html>" in locked_server.exec("cat", "/tmp/page/00-your-cores.html")
    made = locked_server.exec("python", "-c", EXPORT).split()
    assert made == ["True", ".slides.html", "True", ".md", "True", ".py", "True", ".ipynb"]


def test_the_dashboard_of_ones_own_dask_opens_from_the_lab_and_from_nowhere_else(
    locked_server, chromium
):
    command = ["docker", "exec", "-i", locked_server.name, "sh", "-c", AS_A_KERNEL, "-", OWN_DASK]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        link = running.stdout.readline().strip()
        assert re.fullmatch(r"/proxy/\d+/status", link)
        stranger = httpx.get(f"{locked_server.url}{link}", timeout=60)
        assert stranger.headers["location"].startswith("/login")
        page = chromium.new_page()
        page.goto(f"{locked_server.url}{link}?token=secret")
        expect(page.locator("canvas").first).to_be_visible(timeout=20_000)
        page.close()
        for host in ("127.0.0.1", "172.17.0.1", "example.org"):
            other = f"{locked_server.url}/proxy/{host}:8888/?token=secret"
            assert httpx.get(other, timeout=60).status_code == 403, host
        running.stdin.close()
