"""The two ways to run the lab: in a container through Docker Compose, or right here.

Each way is a context manager that gives a process to wait for, and that leaves nothing running.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "build" / "lab-home"
VENV = ROOT / ".venv" / "bin"
ENGINE_PATIENCE_S = 10
IMAGE = "swimlanes"
OLDEST_COMPOSE = [2, 24, 4]
"""The first that knows ``!override``, in image/cluster/compose.yml."""


class LabError(Exception):
    """The lab cannot run; the message says why and what to do."""


def why_no_engine() -> str | None:
    """Return what keeps a container from running, or None if nothing does."""
    if not shutil.which("docker"):
        return "Docker is not installed"
    if not _answers("docker", "info"):
        return "No Docker engine answers"
    for plugin in ("compose", "buildx"):
        if not _answers("docker", plugin, "version"):
            return f"Docker's {plugin} plugin is missing"
    asked = ["docker", "compose", "version", "--short"]
    version = subprocess.run(asked, capture_output=True, text=True).stdout.strip().removeprefix("v")
    if [int(part) for part in re.findall("[0-9]+", version)[:3]] < OLDEST_COMPOSE:
        oldest = ".".join(map(str, OLDEST_COMPOSE))
        return f"Docker's compose plugin is {version}, older than {oldest}"
    return None


def engine_cpus() -> range:
    """Return the ids of the engine's CPUs; with Docker Desktop they are its machine's."""
    command = ["docker", "info", "--format", "{{.NCPU}}"]
    return range(int(subprocess.run(command, capture_output=True, check=True).stdout))


def local_cpus() -> set[int]:
    """Return the ids of the CPUs that this process may use."""
    if not hasattr(os, "sched_getaffinity"):
        raise LabError("This system cannot pin a process to cores; start Docker and try again.")
    return os.sched_getaffinity(0)


def refuse_a_second_lab(environment: Mapping[str, str]) -> None:
    """Refuse to start where a lab is running: Compose would replace it and end its kernels."""
    listing = ["docker", "compose", "ps", "--quiet", "--status", "running", "lab"]
    if subprocess.run(listing, env=environment, cwd=ROOT, capture_output=True).stdout.strip():
        raise LabError(
            "A lab is running in a container already; use that one, or end it first with Control-C "
            "in its terminal or with: docker compose down"
        )


def need_own_image(image: str, obstacle: str | None) -> None:
    """Refuse to start without the image that somebody has made: nothing else has its packages."""
    if obstacle:
        raise LabError(
            f"{obstacle}, and IMAGE={image} runs in a container alone; mend that, or leave IMAGE "
            "out."
        )
    if not _answers("docker", "image", "inspect", image):
        raise LabError(
            f"The image {image} is not there; build it, with: docker build --tag {image} FOLDER"
        )


def why_no_image(environment: Mapping[str, str]) -> str | None:
    """Build the image; return what went wrong, or None if nothing did.

    Not by Compose, which would label the image and then take every container of it for its own.
    """
    if _succeeds(["make", "--no-print-directory", "image"], environment):
        return None
    return "The image could not be built (the reason stands above)"


@contextmanager
def container_lab(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the lab in a container, and remove that at the end.

    Compose reads CORES, PORT, COURSE, IMAGE and JUPYTER_TOKEN from `environment`.
    """
    if environment["COURSE"]:
        files = os.pathsep.join(("docker-compose.yml", "image/lab/course.yml"))
        environment = {**environment, "COMPOSE_FILE": files}
    try:
        _run(["docker", "compose", "up", "--detach", "--no-build"], environment)
        follow = ["docker", "compose", "logs", "--follow", "--no-log-prefix", "lab"]
        with _ended(subprocess.Popen(follow, env=environment, cwd=ROOT)) as logs:
            yield logs
    finally:
        # An impatient second Control-C must not leave the container behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("Removing the container …", flush=True)
        down = ["docker", "compose", "down"]
        subprocess.run(down, env=environment, cwd=ROOT, capture_output=True, start_new_session=True)


@contextmanager
def local_lab(
    cores: Sequence[int], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Install what is missing, pin this process, and start the image's own entry point."""
    _run(["make", "--no-print-directory", "venv"], environment)
    HOME.mkdir(parents=True, exist_ok=True)
    os.sched_setaffinity(0, cores)
    command = [VENV / "python", ROOT / "image" / "entry" / "start.py", "jupyter-lab"]
    server = subprocess.Popen(
        [*command, "--ServerApp.ip=127.0.0.1", "--ServerApp.allow_root=True"],
        env={**environment, **_image_environment(environment)},
        cwd=HOME,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    with _ended(server):
        yield server


def _image_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what the Dockerfile sets, with this checkout's paths."""
    return {
        "HOME": str(HOME),
        "PATH": f"{VENV}{os.pathsep}{environment['PATH']}",
        "SWIMLANES_COURSE": environment["COURSE"] or str(ROOT / "course" / "notebooks"),
        "JUPYTER_CONFIG_PATH": str(ROOT / "image" / "settings"),
        "JUPYTER_RUNTIME_DIR": str(HOME / ".local" / "share" / "jupyter" / "runtime"),
        "TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1",
    }


def _answers(*command: str) -> bool:
    try:
        asked = subprocess.run(command, capture_output=True, timeout=ENGINE_PATIENCE_S)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


def _succeeds(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    return subprocess.run(command, env=environment, cwd=ROOT).returncode == 0


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a step that shows its own output and must succeed."""
    if not _succeeds(command, environment):
        raise LabError(f"`{' '.join(command)}` failed; what it said stands above.")


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Terminate `process` at the end, and wait until it is gone."""
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
