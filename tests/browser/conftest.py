"""Pages of a real browser, and the front ends in which the panel is shown."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .front_ends import Lab, Notebook, Voila, run_cell, running
from .panel import Panel

FRONT_ENDS = {
    "lab": (Lab, ""),
    "notebook": (Notebook, ""),
    "voila": (Voila, ""),
    "lab-behind-a-proxy": (Lab, "/user/x"),
}
expect.set_options(timeout=20_000)


def pytest_addoption(parser):
    """Let ``pytest tests/browser/screenshots.py --readme`` renew the README's picture."""
    parser.addoption(
        "--readme", action="store_true", help="copy the best screenshot for the README"
    )


@pytest.fixture(scope="session", params=FRONT_ENDS)
def front_end(request, tmp_path_factory):
    """Start each front end in its turn."""
    kind, prefix = FRONT_ENDS[request.param]
    with running(kind, tmp_path_factory.mktemp(request.param), prefix) as started:
        yield started


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start JupyterLab."""
    with running(Lab, tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture
def new_page(chromium, problems_of):
    """Return a function that opens an empty page, which collects what the browser complains of."""
    pages = []

    def open_page():
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        page.problems = problems_of(page)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def lab_page(lab, new_page):
    """Return a function that opens a notebook in JupyterLab, its first cell executed."""

    def open_notebook(*cells, theme="light"):
        page = new_page()
        lab.show(page, cells, theme)
        return page

    yield open_notebook
    lab.shut_down_kernels()


@pytest.fixture
def open_panel(lab_page):
    """Return a function that shows a panel made with the given arguments, in JupyterLab."""

    def open_with(arguments="", *more_cells, before="", theme="light"):
        cell = f"{before}\nfrom swimlanes import ControlPanel\npanel = ControlPanel({arguments})\n"
        panel = Panel(lab_page(f"{cell}panel", *more_cells, theme=theme))
        expect(panel.button("Run")).to_be_visible()
        return panel

    return open_with


@pytest.fixture(name="run_cell")
def run_cell_fixture():
    """Return the function that executes a cell and returns it."""
    return run_cell


@pytest.fixture(scope="session")
def lives():
    """Return a function that tells whether a process runs; a dead one, not waited for, does not."""

    def check(process):
        try:
            return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False

    return check
