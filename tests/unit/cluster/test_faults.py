"""What goes wrong with a cluster ends in one sentence, never in a hang."""

import os
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from swimlanes import run
from swimlanes.errors import RequestError, RunError, TaskError

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture
def way(dask_cluster):
    return {"mode": "cluster", "workers": 2, "cluster": dask_cluster.address}


def test_a_task_raises(way):
    def invert(x):
        return 1 / x

    with pytest.raises(TaskError, match=r"^Task 2, with the input 0, raised ZeroDivisionError"):
        run(invert, [2, 1, 0], **way)


def test_a_result_that_cannot_travel(way):
    def make_lock(_):
        import threading

        return threading.Lock()

    with pytest.raises(RunError, match=r"^A result, still .* cannot be sent .*lock"):
        run(make_lock, [1, 2], **way)


def test_a_module_that_workers_lack(way, tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("def double(x):\n    return 2 * x\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(RunError, match=r"ModuleNotFoundError: .*only_here.* Install it for"):
        run("only_here:double", [1], **way)


def test_nobody_at_the_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        unused_port = server.getsockname()[1]
    with pytest.raises(RunError, match=rf"^No Dask scheduler answers at tcp://.*:{unused_port} "):
        run(abs, [1], mode="cluster", workers=1, cluster=f"tcp://127.0.0.1:{unused_port}")


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:1", "tls://127.0.0.1:1"])
def test_an_address_that_is_none(address):
    with pytest.raises(RunError, match=f"^No Dask scheduler answers at {address} "):
        run(abs, [1], mode="cluster", workers=1, cluster=address)


def test_somebody_else_at_the_address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"tcp://127.0.0.1:{server.server_port}"
    try:
        with pytest.raises(RunError, match=f"^No Dask scheduler answers at {address} "):
            run(abs, [1], mode="cluster", workers=1, cluster=address)
    finally:
        server.shutdown()
        server.server_close()


def test_an_address_in_another_mode():
    with pytest.raises(RequestError, match=r"\('tcp://h:1'\) makes sense in the mode 'cluster'"):
        run(abs, [1], mode="threads", cluster="tcp://h:1")


def test_more_workers_than_there_are(way):
    with pytest.raises(RunError, match="is 2, and the run needs 3"):
        run(abs, [1], **{**way, "workers": 3})


def test_a_worker_of_another_version(own_cluster, tmp_path):
    told = tmp_path / "other" / "cloudpickle-0.0.1.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: cloudpickle\nVersion: 0.0.1\n")
    own_cluster.add(path=str(tmp_path / "other"))
    with pytest.raises(RunError, match=r"^The Dask worker .* has cloudpickle 0.0.1, and this"):
        run(abs, [1], mode="cluster", workers=1, cluster=own_cluster.address)


def test_a_worker_that_is_lost_is_replaced_and_seen(long_run, own_cluster):
    running = long_run(2, tasks=4, task_ms=400)
    own_cluster.workers[0].kill()
    record = running.result()
    assert len(record.results) == 4
    assert {lost.worker for lost in record.timeline.lost} == {1}
    assert {task.worker for task in record.tasks} == {2}
    account = record.account
    assert account.lost > 0
    assert abs(account.remainder_s) <= 0.001 * account.area_s + 0.02


def test_all_workers_are_lost(long_run, own_cluster):
    running = long_run(1)
    own_cluster.workers[0].kill()
    with pytest.raises(RunError, match=r"^All workers of this run at tcp://.* are gone"):
        running.result()


def test_the_scheduler_is_lost(long_run, own_cluster):
    running = long_run(1)
    own_cluster.scheduler.kill()
    with pytest.raises(RunError, match=r"^The Dask scheduler at tcp://.* was lost in the middle"):
        running.result()


def test_a_scheduler_that_answers_no_more(long_run, own_cluster):
    running = long_run(1)
    os.kill(own_cluster.scheduler.pid, signal.SIGSTOP)
    with pytest.raises(RunError, match=r"^The Dask scheduler at tcp://.* was lost in the middle"):
        running.result()


def test_a_task_that_ends_its_worker(own_cluster):
    def leave(code):
        os._exit(code)

    for _ in range(2):
        own_cluster.add()
    with pytest.raises(RunError, match=r"are gone|gave it up"):
        run(leave, [7], mode="cluster", workers=2, cluster=own_cluster.address)
