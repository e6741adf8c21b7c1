"""The control panel as a participant meets it, with the mouse."""

import os
import re
import signal
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from swimlanes import usable_cores

from .panel import BARRED, SPEEDUP

PIN = """import os
for thread in os.listdir("/proc/self/task"):
    os.sched_setaffinity(int(thread), {min(os.sched_getaffinity(0))})
"""
NO_FREE_THREADING = """import os
os.environ["SWIMLANES_FREE_THREADED_PYTHON"] = "/no/such/python"
"""


def test_fields_and_run_make_lanes_appear(open_panel):
    panel = open_panel("workers=1, tasks=8, task_ms=20")
    panel.enter("Processes", 2)
    panel.enter("Tasks", 9)
    panel.do("Run")
    expect(panel.lanes).to_contain_text("9 tasks on 2 workers")
    expect(panel.lanes).to_contain_text("worker 2")
    expect(panel.lanes).to_contain_text("all results in hand")
    expect(panel.bars).to_have_count(9)
    assert panel.page.problems == []


def test_slider_dragged_by_mouse_decides_the_next_run(open_panel):
    panel = open_panel("workers=1, tasks=8, task_ms=20")
    most = panel.most("Processes")
    panel.drag("Processes", to_the_right=2000)
    panel.do("Run")
    expect(panel.lanes).to_contain_text(f"8 tasks on {most} workers")
    expect(panel.field("Processes")).to_have_value(str(most))


def test_a_press_counts_what_was_changed_before_it_however_late_the_kernel_is(open_panel, run_cell):
    panel = open_panel("workload='query', workers=1, tasks=8, task_ms=5", "import os; os.getpid()")
    process = int(run_cell(panel.page, 1).locator(".jp-OutputArea-output pre").inner_text())
    for fold in ("More", "Save and open"):
        panel.button(fold).click()
    most = panel.most("Tasks")
    # The second value of a field is not sent before the first is taken.
    with kept_waiting(panel.page, process):
        panel.drag("Processes", to_the_right=2000)
        panel.enter("Processes", 3)
        panel.enter("Tasks", 5)
        panel.enter("Tasks", 6)
        panel.drag("Tasks", to_the_right=2000)
        for name, values in CHOICES.items():
            for value in values:
                panel.field(name).select_option(value)
        panel.button("Run").click()
    expect(panel.lanes).to_contain_text(f"{most} tasks on 3 workers")
    panel.until_idle()
    panel.button("Code for this run").click()
    code = panel.whole.get_by_role("region", name="Code for this run")
    for part in ("ThreadPool(3)", "0.05", "imap_unordered", "chunksize=2"):
        expect(code).to_contain_text(part)
    with kept_waiting(panel.page, process):
        for kind in ("Run: data (CSV)", "Run: picture (SVG)"):
            panel.field("Save").select_option(kind)
        panel.button("Save").click()
    expect(panel.whole.get_by_text("Saved as swimlanes-run-1.svg")).to_be_visible()
    assert panel.page.problems == []


CHOICES = {
    "Task length": ("10 ms", "50 ms"),
    "Schedule": ("imap", "imap_unordered"),
    "Chunk size": ("1", "2"),
    "Mode": ("serial", "threads"),
}


@contextmanager
def kept_waiting(page, process):
    """Let a kernel take nothing for a while.

    The notice that a panel is not connected comes soon and lets no click through: it is away
    meanwhile, as for a person who is quicker than a busy machine.
    """
    style = page.add_style_tag(content=".swimlanes-pulse { display: none !important; }")
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
        style.evaluate("element => element.remove()")


def test_value_that_does_not_fit_becomes_the_nearest_and_that_is_said(open_panel):
    panel = open_panel("workers=1, tasks=8, task_ms=20")
    panel.field("Tasks").fill("")
    panel.field("Tasks").press_sequentially("2.5")
    panel.field("Tasks").press("Tab")
    expect(panel.whole.get_by_text("2.5 became 3: this takes a whole number")).to_be_visible()
    expect(panel.field("Tasks")).to_have_value("3")
    panel.enter("Tasks", 1)
    expect(panel.whole.get_by_text("became")).to_have_count(0)
    panel.enter("Tasks", -3)
    panel.do("Run")
    expect(panel.whole.get_by_text("-3 became 1")).to_be_visible()
    expect(panel.field("Tasks")).to_have_value("1")
    expect(panel.bars).to_have_count(1)


