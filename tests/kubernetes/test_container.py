"""The real image under what the pod says.

One core, so that a count of the host's would be seen.
"""

from __future__ import annotations

import pytest

from .kubelet import running


@pytest.fixture(scope="module")
def server(client, pod, read_values, image, eventually):
    values = read_values()
    values["singleuser"]["cpu"] = {"guarantee": 1, "limit": 1}
    with running(client, pod(values), image, eventually) as started:
        yield started


def test_the_server_answers_with_the_course_in_the_clusters_home(server):
    listed = server.talk.get("/api/contents/course").raise_for_status().json()["content"]
    assert "00-your-cores.ipynb" in [entry["name"] for entry in listed]
    assert server.talk.get("/api/contents/").status_code == 200


def test_it_has_given_up_what_the_pod_says(server):
    status = server.exec("cat", "/proc/self/status")
    told = dict(line.split(":\t", 1) for line in status.splitlines())
    assert told["NoNewPrivs"] == "1"
    assert told["Seccomp"] == "2"
    assert int(told["CapEff"], 16) == int(told["CapBnd"], 16) == 0
    assert "Read-only file system" in server.exec("touch", "/opt/venv/mine")


def test_the_libraries_count_the_pods_core(server):
    environments = server.exec("bash", "-c", "cat /proc/[0-9]*/environ")
    told = {line for line in environments.split("\0") if line.startswith("OMP_NUM_THREADS=")}
    assert told == {"OMP_NUM_THREADS=1"}


def test_a_full_folder_in_memory_is_an_error_to_the_program_that_filled_it(server):
    filled = server.exec("dd", "if=/dev/zero", "of=/tmp/full", "bs=1M", "count=300")
    assert "No space left on device" in filled
    assert server.talk.get("/api").status_code == 200
    server.exec("rm", "/tmp/full")
