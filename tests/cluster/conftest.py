"""A real cluster: `docker compose --profile cluster up`, as typed in a fresh clone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

Ran = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Cluster:
    """A project of Docker Compose, and the port of its lab."""

    project: str
    port: int
    repository: Path

    def compose(self, *arguments: str, check: bool = True) -> Ran:
        return subprocess.run(
            ["docker", "compose", "--project-name", self.project, "--profile=cluster", *arguments],
            cwd=self.repository,
            env={**os.environ, "CLUSTER_PORT": str(self.port), "JUPYTER_TOKEN": "secret"},
            capture_output=True,
            text=True,
            timeout=120,
            check=check,
        )

    def up(self, workers: int) -> None:
        self.compose("up", "--detach", "--no-recreate", "--scale", f"worker={workers}")

    def run(self, *command: str, check: bool = True) -> Ran:
        """Run a command in the cluster's lab."""
        return self.compose("exec", "-T", "cluster-lab", *command, check=check)

    def python(self, code: str, check: bool = True) -> Ran:
        return self.run("python", "-c", code, check=check)

    def names(self) -> list[str]:
        """Return the names of the workers that the scheduler knows."""
        asked = self.python(
            "import json, os, distributed as d; c = d.Client(os.environ['SWIMLANES_CLUSTER']); "
            "w = c.scheduler_info(n_workers=-1)['workers'].values(); "
            "print(json.dumps(sorted(x['name'] for x in w)))",
            check=False,
        )
        return json.loads(asked.stdout or "[]")

    def get(self, path: str, token: str = "") -> httpx.Response:
        headers = {"Authorization": f"token {token}"} if token else {}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers)


@pytest.fixture(scope="module")
def cluster(
    engine_at_hand: None, image: str, repository: Path, eventually: Callable[..., None]
) -> Iterator[Cluster]:
    """Start a lab, a scheduler and two workers; all they leave is removed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = Cluster(f"swimlanes-test-{uuid.uuid4().hex[:8]}", port, repository)
    try:
        started.up(workers=2)
        eventually(lambda: started.names() == ["worker-1", "worker-2"], within_s=60)
        yield started
    finally:
        started.compose("down", "--volumes", check=False)
