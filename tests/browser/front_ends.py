"""The programs that show a notebook in a browser: each with its own folders, on a free port."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import nbformat
from playwright.sync_api import Locator, Page, expect
from tenacity import (
    retry,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_fixed,
)

NOTEBOOK = "lesson.ipynb"
KERNEL_DEADLINE_MS = 60_000
OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}


@dataclass(frozen=True)
class FrontEnd:
    """A running program that shows notebooks.

    Attributes
    ----------
    url : str
        Where it listens, with its path prefix.
    folder : Path
        Everything it reads and writes.
    token : str
        Opens its doors.
    """

    url: str
    folder: Path
    token: str

    def show(self, page: Page, cells: tuple[str, ...], theme: str = "light") -> None:
        """Open a notebook with these cells and execute the first one."""
        self.write(cells)
        self.choose(theme)
        self.open(page)

    def write(self, cells: tuple[str, ...]) -> None:
        """Write the notebook."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
        nbformat.write(notebook, self.folder / "work" / NOTEBOOK)

    def choose(self, theme: str) -> None:
        """Set the theme in the user's settings."""
        extension = self.folder / "settings/@jupyterlab/apputils-extension"
        extension.mkdir(parents=True, exist_ok=True)
        setting = {"theme": f"JupyterLab {theme.capitalize()}"}
        (extension / "themes.jupyterlab-settings").write_text(json.dumps(setting))

    def open(self, page: Page) -> None:
        """Open the notebook and execute its first cell."""
        raise NotImplementedError

    def command(self, port: int, prefix: str) -> list[str]:
        """Return the command line that starts it."""
        return [
            *(sys.executable, "-m", self.module, "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
            *(f"--IdentityProvider.token={self.token}", f"--ServerApp.base_url={prefix}/"),
        ]

    def shut_down_kernels(self) -> None:
        """Let all kernels end, so that the next page begins with a new one.

        That takes seconds where processes were started, so nobody waits for it: what they belong to
        gets another name, and its old one is free.
        """
        with self.asking() as client:
            sessions = [session["id"] for session in client.get("/api/sessions").json()]
            for session in sessions:
                moved = client.patch(f"/api/sessions/{session}", json={"path": f"{session}.ipynb"})
                moved.raise_for_status()
        threading.Thread(target=self._end, args=(sessions,)).start()

    def asking(self) -> httpx.Client:
        """Return what asks its server."""
        return httpx.Client(base_url=self.url, params={"token": self.token}, timeout=60)

    def _end(self, sessions: list[str]) -> None:
        # A server that is ended meanwhile ends its kernels itself.
        with self.asking() as client, contextlib.suppress(httpx.HTTPError):
            for session in sessions:
                client.delete(f"/api/sessions/{session}").raise_for_status()


class Lab(FrontEnd):
    """JupyterLab."""

    module = "jupyterlab"

    def open(self, page: Page) -> None:
        ready = page.get_by_text("Python 3 (ipykernel) | Idle")
        load(page, f"{self.url}/lab/tree/{NOTEBOOK}?token={self.token}&reset", ready)
        run_cell(page, 0)


class Notebook(FrontEnd):
    """Notebook 7."""

    module = "notebook"

    def open(self, page: Page) -> None:
        ready = page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        load(page, f"{self.url}/notebooks/{NOTEBOOK}?token={self.token}", ready)
        run_cell(page, 0)


class Voila(FrontEnd):
    """Voilà, which executes all cells by itself and shows what they show."""

    module = "voila"

    def open(self, page: Page) -> None:
        page.goto(f"{self.url}/?token={self.token}", timeout=KERNEL_DEADLINE_MS)

    def command(self, port: int, prefix: str) -> list[str]:
        return [
            *(sys.executable, "-m", "voila", NOTEBOOK, "--no-browser"),
            *("--Voila.ip=127.0.0.1", f"--Voila.port={port}", "--Voila.port_retries=0"),
            *(f"--Voila.token={self.token}", f"--Voila.base_url={prefix}/"),
        ]

    def shut_down_kernels(self) -> None:
        """Leave that to Voilà, which lets nobody ask for its kernels."""


def load(page: Page, url: str, sign: Locator) -> None:
    """Go to a page, and wait for what tells that it is there."""
    page.goto(url)
    expect(sign).to_be_visible(timeout=KERNEL_DEADLINE_MS)


def run_cell(page: Page, number: int) -> Locator:
    """Execute a cell, wait until the kernel has finished it, and return it."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    begin(page, cell)
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
    return cell


# Notebook 7 shows an idle kernel before it is connected to one, and drops what is pressed then.
@retry(retry=retry_if_exception_type(AssertionError), stop=stop_after_attempt(10), reraise=True)
def begin(page: Page, cell: Locator) -> None:
    """Execute a cell, and wait until its prompt tells that it was sent to the kernel."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputPrompt")).not_to_have_text("[ ]:", timeout=3000)


def restart_kernel(page: Page) -> None:
    """Restart the kernel from JupyterLab's menu."""
    choose_from_menu(page, "Kernel", "Restart Kernel…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()


def choose_from_menu(page: Page, menu: str, *entries: str) -> None:
    """Choose what a menu, or a menu in it, offers."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    for entry in entries:
        page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()


@contextlib.contextmanager
def running(kind: type[FrontEnd], folder: Path, prefix: str = "") -> Iterator[FrontEnd]:
    """Start a front end, wait until it answers, and end it afterwards."""
    port = _free_port()
    front_end = kind(f"http://127.0.0.1:{port}{prefix}", folder, secrets.token_hex(16))
    _make_folders(front_end)
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            front_end.command(port, prefix),
            cwd=folder / "work",
            env=_environment(folder),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_until_up(front_end)
        yield front_end
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _make_folders(front_end: FrontEnd) -> None:
    overrides = front_end.folder / "config/labconfig/default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps(OVERRIDES))
    (front_end.folder / "work").mkdir()
    front_end.write(())


def _environment(folder: Path) -> dict[str, str]:
    own = {
        "HOME": folder,
        "IPYTHONDIR": folder / "ipython",
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_DATA_DIR": folder / "data",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": folder / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
    }
    return {**os.environ, **{name: str(path) for name, path in own.items()}}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@retry(
    retry=retry_if_exception_type(httpx.HTTPError),
    wait=wait_fixed(0.2),
    stop=stop_after_delay(60),
    reraise=True,
)
def _wait_until_up(front_end: FrontEnd) -> None:
    httpx.get(f"{front_end.url}/", follow_redirects=False)