SOME_MODES = """from swimlanes import modes
names = modes.MODES[:{count}]
panel.controls.show_modes({{name: "" if name in names else "Not here." for name in modes.MODES}})
"""
OVERLAPS = """
() => {
  const words = [...document.querySelectorAll(".swimlanes-controls *")]
    .filter(e => e.children.length == 0 && e.textContent.trim() && e.checkVisibility())
    .map(e => [e.textContent, e.getBoundingClientRect()])
    .filter(([_, box]) => box.width && box.height)
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1
  return words.flatMap(([a, one], i) => words.slice(i + 1)
    .filter(([_, other]) => meet(one, other)).map(([b]) => `${a} / ${b}`))
}
"""


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7])
def test_no_word_stands_on_another_however_many_modes_there_are(open_panel, run_cell, count):
    panel = open_panel("", SOME_MODES.format(count=count))
    run_cell(panel.page, 1)
    expect(panel.whole.locator(".swimlanes-marks span")).to_have_count(count)
    assert panel.page.evaluate(OVERLAPS) == []


def test_mode_names_the_slider_and_shuts_what_makes_no_sense(open_panel):
    panel = open_panel()
    panel.field("Mode").select_option("threads")
    expect(panel.field("Threads")).to_be_visible()
    panel.field("Mode").select_option("serial")
    expect(panel.button("Sweep")).to_be_disabled()
    expect(panel.button("Run")).to_be_enabled()


def test_another_workload_with_unequal_tasks(open_panel):
    panel = open_panel("mode='nested', workers=2, tasks=8, task_ms=10")
    expect(panel.field("Threads per process")).to_be_visible()
    panel.field("Workload").select_option("hashing · releases the GIL")
    panel.button("More").click()
    panel.field("Task lengths").select_option("1, 8, 1.5, 2")
    panel.field("Schedule").select_option("imap_unordered")
    panel.do("Run")
    expect(panel.lanes).to_contain_text("8 tasks on 2 processes × 2 threads")
    expect(panel.lanes).to_contain_text("chunks of 1")
    assert panel.page.problems == []


def test_modes_that_are_missing_here_say_why(open_panel):
    panel = open_panel("mode='nested'", before=NO_FREE_THREADING)
    reason = panel.whole.get_by_text("names '/no/such/python', which is not")
    fold = panel.whole.locator("summary", has_text="not available here: free-threaded")
    expect(fold).to_be_visible()
    expect(reason).to_be_hidden()
    fold.click()
    expect(reason).to_be_visible()
    assert "free-threaded" not in panel.field("Mode").locator("option").all_text_contents()


# A picture scrolls in its room, where it would be too small to read.
CUT_OFF = """
() => {
  const panel = document.querySelector(".swimlanes"), edge = panel.getBoundingClientRect().right + 1
  const moves = e => getComputedStyle(e).overflowX != "visible"
  const shown = [...panel.querySelectorAll("*")].filter(e => e.checkVisibility())
    .filter(e => !e.closest("pre, .swimlanes-tables, .swimlanes-room"))
  const beyond = shown.filter(e => e.getBoundingClientRect().right > edge)
  const clipped = shown.filter(e => e.matches("button, select, label") && moves(e)
    && e.scrollWidth > e.clientWidth + 1)
  return [...beyond, ...clipped].map(e => e.outerHTML.slice(0, 200))
}
"""


def test_nothing_is_cut_off_in_a_narrow_window_or_enlarged_and_every_field_has_a_name(open_panel):
    panel = open_panel("workload='query', tasks=4, task_ms=5, repeats=1, workers=1, predict=True")
    panel.button("That is my guess").click()
    panel.do("Sweep")
    panel.do("Run")
    for fold in ("More", "As a table", "Save and open"):
        panel.button(fold).click()
    for width in (1400, 900, 700):  # the last is what 200 % leaves of 1400
        panel.page.set_viewport_size({"width": width, "height": 1000})
        assert panel.page.evaluate(CUT_OFF) == []
        assert panel.page.evaluate(OVERLAPS) == []
    nameless = "es => es.filter(e => !e.labels.length).map(e => e.outerHTML)"
    fields = panel.whole.locator("input, select").filter(visible=True)
    assert fields.count() > 10
    assert fields.evaluate_all(nameless) == []


def test_a_cell_that_runs_is_told_and_interrupt_stops_a_sweep(open_panel, run_cell):
    waiting = "import time\nwhile not panel.runs:\n    time.sleep(0.1)"
    panel = open_panel("workload='query', tasks=4, task_ms=20", waiting)
    told = panel.whole.get_by_text("A cell of this notebook is still running")
    expect(told).to_be_hidden()
    panel.page.locator(".jp-Notebook .jp-CodeCell .cm-content").nth(1).click()
    panel.page.keyboard.press("Control+Enter")
    expect(told).to_be_visible()
    panel.do("Run")
    expect(told).to_be_hidden()
    panel.enter("Tasks", 200)
    panel.begin("Sweep")
    panel.page.locator("[data-command='notebook:interrupt-kernel']").first.click()
    expect(panel.whole.get_by_text("Stopped. The picture")).to_be_visible()
    panel.until_idle()
    assert panel.page.problems == []


