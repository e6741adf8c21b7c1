"""The control panel as a participant meets it."""

import os
import re
import signal

import pytest
from playwright.sync_api import expect

PANEL = "from swimlanes import ControlPanel\npanel = ControlPanel({})\npanel"
PIN = """import os
for thread in os.listdir("/proc/self/task"):
    os.sched_setaffinity(int(thread), {min(os.sched_getaffinity(0))})
"""
NO_FREE_THREADING = """import os
os.environ["SWIMLANES_FREE_THREADED_PYTHON"] = "/no/such/python"
"""


@pytest.fixture
def open_panel(lab_page):
    """Return a function that shows a panel made with the given arguments."""

    def open_with(arguments="", *more_cells):
        page = lab_page(PANEL.format(arguments), *more_cells)
        expect(button(page, "Run")).to_be_visible()
        return page

    return open_with


def button(page, name):
    return page.locator(".swimlanes").get_by_role("button", name=name, exact=True)


def press(page, name):
    """Press a button by keyboard."""
    button(page, name).focus()
    page.keyboard.press("Enter")
    expect(button(page, name)).to_be_disabled()  # the kernel has heard it


def slider(page, name):
    exactly = re.compile(f"^{name}$")
    group = page.locator(".swimlanes .widget-slider", has=page.locator("label", has_text=exactly))
    return group.get_by_role("slider")


def lanes(page):
    return page.locator(".swimlanes svg[id$=lanes]")


def idle(page):
    expect(button(page, "Run")).to_be_enabled(timeout=60_000)


def test_sliders_moved_by_keyboard_and_run_make_lanes_appear(open_panel):
    page = open_panel("workers=1, tasks=8, task_ms=20")
    slider(page, "Processes").focus()
    page.keyboard.press("ArrowRight")
    slider(page, "Tasks").focus()
    page.keyboard.press("ArrowRight")
    press(page, "Run")
    idle(page)
    expect(lanes(page)).to_contain_text("9 tasks on 2 workers")
    expect(lanes(page)).to_contain_text("worker 2")
    expect(lanes(page)).to_contain_text("all results in hand")
    expect(lanes(page).locator("g > text.n")).to_have_count(9)
    assert page.problems == []


def test_mode_by_keyboard_names_the_slider_and_shuts_what_makes_no_sense(open_panel):
    page = open_panel()
    slider(page, "Mode").focus()
    page.keyboard.press("ArrowLeft")
    expect(slider(page, "Threads")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(button(page, "Sweep")).to_be_disabled()
    expect(button(page, "Run")).to_be_enabled()


def test_another_workload_with_unequal_tasks(open_panel):
    page = open_panel("mode='nested', workers=2, tasks=8, task_ms=10")
    expect(slider(page, "Threads per process")).to_be_visible()
    page.get_by_label("Workload").select_option("hashing · releases the GIL")
    press(page, "Run")
    idle(page)
    button(page, "More").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Task lengths").select_option("1, 8, 1.5, 2")
    page.get_by_label("Schedule").select_option("imap_unordered")
    press(page, "Run")
    idle(page)
    expect(lanes(page)).to_contain_text("8 tasks on 2 processes × 2 threads")
    expect(lanes(page)).to_contain_text("chunks of 1")
    latest = page.locator(".swimlanes tbody tr").first
    title = "hashing, 1,8,1.5,2 lengths, imap_unordered in chunks of 1, "
    expect(latest).to_have_attribute("title", re.compile(f"^{title}"))
    assert page.problems == []


def test_modes_that_are_missing_here_say_why(lab_page):
    page = lab_page(NO_FREE_THREADING + PANEL.format("mode='nested'"))
    reason = page.locator(".swimlanes").get_by_text("names '/no/such/python', which is not")
    expect(reason).to_be_hidden()
    fold = page.locator(".swimlanes summary", has_text="not available here: free-threaded")
    fold.focus()
    page.keyboard.press("Enter")
    expect(reason).to_be_visible()
    slider(page, "Mode").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".swimlanes .widget-readout", has_text="free-threaded")).to_have_count(0)
    expect(button(page, "Run")).to_be_enabled()


def test_kernel_answers_during_a_run(open_panel, run_cell):
    page = open_panel("mode='serial', tasks=60, task_ms=500", "6 * 7")
    press(page, "Run")
    expect(lanes(page).locator("g > text.n").first).to_be_visible()
    run_cell(page, 1)
    expect(page.locator(".jp-OutputArea-output pre")).to_have_text("42")
    expect(button(page, "Stop")).to_be_enabled()
    press(page, "Stop")
    idle(page)


@pytest.mark.parametrize("mode", ["serial", "threads", "processes"])
def test_stop_in_mid_run_leads_back_to_idle(open_panel, mode):
    page = open_panel(f"mode={mode!r}, tasks=60, task_ms=500")
    press(page, "Run")
    expect(lanes(page).locator("g > text.n").first).to_be_visible()
    press(page, "Stop")
    idle(page)
    expect(page.locator(".swimlanes").get_by_text("Stopped. The picture")).to_be_visible()
    expect(button(page, "Stop")).to_be_disabled()


def test_sweep_makes_the_curve_appear(open_panel):
    page = open_panel("tasks=8, task_ms=5, repeats=1")
    press(page, "Sweep")
    curve = page.locator(".swimlanes svg[id$=speedup]")
    expect(curve).to_contain_text("possible here", timeout=60_000)
    idle(page)
    cores = len(os.sched_getaffinity(0))
    expect(curve.locator("g > title")).to_have_count(cores + 3)
    expect(page.locator(".swimlanes")).to_contain_text("possible)")
    assert page.problems == []


def test_killed_worker_is_told_in_one_sentence(open_panel):
    page = open_panel("tasks=60, task_ms=500")
    press(page, "Run")
    shown = lanes(page).get_by_text(re.compile(r"^pid \d+$")).first
    os.kill(int(shown.text_content().split()[1]), signal.SIGKILL)
    alert = page.locator(".swimlanes").get_by_role("alert")
    expect(alert).to_contain_text(re.compile(r"Worker \d \(process \d+\) was ended by SIGKILL"))
    idle(page)


def test_one_core_is_told_beforehand(lab_page):
    page = lab_page(PIN + PANEL.format(""))
    expect(page.locator(".swimlanes")).to_contain_text("flat")
    expect(page.locator(".swimlanes")).to_contain_text("1 core")
