"""The control panel without a mouse, in JupyterLab, which has keyboard shortcuts of its own."""

import re

import pytest
from playwright.sync_api import expect

from .panel import FOLDS, SPEEDUP

MOST_STOPS = 80


@pytest.fixture
def keys(open_panel):
    """Return a function that shows a panel and leaves its cell as a person at the keyboard does."""

    def open_with(arguments):
        panel = open_panel(arguments)
        panel.page.keyboard.press("Escape")
        return panel

    return open_with


def go_to(panel, control, key="Tab"):
    """Press Tab until a control has the focus."""
    for _ in range(MOST_STOPS):
        panel.page.keyboard.press(key)
        if control.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{key} does not lead to {control}")


def press(panel, *keys):
    for key in keys:
        panel.page.keyboard.press(key)


def choose(panel, arrow):
    """Choose the next or the last entry of a list; while it is shut JupyterLab takes the arrows."""
    press(panel, "Space", arrow, "Enter")


def test_a_run_and_a_sweep(keys):
    panel = keys("workload='query', workers=1, tasks=8, task_ms=20, repeats=1")
    go_to(panel, panel.field("Processes"))
    press(panel, "ArrowUp")
    go_to(panel, panel.field("Tasks"))
    press(panel, "ArrowDown")
    go_to(panel, panel.button("Run"))
    press(panel, "Enter")
    expect(panel.lanes).to_contain_text("7 tasks on 2 workers")
    expect(panel.lanes).to_contain_text("all results in hand")
    panel.until_idle()
    expect(panel.button("Run")).to_be_focused()
    go_to(panel, panel.button("Sweep"))
    press(panel, "Space")
    expect(panel.curve).to_contain_text(SPEEDUP, timeout=60_000)
    panel.until_idle()
    expect(panel.button("Sweep")).to_be_focused()


def test_lists_and_folds(keys):
    panel = keys("tasks=8, task_ms=20")
    go_to(panel, panel.field("Mode"))
    choose(panel, "ArrowUp")
    expect(panel.field("Threads")).to_be_visible()
    go_to(panel, panel.field("Workload"))
    choose(panel, "ArrowDown")
    chosen = panel.field("Workload").locator("option:checked")
    expect(chosen).not_to_have_text(re.compile("count down"))
    go_to(panel, panel.button("More"))
    press(panel, "Enter")
    expect(panel.field("Schedule")).to_be_visible()
    go_to(panel, panel.field("Schedule"))
    choose(panel, "ArrowDown")
    expect(panel.field("Schedule").locator("option:checked")).to_have_text("imap")
    go_to(panel, panel.button("More"), key="Shift+Tab")
    press(panel, "Space")
    expect(panel.field("Schedule")).to_be_hidden()


def test_stop(keys):
    panel = keys("tasks=60, task_ms=500")
    go_to(panel, panel.button("Run"))
    press(panel, "Enter")
    expect(panel.bars.first).to_be_visible()
    go_to(panel, panel.button("Stop"))
    press(panel, "Enter")
    expect(panel.whole.get_by_text("Stopped. The picture")).to_be_visible()
    panel.until_idle()


def test_code_and_table(keys):
    panel = keys("tasks=4, task_ms=20")
    go_to(panel, panel.button("Run"))
    press(panel, "Enter")
    expect(panel.lanes).to_contain_text("all results in hand")
    panel.until_idle()
    go_to(panel, panel.button("Code for this run"))
    press(panel, "Enter")
    expect(panel.whole.get_by_role("region", name="Code for this run")).to_contain_text("Pool(")
    go_to(panel, panel.button("As a table"))
    press(panel, "Space")
    expect(panel.whole.get_by_role("table").first).to_be_visible()


def test_every_control_is_reached_and_shows_that_it_is(keys):
    panel = keys("mode='nested'")
    for fold in FOLDS:
        panel.button(fold).click()
    panel.page.locator(".jp-Notebook .cm-content").first.click()
    press(panel, "Escape")
    controls = panel.whole.locator("button:enabled, input:enabled, select:enabled, summary")
    missed = controls.and_(panel.whole.locator(":not([data-reached])")).filter(visible=True)
    for _ in range(3):  # what shows anew on the way is reached the next time round
        go_round(panel)
        if missed.count() == 0:
            break
    expect(missed).to_have_count(0)


def go_round(panel):
    """Press Tab through the whole panel and mark what is reached, which must show that it is."""
    for _ in range(MOST_STOPS):
        press(panel, "Tab")
        for focus in panel.whole.locator(":focus").all():
            shown = focus.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
            assert shown, focus.evaluate("e => e.outerHTML.slice(0, 300)")
            focus.evaluate("e => e.dataset.reached = ''")
