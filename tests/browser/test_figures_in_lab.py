"""Figures of runs and studies, as a participant sees them below a cell."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

CELL = """%load_ext swimlanes
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show()
from swimlanes import figures, run
record = run("query", mode="threads", workers=2, tasks=6, task_ms=30)
display(figures.account(record))
figures.lanes(record)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_follows_the_theme_and_stays_when_the_notebook_is_opened_again(theme, lab_page):
    page = lab_page(CELL, theme=theme)
    lanes = page.get_by_role("img", name="6 tasks on 2 workers")
    expect(page.get_by_role("img", name="Where the time went")).to_be_visible()
    expect(lanes).to_contain_text("threads: 6 tasks on 2 workers")
    assert (paper_of(lanes.screenshot()) < 128) == (theme == "dark")
    plot = page.locator(".jp-RenderedSVG img")
    assert (paper_of(plot.screenshot()) < 128) == (theme == "dark")
    page.set_viewport_size({"width": 900, "height": 720})
    assert lanes.evaluate("({parentElement: room}) => room.scrollWidth <= room.clientWidth")
    page.keyboard.press("Control+s")
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty, .jp-mod-dirty")).to_have_count(0)
    page.reload()
    expect(lanes).to_contain_text("threads: 6 tasks on 2 workers", timeout=60_000)
    assert page.problems == []


def paper_of(png):
    """Return how light the paper of a picture is; there is nothing in its lower left corner."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    return picture.getpixel((2, picture.height - 3))
