"""What happens around a panel: themes, other panels, other views, other kernels, saved records."""

import os
import re
import signal

import pytest
from playwright.sync_api import expect

from .front_ends import NOTEBOOK, choose_from_menu, restart_kernel
from .panel import Panel

TWO_PANELS = """from swimlanes import ControlPanel
from IPython.display import display
display(ControlPanel(tasks=8, task_ms=100))
display(ControlPanel(tasks=5, task_ms=20, mode="threads"))"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_switch_of_theme_while_a_picture_stands(open_panel, eventually, theme):
    panel = open_panel("tasks=8, task_ms=20", theme=theme)
    panel.do("Run")
    expect(panel.bars).to_have_count(8)
    texts = (panel.lanes.locator("text").first, panel.field("Mode"))
    assert all(is_bright(text) == (theme == "dark") for text in texts)
    choose_theme(panel.page, "JupyterLab Light" if theme == "dark" else "JupyterLab Dark")
    eventually(lambda: all(is_bright(text) == (theme == "light") for text in texts))
    expect(panel.bars).to_have_count(8)


def test_two_panels_in_a_notebook_run_independently(lab_page):
    page = lab_page(TWO_PANELS)
    first, second = Panel(page, 0), Panel(page, 1)
    first.press("Run")
    second.do("Run")
    first.until_idle()
    expect(first.lanes).to_contain_text("8 tasks on")
    expect(first.bars).to_have_count(8)
    expect(second.lanes).to_contain_text("5 tasks on")
    expect(second.bars).to_have_count(5)
    assert first.lanes.get_attribute("id") != second.lanes.get_attribute("id")


def test_panel_shown_twice_shows_the_same(open_panel, run_cell):
    first = open_panel("tasks=8, task_ms=20", "panel")
    run_cell(first.page, 1)
    second = Panel(first.page, 1)
    second.enter("Tasks", 6)
    second.do("Run")
    first.until_idle()
    expect(first.field("Tasks")).to_have_value("6")
    for panel in (first, second):
        expect(panel.bars).to_have_count(6)
    assert first.lanes.inner_html() == second.lanes.inner_html()


def test_restart_of_the_kernel_leaves_no_wrong_state(open_panel, run_cell, lives, eventually):
    old = open_panel("tasks=60, task_ms=500")
    old.begin()
    workers = old.workers()
    restart_kernel(old.page)
    expect(old.page.get_by_text("Running.", exact=True)).to_be_hidden()
    expect(old.page.get_by_text("worker 1")).to_be_hidden()
    expect(old.button("Run")).to_be_hidden()
    assert workers
    eventually(lambda: not any(lives(worker) for worker in workers))
    run_cell(old.page, 0)
    new = Panel(old.page)
    new.begin()
    new.stop()


def test_a_page_whose_kernel_another_page_restarts_says_so_and_loses_no_click(
    lab, open_panel, new_page, run_cell
):
    first = open_panel("tasks=4, task_ms=20", "import os; print(os.getpid())")
    first.do("Run")
    first.page.keyboard.press("Escape")
    first.page.keyboard.press("Control+s")
    expect(first.page.get_by_text("Saving completed")).to_be_visible()
    second = Panel(new_page())
    second.page.goto(f"{lab.url}/lab/workspaces/second/tree/{NOTEBOOK}?token={lab.token}")
    second.do("Run")
    expect(first.bars).to_have_count(4)
    assert not notice(first).is_visible()
    restart_kernel(first.page)
    expect(notice(second)).to_be_visible()
    run_cell(second.page, 0)
    for _ in range(3):
        second.do("Run")
    assert not notice(second).is_visible()
    process = int(run_cell(second.page, 1).locator(".jp-OutputArea").inner_text())
    os.kill(process, signal.SIGSTOP)
    expect(notice(second)).to_be_visible()
    os.kill(process, signal.SIGCONT)
    expect(notice(second)).to_be_hidden()


def test_record_saved_in_one_panel_is_replayed_in_another(lab_page, run_cell):
    # The run is long enough for its replay to show a part of it on a busy machine, too.
    page = lab_page(TWO_PANELS.replace("task_ms=100", "task_ms=1000, workload='query'"))
    first, second = Panel(page, 0), Panel(page, 1)
    first.do("Run")
    first.button("Save and open").click()
    first.field("Save").select_option("Run: data (JSON), can be opened again")
    first.button("Save").click()
    expect(first.whole.get_by_text("Saved as swimlanes-run-1.json")).to_be_visible()
    second.button("Save and open").click()
    second.button("Open").click()
    expect(second.bars).to_have_count(8)
    second.stopwatch("Replay", second.FIRST_BAR)  # there are fewer bars than before
    second.until_idle()
    expect(second.bars).to_have_count(8)


def notice(panel):
    """What a panel says that hears no more from its kernel."""
    return panel.whole.get_by_text("Not connected")


def choose_theme(page, name):
    """Choose a theme in JupyterLab's menu."""
    choose_from_menu(page, "Settings", "Theme", name)


def is_bright(text):
    """Tell whether a text is written in a bright colour."""
    colour = text.evaluate(
        "e => getComputedStyle(e)[e instanceof SVGElement ? 'fill' : 'color']",
    )
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) > 3 * 128
