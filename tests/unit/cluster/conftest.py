"""A real Dask cluster: a scheduler and workers, each a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from swimlanes import measure

PARTICIPANT = Path(__file__).parents[1] / "measure" / "participant"
SCHEDULER = "distributed.cli.dask_scheduler"
WORKER = "distributed.cli.dask_worker"


class DaskCluster:
    """A scheduler with workers of one thread each.

    Workers are called worker-1, worker-2 and so on, and know the participant's modules.
    """

    def __init__(self, folder, eventually):
        self._folder, self._eventually = folder, eventually
        self.workers = []
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            SCHEDULER, "--port", "0", "--no-dashboard", "--scheduler-file", file
        )
        eventually(lambda: file.exists() and '"address"' in file.read_text())
        (self.address,) = (
            line.split('"')[3] for line in file.read_text().splitlines() if '"address"' in line
        )

    def add(self, *, before=(), path=""):
        """Start one more worker and wait until the scheduler knows it."""
        name = f"worker-{len(self.workers) + 1}"
        options = ("--nthreads", "1", "--name", name, "--no-dashboard", "--no-nanny")
        worker = self._start(WORKER, self.address, *options, before=before, path=path)
        self.workers.append(worker)
        log = self._folder / f"{worker.pid}.log"
        self._eventually(lambda: "Registered to:" in log.read_text())
        return worker

    def end(self):
        """End everything."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, module, *options, before=(), path=""):
        places = [path, str(PARTICIPANT), os.environ.get("PYTHONPATH")]
        command = [*before, sys.executable, "-m", module, "--host", "127.0.0.1", *options]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, places)),
            "DASK_TEMPORARY_DIRECTORY": str(self._folder),
        }
        log = self._folder / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                list(map(str, command)), env=environment, stderr=file, cwd=self._folder
            )
        log.rename(self._folder / f"{process.pid}.log")
        return process


@pytest.fixture(scope="session")
def dask_cluster(tmp_path_factory, eventually):
    """Return a cluster of two workers that lasts."""
    cluster = DaskCluster(tmp_path_factory.mktemp("dask"), eventually)
    cluster.add()
    cluster.add()
    yield cluster
    cluster.end()


@pytest.fixture
def own_cluster(tmp_path, eventually):
    """Return a cluster without workers that a test may harm."""
    cluster = DaskCluster(tmp_path, eventually)
    yield cluster
    cluster.end()


@pytest.fixture
def long_run(own_cluster, eventually):
    """Return a function that starts a run on so many workers, all of them in a task."""
    runs = []

    def start(workers, **choices):
        for _ in range(workers):
            own_cluster.add()
        options = {"tasks": 4, "task_ms": 60_000} | choices
        where = {"mode": "cluster", "cluster": own_cluster.address}
        running = measure.launch("query", workers=workers, **where, **options)
        runs.append(running)
        eventually(lambda: len(running.timeline().tasks) >= workers)
        return running

    yield start
    for running in runs:
        running.cancel()
