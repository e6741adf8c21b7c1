"""A watched cell in JupyterLab: its lanes grow while it runs, and tell more when it has ended."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .front_ends import begin

FUNCTIONS = """
import time
from multiprocessing.pool import ThreadPool
def invert(x):
    time.sleep(0.4)
    return 1 / x
%load_ext swimlanes
"""
POOL = "%%lanes\nwith ThreadPool(2) as pool:\n    pool.map(time.sleep, [0.6] * 6)"
ERROR = "%%lanes\nwith ThreadPool(2) as pool:\n    pool.map(invert, [1, 2, 0, 4], chunksize=1)"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lanes_of_a_cell_are_live_and_accessible(theme, lab_page, tmp_path):
    page = lab_page(FUNCTIONS, POOL, theme=theme)
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(1)
    begin(page, cell)
    lanes = cell.get_by_role("group", name="Lanes of this cell")
    expect(lanes).to_contain_text("2 done")
    expect(cell.locator(".jp-InputPrompt")).to_have_text("[*]:")
    expect(lanes).to_contain_text("calls at a time. They waited most of their time")
    more = lanes.get_by_text("Where the time of the workers went")
    more.focus()
    page.keyboard.press("Enter")
    expect(lanes.get_by_role("table")).to_be_visible()
    found = Axe().run(page, context=".jp-OutputArea").response["violations"]
    assert [(finding["help"], finding["nodes"][0]["html"]) for finding in found] == []
    assert page.problems == []
    lanes.screenshot(path=tmp_path / f"{theme}.png")


def test_an_error_stands_with_its_call_and_its_input(lab_page, run_cell, tmp_path):
    cell = run_cell(lab_page(FUNCTIONS, ERROR), 1)
    expect(cell).to_contain_text(re.compile(r"Call \d, with the input 0, raised ZeroDivisionError"))
    expect(cell.locator("[data-mime-type='application/vnd.jupyter.stderr']").last).to_contain_text(
        "division by zero"
    )
    cell.screenshot(path=tmp_path / "error.png")
