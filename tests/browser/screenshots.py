"""Take a picture of every state of the panel in a real JupyterLab, light and dark.

``pytest tests/browser/screenshots.py`` writes them to ``build/screenshots``; with ``--readme`` the
best one is copied to ``course/figures/panel.png``. They are for looking at: nothing is compared.
"""

import os
import shutil
import signal

import pytest
from playwright.sync_api import expect

PIN = """import os
for thread in os.listdir("/proc/self/task"):
    os.sched_setaffinity(int(thread), {min(os.sched_getaffinity(0))})
"""


def idle(panel):
    """Show a panel that has just been made."""


def calibrating(panel):
    panel.press("Run")
    expect(panel.whole.get_by_text("Calibrating.")).to_be_visible()


def running(panel):
    panel.begin()
    expect(panel.bars.nth(5)).to_be_visible()


def run(panel):
    panel.do("Run")


def sweep(panel):
    panel.do("Sweep")
    panel.do("Run")


def sweeping(panel):
    panel.begin("Sweep")
    expect(panel.curve.get_by_text("possible here")).to_be_visible(timeout=60_000)


def compared(panel):
    """Compare the curve of threads with that of processes, and show the lanes of threads."""
    sweep(panel)
    panel.field("Mode").select_option("threads")
    sweep(panel)


def efficiency(panel):
    compared(panel)
    panel.field("Show").select_option("efficiency")


def times(panel):
    compared(panel)
    panel.field("Show").select_option("time")


def comparing(panel):
    panel.begin("Compare all modes")
    expect(panel.every_way.get_by_text("possible here")).to_be_visible(timeout=60_000)
    expect(panel.every_way.get_by_text("processes (spawn)")).to_be_visible(timeout=60_000)


def every_way(panel):
    panel.do("Compare all modes")


def every_way_and_a_run(panel):
    every_way(panel)
    panel.do("Run")


def failed(panel):
    panel.begin()
    os.kill(panel.workers()[0], signal.SIGKILL)
    expect(panel.alert).to_be_visible()


def more(panel):
    """Run unequal tasks and unfold what is needed less often."""
    panel.button("More").click()
    panel.whole.locator("summary", has_text="not available here").click()
    panel.do("Run")


def asked(panel):
    """Ask for a guess."""
    expect(panel.button("That is my guess")).to_be_visible()


def predicted(panel):
    panel.enter("Expected speedup", 1.5)
    sweep(panel)


def code(panel):
    panel.do("Run")
    panel.button("Code for this run").click()


def table(panel):
    panel.do("Sweep")
    panel.button("As a table").click()
    expect(panel.whole.get_by_role("table").first).to_be_visible()


def saved(panel):
    panel.do("Run")
    panel.button("Save and open").click()
    panel.field("Save").select_option("Run: data (JSON), can be opened again")
    panel.button("Save").click()
    expect(panel.whole.get_by_text("Saved as")).to_be_visible()


def sharing(panel):
    panel.button("Share with the class").click()
    expect(panel.field("Join code")).to_be_visible()


def replayed(panel):
    saved(panel)
    panel.stopwatch("Replay", panel.FIRST_BAR)


STATES = {
    "idle": ("", idle),
    "calibrating": ("workload='matrix-product', task_ms=500", calibrating),
    "running": ("task_ms=150", running),
    "done": ("task_ms=100", run),
    "sweeping": ("task_ms=100", sweeping),
    "sweep": ("task_ms=100, repeats=5", sweep),
    "compared": ("task_ms=50, repeats=3", compared),
    "comparing": ("task_ms=50", comparing),
    "every-way": ("task_ms=50", every_way),
    "every-way-many": ("task_ms=20, workers=4", every_way),
    "every-way-missing": (
        "workload='matrix-product', tasks=8, task_ms=20, repeats=1",
        every_way,
    ),
    "every-way-and-a-run": ("tasks=8, task_ms=20, repeats=1", every_way_and_a_run),
    "efficiency": ("task_ms=20, repeats=3", efficiency),
    "time": ("task_ms=20, repeats=3", times),
    "failed": ("workers=3, task_ms=400", failed),
    "more": (
        "workload='payload', mode='nested', task_ms=50, lengths='1,8,1.5,2', schedule='imap'",
        more,
    ),
    "many": ("workers=4, tasks=3000, task_ms=1, task_bytes=1000", run),
    "nested": ("mode='nested', task_ms=20, repeats=2", sweep),
    "cluster": ("mode='cluster', task_ms=50", run),
    "one-core": ("task_ms=20, repeats=3", sweep),
    "asked": ("task_ms=50, predict=True", asked),
    "predicted": ("task_ms=50, repeats=3, predict=True", predicted),
    "code": ("task_ms=50", code),
    "table": ("task_ms=20, repeats=3", table),
    "saved": ("task_ms=50", saved),
    "sharing": ("", sharing),
    "replayed": ("task_ms=150", replayed),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_screenshot(open_panel, repository, request, state, theme):
    arguments, act = STATES[state]
    panel = open_panel(arguments, before=PIN if state == "one-core" else "", theme=theme)
    act(panel)
    height = panel.whole.bounding_box()["height"]
    panel.page.set_viewport_size({"width": 1280, "height": max(720, int(height) + 260)})
    panel.whole.scroll_into_view_if_needed()
    panel.page.mouse.move(0, 0)
    picture = repository / f"build/screenshots/{state}-{theme}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    panel.page.screenshot(path=picture)
    if request.config.getoption("--readme", default=False) and (state, theme) == ("sweep", "light"):
        figures = repository / "course/figures"
        figures.mkdir(exist_ok=True)
        shutil.copy(picture, figures / "panel.png")
