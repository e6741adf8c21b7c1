"""The first page of a lab that was started as the image starts it, with the course seeded."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .front_ends import KERNEL_DEADLINE_MS, Lab, running

ROOT = Path(__file__).parents[2]
ORIGINALS = ROOT / "course/notebooks"
LESSON, TITLE = "00-your-cores.ipynb", "00 · Your cores"


class CourseLab(Lab):
    """JupyterLab behind the image's entry point, which brings the course."""

    def command(self, port, prefix):
        return [
            *("env", f"SWIMLANES_COURSE={ORIGINALS}", f"JUPYTER_CONFIG_PATH={ROOT}/image/settings"),
            *(sys.executable, str(ROOT / "image/entry/start.py")),
            *(str(Path(sys.executable).with_name("jupyter-lab")), "--no-browser", "--allow-root"),
            *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
            *(f"--ServerApp.root_dir={self.folder}", f"--IdentityProvider.token={self.token}"),
        ]

    @property
    def course(self):
        """The participant's folder."""
        return self.folder / "course"


@pytest.fixture(scope="module")
def course_lab(tmp_path_factory):
    """Start the lab with the course."""
    with running(CourseLab, tmp_path_factory.mktemp("course-lab")) as started:
        yield started


@pytest.fixture
def start_page(course_lab, new_page):
    """Return a function that opens the lab's first page, whichever that is."""

    def land(theme="light"):
        page = new_page()
        course_lab.choose(theme)
        page.goto(f"{course_lab.url}/?token={course_lab.token}")
        ready = page.get_by_text("Python 3 (ipykernel) | Idle")
        expect(ready).to_be_visible(timeout=KERNEL_DEADLINE_MS)
        return page

    yield land
    course_lab.shut_down_kernels()


def look(page):
    """Run the page's only cell by keyboard, and return what puts a lesson back."""
    page.locator(".jp-CodeCell:visible .cm-content").click()
    page.keyboard.press("Control+Enter")
    part = page.locator(".swimlanes-start")
    expect(part).to_be_visible()
    return part


def row(page, title=TITLE):
    return page.get_by_role("row").filter(has_text=title)


def test_the_first_page_leads_to_the_lessons_before_anything_has_run(start_page):
    page = start_page()
    expect(page).to_have_title("START.ipynb - JupyterLab", timeout=KERNEL_DEADLINE_MS)
    expect(row(page)).to_contain_text("15 min")
    expect(row(page)).to_contain_text("○ 0 of 3")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_role("tab", name=LESSON)).to_be_visible()
