"""What all tests share: real parts are required, and leftovers are looked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tenacity import retry, retry_if_result, stop_after_delay, wait_fixed

Require = Callable[[object, str, str], None]
Eventually = Callable[..., None]


@pytest.fixture(scope="session")
def require() -> Require:
    """Skip where a real component is missing; with REQUIRE_ALL=1 a skip is a failure."""

    def check(condition: object, what: str, remedy: str) -> None:
        if condition:
            return
        reason = f"{what}; to bring it: {remedy}"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)

    return check


@pytest.fixture(scope="session")
def eventually() -> Eventually:
    """Poll a condition until it holds; fail when `within_s` seconds have passed."""

    def wait(condition: Callable[[], object], within_s: float = 10.0) -> None:
        poll = retry(
            retry=retry_if_result(lambda value: not value),
            stop=stop_after_delay(within_s),
            wait=wait_fixed(0.02),
        )
        poll(condition)()

    return wait


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).parents[1]


def _runners() -> set[str]:
    """Return the ids of all processes whose command line is a runner's."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"swimlanes.runner" in (folder / "cmdline").read_bytes():
                found.add(folder.name)
        except OSError:
            continue
    return found


def _files() -> set[Path]:
    return set(Path("/dev/shm").glob("swimlanes-*")) | set(Path("/dev/shm").glob("sem.mp-*"))


@pytest.fixture
def nothing_left(eventually: Eventually) -> Iterator[None]:
    """Fail if a test leaves a runner, a worker or a file behind."""
    processes, files = _runners(), _files()
    yield
    eventually(lambda: _runners() <= processes and _files() <= files, within_s=5)


@pytest.fixture(scope="session")
def swimlanes() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a process of its own."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "swimlanes"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    return call
