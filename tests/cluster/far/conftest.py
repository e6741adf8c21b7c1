"""Two networks on one machine with a slow link between them, and a Dask cluster across it.

The kernel's own means for that is ``netem``, which not every kernel has. Here a link is two TAP
devices, one in each network namespace, and this process carries every packet from one to the
other: not before its time, and no faster than the link.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import queue
import struct
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

TUNSETIFF = 0x400454CA
TAP_WITHOUT_HEADER = 0x0002 | 0x1000
LONGEST_PACKET = 65_536
PORT = 8786
IMAGE_ROOT = "SWIMLANES_IMAGE_ROOT"
# What is mounted here goes with the process: `ip netns exec` gives it mounts of its own.
IN_THE_IMAGE = (
    'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" '
    '&& exec chroot "$0" /opt/venv/bin/python "$@"'
)
DELAY_S = 0.002
BYTES_PER_S = 12.5e6  # 100 Mbit/s


class Link:
    """Namespaces ``near`` (10.99.0.1) and ``far`` (10.99.0.2), and the link between them.

    Parameters
    ----------
    delay_s : float
        How long a packet takes, one way, seconds.
    bytes_per_s : float
        How fast packets follow each other.
    """

    NEAR, FAR = "10.99.0.1", "10.99.0.2"

    def __init__(self, delay_s: float, bytes_per_s: float) -> None:
        self.delay_s, self.bytes_per_s = delay_s, bytes_per_s
        mark = uuid.uuid4().hex[:6]
        self.near, self.far = f"swimlanes-near-{mark}", f"swimlanes-far-{mark}"
        self._taps = (f"swn{mark}", f"swf{mark}")
        self._undo = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Make both namespaces and begin to carry packets."""
        ends = [
            self._make_end(*end)
            for end in zip((self.near, self.far), self._taps, (self.NEAR, self.FAR), strict=True)
        ]
        for source, target in (ends, reversed(ends)):
            self._carry(source, target)
        return self

    def __exit__(self, *_: object) -> None:
        """Remove both, and their devices with them."""
        self._undo.close()

    def python(self, namespace: str, *arguments: str, **options) -> subprocess.Popen[str]:
        """Start this Python in a namespace, or that of the image where it was unpacked."""
        root = os.environ.get(IMAGE_ROOT)
        python = ["sh", "-c", IN_THE_IMAGE, root] if root else [sys.executable]
        command = ["ip", "netns", "exec", namespace, *python, *arguments]
        return subprocess.Popen(command, text=True, **options)

    def _make_end(self, namespace: str, tap: str, address: str) -> int:
        _ip("netns", "add", namespace)
        self._undo.callback(_ip, "netns", "del", namespace)
        device = os.open("/dev/net/tun", os.O_RDWR)
        self._undo.callback(os.close, device)
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", tap.encode(), TAP_WITHOUT_HEADER))
        _ip("link", "set", tap, "netns", namespace)
        _ip("-n", namespace, "address", "add", f"{address}/24", "dev", tap)
        for name in ("lo", tap):
            _ip("-n", namespace, "link", "set", name, "up")
        return device

    def _carry(self, source: int, target: int) -> None:
        due: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        for job in (self._take, self._give):
            threading.Thread(target=job, args=(source, target, due), daemon=True).start()

    def _take(self, source: int, _: int, due: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        free_s = 0.0
        with contextlib.suppress(OSError):  # the end of the link
            while True:
                packet = os.read(source, LONGEST_PACKET)
                free_s = max(free_s, time.monotonic()) + len(packet) / self.bytes_per_s
                due.put((free_s + self.delay_s, packet))

    def _give(self, _: int, target: int, due: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        with contextlib.suppress(OSError):
            while True:
                at_s, packet = due.get()
                time.sleep(max(0.0, at_s - time.monotonic()))
                os.write(target, packet)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@dataclass(frozen=True)
class FarCluster:
    """A scheduler near, and workers near or far; programs run near."""

    link: Link
    folder: Path
    address: str

    def start(self, place: str, host: str, role: str, *options: str) -> subprocess.Popen[str]:
        """Start a scheduler or a worker of one thread."""
        module = f"distributed.cli.dask_{role}"
        common = ("--no-dashboard", "--host", host)
        quiet = {"cwd": self.folder, "stderr": subprocess.DEVNULL}
        return self.link.python(place, "-m", module, *common, *options, **quiet)

    def tell(self, program: str, *arguments: str) -> list:
        """Run a program near, and return what it printed: a JSON value on each line."""
        command = ("-c", program, self.address, *arguments)
        with self.link.python(
            self.link.near, *command, stdout=subprocess.PIPE, cwd=self.folder
        ) as started:
            answer, _ = started.communicate(timeout=400)
        return [json.loads(line) for line in answer.splitlines()]


@pytest.fixture(scope="module")
def far_cluster(
    request: pytest.FixtureRequest,
    require: Callable[..., None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[FarCluster]:
    """Start a scheduler here; the parameter says where its two workers are."""
    usable = os.geteuid() == 0 and os.access("/dev/net/tun", os.W_OK)
    require(usable, "no network can be made here", "run as root, with /dev/net/tun")
    started = []
    with Link(DELAY_S, BYTES_PER_S) as link:
        address = f"tcp://{link.NEAR}:{PORT}"
        cluster = FarCluster(link, tmp_path_factory.mktemp("far"), address)
        places = {"near": (link.near, link.NEAR), "far": (link.far, link.FAR)}
        try:
            started.append(cluster.start(link.near, link.NEAR, "scheduler", "--port", str(PORT)))
            for number, where in enumerate(request.param, start=1):
                options = ("--no-nanny", "--nthreads", "1", "--name", f"{where}-{number}")
                started.append(cluster.start(*places[where], "worker", address, *options))
            cluster.tell(
                "import sys; from distributed import Client; "
                "Client(sys.argv[1]).wait_for_workers(2, 60)"
            )
            yield cluster
        finally:
            for process in started:
                process.kill()
                process.wait()
