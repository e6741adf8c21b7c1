"""The same short visit to the panel wherever a notebook can be shown."""

from playwright.sync_api import expect

from .panel import SPEEDUP, Panel

CELL = """from swimlanes import ControlPanel
panel = ControlPanel(workload="query", tasks=8, task_ms=20, repeats=1)
panel"""


def test_panel_runs_sweeps_and_stops(front_end, new_page):
    page = new_page()
    front_end.show(page, (CELL,))
    panel = Panel(page)
    expect(panel.button("Run")).to_be_visible()
    page.problems.clear()  # what the front end itself complains of

    panel.do("Run")
    expect(panel.bars).to_have_count(8)

    panel.do("Sweep")
    expect(panel.curve).to_contain_text(SPEEDUP)

    panel.enter("Tasks", 200)  # long enough to be stopped
    panel.begin("Sweep")
    panel.press("Stop")
    panel.until_idle()
    expect(panel.whole).to_contain_text("Stopped. The picture")
    assert page.problems == []
    front_end.shut_down_kernels()
