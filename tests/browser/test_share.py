"""Two people share their curves with the class, and see both on its wall."""

from playwright.sync_api import expect

from .panel import Panel

TWO_PANELS = """
import os, tempfile
os.environ["HOME"] = tempfile.mkdtemp()
from IPython.display import display
from swimlanes import ControlPanel
for _ in range(2):
    display(ControlPanel("query", mode="threads", tasks=2, task_ms=1, workers=2, repeats=1))
"""


def test_two_panels_share_and_the_wall_shows_both_curves(lab_page, new_page, opened):
    page = lab_page(TWO_PANELS)
    panels = [Panel(page, number) for number in range(2)]
    for panel in panels:  # before one of them joins, else the other finds its seat in their home
        panel.button("Share with the class").click()
        expect(panel.field("Address")).to_be_visible()
    for number, panel in enumerate(panels, start=1):
        panel.field("Address").fill(opened.base)
        panel.field("Join code").fill(opened.identity.code)
        panel.field("Join code").press("Tab")
        page.keyboard.press("Enter")
        expect(panel.whole.get_by_text("You have joined the wall")).to_be_visible()
        expect(panel.button("Join")).to_be_focused()
        expect(panel.whole.get_by_text("Sweep first, then")).to_be_visible()
        panel.do("Sweep")
        expect(panel.whole.get_by_role("row", name="point 2")).to_be_visible()
        panel.button("Send").press("Enter")
        expect(panel.whole.get_by_role("status").get_by_text(f"person {number}.")).to_be_visible()
        expect(panel.button("Send")).to_be_focused()
    with page.expect_popup() as came:
        panels[1].whole.get_by_role("link", name=opened.base).click()
    wall = came.value
    for number in (1, 2):
        expect(wall.locator(f"svg [data-person='{number}']")).to_have_count(1)
    assert page.problems == []
