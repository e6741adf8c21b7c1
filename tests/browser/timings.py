"""How quick the panel is in a real browser, and how much it sends there; nothing is asserted.

``make panel-timings`` prints the table. It wants a machine that does nothing else.
"""

from statistics import median

import pytest
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

ROUNDS = 5
RUNS = {
    "24 tasks": "tasks=24, task_ms=100",
    "64 tasks on 32 workers": "tasks=64, task_ms=100, workers=32",
    "20 000 tasks": "tasks=20_000, task_ms=1",
}


@pytest.fixture(scope="module")
def table():
    rows = Table("what", "median", "most", "", title="The panel in Chromium", box=SIMPLE)
    yield rows
    Console(width=100).print("\n", rows)


@pytest.fixture
def new_page(new_page):
    """Let every page keep what it receives from the kernel."""

    def open_page():
        page = new_page()
        page.messages = []

        def keep(message):
            page.messages.append(message)

        page.on("websocket", lambda socket: socket.on("framereceived", keep))
        return page

    return open_page


def test_click_on_run_to_first_bar(open_panel, table):
    panel = open_panel("tasks=24, task_ms=40, start_method='fork'")
    panel.do("Run")  # calibrates
    times_ms = []
    for _ in range(ROUNDS):
        times_ms.append(panel.stopwatch("Run", panel.FIRST_BAR))
        panel.until_idle()
    add(table, "click on Run to the first bar, goal 300", times_ms, "ms")


@pytest.mark.parametrize("mode", ["processes", "threads", "serial"])
def test_stop_to_idle(open_panel, table, mode):
    panel = open_panel(f"mode={mode!r}, tasks=60, task_ms=500")
    times_ms = []
    for _ in range(ROUNDS):
        panel.begin()
        times_ms.append(panel.stopwatch("Stop", panel.IDLE))
    add(table, f"Stop to idle, {mode}, goal 1000", times_ms, "ms")


@pytest.mark.parametrize("run", RUNS)
def test_messages_during_a_run(open_panel, table, run):
    panel = open_panel(RUNS[run])
    panel.do("Run")  # calibrates
    panel.page.messages.clear()
    begin_ms = panel.page.evaluate("performance.now()")
    panel.do("Run")
    duration_s = (panel.page.evaluate("performance.now()") - begin_ms) / 1000
    messages = list(panel.page.messages)
    lanes = [message for message in messages if b'-lanes\\"' in as_bytes(message)]
    loads = [message for message in messages if b'-load\\"' in as_bytes(message)]
    redraws_kb = [(len(a) + len(b)) / 1000 for a, b in zip(lanes, loads, strict=False)]
    add(table, f"redraw, {run}, goal 30", redraws_kb, "kB")
    add(table, f"largest message, {run}", [max(map(len, messages)) / 1000], "kB")
    add(table, f"redraws, {run}", [len(lanes) / duration_s], "a second")
    add(table, f"messages, {run}", [len(messages) / duration_s], "a second")


def as_bytes(message):
    return message.encode() if isinstance(message, str) else message


def add(table, what, values, unit):
    table.add_row(what, f"{median(values):.3g}", f"{max(values):.3g}", unit)
