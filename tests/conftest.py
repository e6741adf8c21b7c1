"""What all tests share: real parts are required, and leftovers are looked for."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from tenacity import RetryError, retry, retry_if_result, stop_after_delay, wait_fixed

from .wall import hub_identity, identity, opened, stub_hub  # noqa: F401 - fixtures

Require = Callable[[object, str, str], None]
Eventually = Callable[..., None]

SHARED_MEMORY = Path("/dev/shm")
KINDS = ("swimlanes-", "sem.mp-", "psm_")
WATCHED_BY = re.compile(r"swimlanes-watch-(\d+)-")
MAPPED = re.compile(rf"{SHARED_MEMORY}/((?:{'|'.join(KINDS)})[^/\s]+)")

CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Let `make test` do two things at a time, until both end together.

    What needs containers is one part, what needs a browser another; these are long and come first.
    Then the process that is free takes the next folder or file of `tests/unit`.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Parts(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            if path.startswith("tests/unit/"):
                return "/".join(path.split("/")[:3])
            return "browser" if path.startswith("tests/browser/") else "containers"

    config.option.loadscopereorder = False
    return Parts(config, log)


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

    def wait(condition: Callable[[], object], within_s: float = 30.0) -> None:
        poll = retry(
            retry=retry_if_result(lambda value: not value),
            stop=stop_after_delay(within_s),
            wait=wait_fixed(0.02),
        )
        poll(condition)()

    return wait


@pytest.fixture(scope="session")
def problems_of() -> Callable[[Page], list[str]]:
    """Return a function that collects what the browser complains of."""

    def watch(page: Page) -> list[str]:
        problems: list[str] = []

        def note_message(said: ConsoleMessage) -> None:
            if said.type == "error":
                problems.append(said.text)

        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", note_message)
        return problems

    return watch


@pytest.fixture(scope="session")
def run_async() -> Callable[[Coroutine[object, object, Any]], Any]:
    """Run a coroutine to its end, in a thread: Playwright keeps a loop running in this one."""

    def run(coroutine: Coroutine[object, object, Any]) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, coroutine).result()

    return run


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def engine_at_hand(require: Require) -> None:
    """Require a Docker engine that answers, with its plugins."""
    require(shutil.which("docker"), "docker is not installed", "install Docker Engine")
    for question, remedy in (
        (["info"], "start the Docker daemon"),
        (["buildx", "version"], "install docker-buildx"),
        (["compose", "version"], "install docker-compose version 2"),
    ):
        answer = subprocess.run(["docker", *question], capture_output=True, timeout=120)
        require(answer.returncode == 0, f"`docker {' '.join(question)}` fails", remedy)


@pytest.fixture(scope="session")
def image(engine_at_hand: None, repository: Path) -> str:
    """Build the image as everybody does."""
    built = subprocess.run(["make", "image"], cwd=repository, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return "swimlanes"


@pytest.fixture(scope="session")
def chromium(require: Require) -> Iterator[Browser]:
    """Start a real browser with an empty profile."""
    there = shutil.which("chromium")
    require(there, "there is no Chromium for the browser tests", "apt-get install chromium")
    program = Path(__file__).with_name("chromium-apart")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def nothing_left(
    monkeypatch: pytest.MonkeyPatch,
    eventually: Eventually,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Fail if a test leaves a process or a file behind."""
    tmp_path_factory.getbasetemp()  # in the usual place
    resource_tracker.ensure_running()  # which lives as long as this very process
    gc.freeze()  # else each collection below looks through all modules, which takes 0.3 s
    mark = f"SWIMLANES_TEST={uuid4()}"
    monkeypatch.setenv(*mark.split("="))
    files = _shared_files()
    with _empty_temporary_folder(monkeypatch) as temporary:
        yield
        gc.collect()  # the error of a test keeps its pool, and a pool its semaphores
        eventually(lambda: not _processes_with(mark))
        new = _shared_files() - files
        try:
            eventually(lambda: not _left_of(new, mark))
        except RetryError:
            pytest.fail(f"left behind: {_left_of(new, mark)}")
        assert not os.listdir(temporary)


@contextmanager
def _empty_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Make a folder for temporary files, for this process and its children."""
    # A short name: the path of a socket must not be long.
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield folder


def _processes_with(mark: str) -> list[str]:
    """Return the ids of the processes that were started with `mark` in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
        except OSError:
            continue
    return found


def _shared_files() -> set[Path]:
    return {file for kind in KINDS for file in SHARED_MEMORY.glob(f"{kind}*")}


def _left_of(files: set[Path], mark: str) -> set[Path]:
    """Return which files are still there, but for those that another session's process uses."""
    left = files & _shared_files()
    return left - _in_others_use(mark) if left else left


def _in_others_use(mark: str) -> set[Path]:
    """Return what processes use that neither are this one nor were started with `mark`.

    They map it, or, as the folder of what they watch, it has their id in its name.
    """
    ours = {str(os.getpid()), *_processes_with(mark)}
    found = {file for file in _shared_files() if _watched_by(file) - ours}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            maps = "" if folder.name in ours else (folder / "maps").read_text()
            found |= {SHARED_MEMORY / name for name in MAPPED.findall(maps)}
    return found


def _watched_by(file: Path) -> set[str]:
    watching = WATCHED_BY.match(file.name)
    return set(watching.groups()) if watching and Path(f"/proc/{watching[1]}").exists() else set()


@pytest.fixture(scope="session")
def swimlanes() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a process of its own."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "swimlanes"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    return call