def test_kernel_answers_during_a_run(open_panel, run_cell):
    panel = open_panel("mode='serial', tasks=60, task_ms=500", "6 * 7")
    panel.begin()
    expect(run_cell(panel.page, 1).locator(".jp-OutputArea-output pre")).to_have_text("42")
    expect(panel.button("Stop")).not_to_have_class(BARRED)
    panel.stop()


@pytest.mark.parametrize("mode", ["serial", "threads", "processes"])
def test_stop_in_mid_run_leads_back_to_idle(open_panel, eventually, lives, mode):
    panel = open_panel(f"mode={mode!r}, tasks=60, task_ms=500")
    panel.begin()
    workers = panel.workers()
    print(f"\nStop to idle, {mode}: {panel.stopwatch('Stop', panel.IDLE):.0f} ms")
    panel.until_idle()
    expect(panel.whole.get_by_text("Stopped. The picture")).to_be_visible()
    expect(panel.button("Stop")).to_have_class(BARRED)
    assert workers or mode != "processes"
    eventually(lambda: not any(lives(worker) for worker in workers))


def test_second_click_on_run_starts_no_second_run(open_panel, run_cell):
    panel = open_panel("tasks=4, task_ms=50", "len(panel.runs)")
    panel.button("Run").dblclick()
    expect(panel.lanes).to_contain_text("all results in hand")
    panel.until_idle()
    expect(panel.bars).to_have_count(4)
    expect(run_cell(panel.page, 1).locator(".jp-OutputArea-output pre")).to_have_text("1")


def test_field_changed_during_a_run_concerns_the_next_one(open_panel):
    panel = open_panel("workers=1, tasks=8, task_ms=200")
    panel.begin()
    panel.enter("Processes", 2)
    panel.until_idle()
    expect(panel.lanes).to_contain_text("8 tasks on 1 worker")
    panel.do("Run")
    expect(panel.lanes).to_contain_text("8 tasks on 2 workers")


def test_sweep_makes_the_curve_appear_and_the_table_lists_it(open_panel):
    panel = open_panel("workload='query', tasks=8, task_ms=5, repeats=1")
    panel.do("Sweep")
    expect(panel.curve).to_contain_text(SPEEDUP)
    expect(panel.whole).to_contain_text("possible")
    panel.button("As a table").click()
    table = panel.whole.get_by_role("table", name="medians of the repetitions")
    head_and_serial, most = 2, usable_cores() + 3
    expect(table.get_by_role("row")).to_have_count(head_and_serial + most)
    assert panel.page.problems == []


def test_one_click_draws_all_modes_and_stop_ends_it_at_once(open_panel):
    work = "workload='query', tasks=4, task_ms=2, repeats=1, cluster='nonsense'"
    panel = open_panel(work, before=NO_FREE_THREADING)
    panel.press("Compare all modes")
    expect(panel.whole.get_by_text(re.compile(r"Comparing: run \d+ of \d+, "))).to_be_visible()
    panel.until_idle()
    for way in ("threads", "processes (fork)", "processes (spawn)"):
        expect(panel.every_way.locator("text", has_text=f"{way} ")).to_be_visible()
    expect(panel.every_way.locator("text", has_text="possible here")).to_be_visible()
    for way in ("free-threaded", "cluster"):
        expect(panel.whole.get_by_text(f"{way} is left out: ")).to_be_visible()
    expect(panel.curve).to_be_hidden()
    panel.enter("Tasks", 60)
    panel.field("Task length").select_option("500 ms")
    panel.begin("Compare all modes")
    print(f"\nStop to idle, comparing: {panel.stopwatch('Stop', panel.IDLE):.0f} ms")
    expect(panel.whole.get_by_text("Stopped. The picture")).to_be_visible()
    assert panel.page.problems == []


def test_killed_worker_is_told_in_one_sentence_until_the_next_run(open_panel):
    panel = open_panel("tasks=60, task_ms=500")
    panel.begin()
    os.kill(panel.workers()[0], signal.SIGKILL)
    expect(panel.alert).to_contain_text(re.compile(r"Worker \d \(process \d+\) was ended by SIG"))
    panel.until_idle()
    panel.begin()
    expect(panel.alert).to_be_hidden()
    panel.stop()


def test_one_core_is_told_beforehand(open_panel):
    panel = open_panel(before=PIN)
    expect(panel.whole).to_contain_text("flat")
    expect(panel.whole).to_contain_text("1 core")
