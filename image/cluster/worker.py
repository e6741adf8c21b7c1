#!/opt/venv/bin/python
"""Pin this container to a core of its own, then become a Dask worker of one thread.

Compose numbers the containers of a service and cannot give each a core. So each takes the core of
its number, and the number from its name, which the engine's name server knows.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
import time
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from pathlib import Path

from aiodns import DNSResolver
from aiodns.error import DNSError

ADDRESS = "SWIMLANES_CLUSTER"
CERTIFICATE = "DASK_DISTRIBUTED__COMM__TLS__CA_FILE"
PATIENCE_S = 30
# Set before Python starts counting: a task that starts a Pool or calls BLAS has one core.
CORE_COUNTS = (
    "PYTHON_CPU_COUNT",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)
TOPOLOGY = Path("/sys/devices/system/cpu")


def main() -> None:
    """Run ``worker.py [ARGUMENT ...]``; arguments are those of ``dask worker``."""
    address = os.environ.get(ADDRESS)
    if not address:
        sys.exit(f"worker: {ADDRESS} is not set; it names the scheduler: tls://scheduler:8786.")
    if not wait_for(Path(os.environ.get(CERTIFICATE, os.devnull)), PATIENCE_S):
        sys.exit(f"worker: {os.environ[CERTIFICATE]} is not there; the scheduler makes it.")
    number = number_in(asyncio.run(name_of_container()))
    name = f"worker-{number}" if number else socket.gethostname()
    say(pin(name, number))
    os.environ.update(dict.fromkeys(CORE_COUNTS, "1"))
    # A nanny would be a second process that does what the engine does: start a lost worker anew.
    fixed = ["--name", name, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    os.execvp("dask", ["dask", "worker", address, *fixed, *sys.argv[1:]])


def wait_for(file: Path, within_s: float) -> bool:
    """Wait until the scheduler has made `file`; return whether it is there."""
    deadline = time.monotonic() + within_s
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return file.exists()


async def name_of_container() -> str:
    """Return the name under which the network knows this container, or nothing."""
    own = ip_address(socket.gethostbyname(socket.gethostname()))
    try:
        found = await DNSResolver().query_dns(own.reverse_pointer, "PTR")
    except DNSError:
        return ""
    return found.answer[0].data.dname


def number_in(name: str) -> int | None:
    """Return the number in the name of a container that Compose has made.

    Examples
    --------
    >>> number_in("swimlanes-worker-3.swimlanes_cluster")
    3
    >>> number_in("worker-pod.example.org")
    """
    match = re.match(r"[^.]*-(\d+)(?:\.|$)", name)
    return int(match[1]) if match else None


def pin(name: str, number: int | None) -> str:
    """Pin this process to the core of its number, and return how that is to be told."""
    cores = in_turn(os.sched_getaffinity(0))
    if number is None:
        return f"{name} has no number, so it is not pinned: it uses any of {len(cores)} cores."
    core = cores[(number - 1) % len(cores)]
    os.sched_setaffinity(0, {core})
    if number <= len(cores):
        return f"{name} is pinned to core {core}."
    return (
        f"{name} shares core {core} with worker-{(number - 1) % len(cores) + 1}: only {len(cores)} "
        f"of the {number} workers can have a core of their own here."
    )


def in_turn(cores: Iterable[int], topology: Path = TOPOLOGY) -> Sequence[int]:
    """Return the ids of cores so that hardware threads of one core come late."""
    return sorted(cores, key=lambda core: (_rank(core, topology), core))


def _rank(core: int, topology: Path) -> int:
    """Return how many hardware threads of the same core have lower ids; 0 where nobody says."""
    try:
        text = (topology / f"cpu{core}/topology/thread_siblings_list").read_text()
    except OSError:
        return 0
    ranges = [[int(end) for end in part.split("-")] for part in text.split(",")]
    return sum(max(0, min(last[-1] + 1, core) - last[0]) for last in ranges)


def say(sentence: str) -> None:
    """Say something in the container's log."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
