"""A real JupyterLab in a real Chromium, with folders of its own and an empty profile."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import nbformat
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

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
OVERRIDES = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}
NOTEBOOK = "lesson.ipynb"
expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    token: str
    folder: Path


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start JupyterLab on a free port; everything it writes goes to a temporary folder."""
    folder = tmp_path_factory.mktemp("lab")
    server = Lab(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(16), folder)
    overrides = folder / "config/labconfig/default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps(OVERRIDES))
    (folder / "work").mkdir()
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            _command(server),
            env=_environment(folder),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_until_up(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium(require):
    """Start the browser."""
    program = shutil.which("chromium")
    require(program, "there is no Chromium for the browser tests", "apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def lab_page(lab, chromium):
    """Return a function that opens a notebook with the given cells, the first one executed."""
    pages = []

    def open_notebook(*cells, theme="light"):
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        pages.append(page)
        page.problems = _watch_for_problems(page)
        _choose_theme(lab, theme)
        _write_notebook(lab, cells)
        _open(page, lab)
        run_cell(page, 0)
        return page

    yield open_notebook
    for page in pages:
        page.close()
    _shut_down_kernels(lab)


def pytest_addoption(parser):
    """Let ``pytest tests/browser/screenshots.py --readme`` renew the README's picture."""
    parser.addoption(
        "--readme", action="store_true", help="copy the best screenshot for the README"
    )


def run_cell(page: Page, number: int) -> None:
    """Execute a cell for the first time and wait until the kernel has finished it."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))


@pytest.fixture(name="run_cell")
def run_cell_fixture():
    """Return the function that executes a cell."""
    return run_cell


def _command(server: Lab) -> list[str]:
    port = server.url.rpartition(":")[2]
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        f"--IdentityProvider.token={server.token}",
        f"--ServerApp.root_dir={server.folder / 'work'}",
    ]


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
def _wait_until_up(server: Lab) -> None:
    httpx.get(f"{server.url}/api/status", params={"token": server.token}).raise_for_status()


def _choose_theme(server: Lab, theme: str) -> None:
    setting = server.folder / "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    setting.parent.mkdir(parents=True, exist_ok=True)
    setting.write_text(json.dumps({"theme": f"JupyterLab {theme.capitalize()}"}))


def _write_notebook(server: Lab, cells: tuple[str, ...]) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, server.folder / "work" / NOTEBOOK)


def _open(page: Page, server: Lab) -> None:
    page.goto(f"{server.url}/lab/tree/{NOTEBOOK}?token={server.token}&reset")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)


def _watch_for_problems(page: Page) -> list[str]:
    """Collect what the browser complains about, as far as it may be the panel's fault."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    return problems


def _shut_down_kernels(server: Lab) -> None:
    with httpx.Client(base_url=server.url, params={"token": server.token}) as client:
        for session in client.get("/api/sessions").json():
            client.delete(f"/api/sessions/{session['id']}").raise_for_status()
