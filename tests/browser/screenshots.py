"""Take a picture of every state of the panel in a real JupyterLab, light and dark.

``pytest tests/browser/screenshots.py`` writes them to ``build/screenshots``; with ``--readme`` the
best one is copied to ``course/figures/panel.png``. They are for looking at: nothing is compared.
"""

import os
import re
import shutil
import signal

import pytest
from playwright.sync_api import expect

PANEL = "from swimlanes import ControlPanel\npanel = ControlPanel({})\npanel"
PIN = """import os
for thread in os.listdir("/proc/self/task"):
    os.sched_setaffinity(int(thread), {min(os.sched_getaffinity(0))})
"""
BARS = ".swimlanes svg[id$=lanes] g > text.n"


def button(page, name):
    return page.locator(".swimlanes").get_by_role("button", name=name, exact=True)


def press(page, name):
    """Press a button that starts something, and wait until the kernel has heard it."""
    button(page, name).click()
    expect(button(page, "Run")).to_be_disabled()


def finish(page):
    expect(button(page, "Run")).to_be_enabled(timeout=300_000)


def idle(page):
    """Show a panel that has just been made."""


def running(page):
    press(page, "Run")
    expect(page.locator(BARS).nth(5)).to_be_visible()


def done(page):
    press(page, "Run")
    finish(page)


def sweep(page):
    press(page, "Sweep")
    finish(page)
    done(page)


def threads(page):
    """Compare the curve of threads with that of processes, and show the lanes of threads."""
    sweep(page)
    slider = page.locator(".swimlanes .widget-slider", has=page.get_by_text("Mode", exact=True))
    slider.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    sweep(page)


def failed(page):
    press(page, "Run")
    shown = page.locator(".swimlanes svg[id$=lanes]").get_by_text(re.compile(r"^pid \d+$")).first
    os.kill(int(shown.text_content().split()[1]), signal.SIGKILL)
    expect(page.locator(".swimlanes").get_by_role("alert")).to_be_visible()


def more(page):
    """Run unequal tasks and unfold what is needed less often."""
    page.set_viewport_size({"width": 1280, "height": 1000})
    button(page, "More").click()
    page.locator(".swimlanes-missing summary").click()
    done(page)


STATES = {
    "idle": ("", idle),
    "running": ("task_ms=150", running),
    "done": ("task_ms=100", done),
    "sweep": ("task_ms=100, repeats=5", sweep),
    "threads": ("task_ms=50, repeats=3", threads),
    "failed": ("workers=3, task_ms=400", failed),
    "more": (
        "workload='payload', mode='nested', task_ms=50, lengths='1,8,1.5,2', schedule='imap'",
        more,
    ),
    "many": ("workers=4, tasks=3000, task_ms=1, task_bytes=1000", done),
    "nested": ("mode='nested', task_ms=20, repeats=2", sweep),
    "one-core": ("task_ms=20, repeats=3", sweep),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_screenshot(lab_page, repository, request, state, theme):
    arguments, act = STATES[state]
    pin = PIN if state == "one-core" else ""
    page = lab_page(pin + PANEL.format(arguments), theme=theme)
    act(page)
    page.locator(".swimlanes").scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    picture = repository / f"build/screenshots/{state}-{theme}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=picture)
    if request.config.getoption("--readme", default=False) and (state, theme) == ("sweep", "light"):
        figures = repository / "course/figures"
        figures.mkdir(exist_ok=True)
        shutil.copy(picture, figures / "panel.png")
