"""The first page of a lab that was started as the image starts it, with the course seeded."""

import re
import shutil
import sys
from datetime import date
from pathlib import Path

import httpx
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.sign import NotebookNotary
from playwright.sync_api import expect

from swimlanes.course import START, record
from swimlanes.wall import client
from swimlanes.wall.told import Timer

from .front_ends import (
    KERNEL_DEADLINE_MS,
    Lab,
    choose_from_menu,
    load,
    restart_kernel,
    run_cell,
    running,
)

ROOT = Path(__file__).parents[2]
ORIGINALS = ROOT / "course/notebooks"
LESSON, TITLE = "00-your-cores.ipynb", "00 · Your cores"
WIDGET = "application/vnd.jupyter.widget-view+json"
WIDE = '<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="20" viewBox="0 0 4000 20"/>'
NEXT = "01 · Serial Python and map"
CLOCK = re.compile("[45]:[0-5][0-9]")
OF_AN_END = re.compile("Kernel is dead|Canceled future")
"""What JupyterLab complains of when a kernel was shut down, as it is meant to be."""


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
    """Return a function that opens the lab's first page, as on the first start."""

    def land(theme="light", before=lambda page: None):
        page = new_page()
        before(page)
        shutil.rmtree(course_lab.folder / "workspaces", ignore_errors=True)
        course_lab.choose(theme)
        load(page, f"{course_lab.url}/?token={course_lab.token}", row(page))
        return page

    yield land
    course_lab.shut_down_kernels()


def contents(page):
    """Wait until the page shows its contents, for which nobody presses a key; return them."""
    part = page.locator(".swimlanes-start")
    expect(part).to_be_visible(timeout=KERNEL_DEADLINE_MS)
    return part


def until_ready(page):
    """Wait until the kernel is there: before, JupyterLab takes the output away and runs nothing."""
    ready = page.get_by_text("Python 3 (ipykernel) | Idle")
    expect(ready).to_be_visible(timeout=KERNEL_DEADLINE_MS)


def row(page, title=TITLE):
    return page.get_by_role("row").filter(has_text=title).filter(visible=True)


def hold_kernels(page):
    """Let no notebook of the page have a kernel; return the requests that are held back."""
    held = []
    page.route(
        re.compile("/api/sessions[?]"),
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    return held


def test_the_first_page_leads_to_the_lessons_before_anything_has_run(start_page):
    page = start_page(before=hold_kernels)
    expect(page).to_have_title("START.ipynb - JupyterLab")
    expect(row(page)).to_contain_text("15 min")
    expect(row(page)).to_contain_text("? of 3")
    expect(page.get_by_text("choose Run All Cells")).to_be_visible()
    page.get_by_role("link", name=TITLE).press("Enter")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_role("tab", name=LESSON)).to_be_visible()


def test_the_contents_show_themselves_on_every_page_again_and_again_and_change_no_file(
    start_page, course_lab, monkeypatch
):
    page = start_page()
    contents(page)
    expect(row(page)).to_contain_text("○ 0 of 3")
    expect(page.get_by_text("from swimlanes import contents")).to_be_hidden()
    page.reload()
    other = start_page()
    monkeypatch.chdir(course_lab.course)
    record("ask_all")
    for one in (page, other):
        contents(one).get_by_role("button", name="Put back").click()
        expect(row(one, "02 · Waiting")).to_contain_text("◐ 1 of 3")
    expect(contents(page).get_by_role("button", name="Cancel")).to_be_visible()

    restart_kernel(page)
    expect(contents(page).get_by_role("button", name="Cancel")).to_be_hidden()
    contents(page).get_by_role("button", name="Put back").click()
    expect(contents(page).get_by_role("button", name="Cancel")).to_be_visible()
    choose_from_menu(page, "File", "Reload Notebook from Disk")
    contents(page)
    assert page.locator(".jp-mod-dirty").count() == 0
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saving completed")).to_be_visible()
    assert (course_lab.course / START).read_bytes() == (ORIGINALS / START).read_bytes()


def test_a_page_that_looks_alike_elsewhere_runs_nothing_by_itself(new_page, course_lab):
    mailed = course_lab.folder / "mailed/course" / START
    mailed.parent.mkdir(parents=True)
    notebook = nbformat.read(ORIGINALS / START, as_version=4)
    asks = "import sys; print('swimlanes.start_page' in sys.modules)"
    notebook.cells.append(nbformat.v4.new_code_cell(asks))
    nbformat.write(notebook, mailed)
    page = new_page()
    page.goto(f"{course_lab.url}/lab/tree/mailed/course/{START}?token={course_lab.token}&reset")
    until_ready(page)
    expect(run_cell(page, 1)).to_contain_text("False")
    course_lab.shut_down_kernels()


def test_to_open_a_lesson_changes_nothing_in_it_and_it_leads_on(start_page, course_lab):
    page = start_page()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    until_ready(page)
    assert page.locator(".jp-mod-dirty").count() == 0
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saving completed")).to_be_visible()
    assert (course_lab.course / LESSON).read_bytes() == (ORIGINALS / LESSON).read_bytes()
    page.locator(".jp-Notebook:visible").press("Control+End")
    page.get_by_role("link", name=NEXT).click()
    expect(page.get_by_role("heading", name=NEXT)).to_be_visible()


def test_the_page_follows_the_progress_shuts_a_lesson_down_and_puts_it_back(start_page, course_lab):
    page = start_page()
    part = contents(page)
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    run_in_lesson(page, "from swimlanes import checks; checks.most_possible([1, 2, 3, 4, 4]); ")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saving completed")).to_be_visible()

    page.get_by_role("tab", name="START.ipynb").click()
    expect(row(page, "06 · Speedup")).to_contain_text("◐ 1 of 3")
    expect(part).to_contain_text(re.compile(rf"{TITLE}, \d+ MB"))
    part.get_by_role("button", name="Shut down 00").click()
    expect(part.get_by_role("button", name="Shut down 00")).to_be_hidden()
    expect(part.get_by_text("Lesson 00 is shut down.")).to_be_visible()
    choice = part.get_by_label("Put back a lesson")
    choice.focus()
    for key in ("m", "ArrowDown", "ArrowUp"):  # each is a command of JupyterLab's, too
        page.keyboard.press(key)
    expect(choice).to_be_focused()
    expect(choice.locator("option:checked")).to_have_text(TITLE)
    choice.press("Tab")
    page.keyboard.press("Enter")
    expect(part.get_by_role("button", name="Cancel")).to_be_focused()
    assert "checks.most_possible" in (course_lab.course / LESSON).read_text()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    kept = f"mine-{Path(LESSON).stem}-{date.today()}.ipynb"
    expect(part).to_contain_text(f"Yours is kept beside it, as {kept}")
    assert (course_lab.course / LESSON).read_bytes() == (ORIGINALS / LESSON).read_bytes()
    assert "checks.most_possible" in (course_lab.course / kept).read_text()

    page.get_by_role("tab", name=LESSON).click()
    choose_from_menu(page, "File", "Reload Notebook from Disk")
    expect(page.get_by_text("checks.most_possible")).to_be_hidden()
    assert [said for said in page.problems if not OF_AN_END.search(said)] == []


def test_a_deleted_lesson_comes_back(start_page, course_lab):
    (course_lab.course / LESSON).unlink()
    part = contents(start_page())
    part.get_by_label("Put back a lesson").select_option(TITLE)
    part.get_by_role("button", name="Put back").click()
    part.get_by_role("button", name="Yes, put it back").click()
    expect(part).to_contain_text("00-your-cores.ipynb is the original again.")
    assert (course_lab.course / LESSON).read_bytes() == (ORIGINALS / LESSON).read_bytes()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(start_page, theme):
    page = start_page(theme)
    part = contents(page)
    part.get_by_role("button", name="Put back").click()
    expect(part.get_by_role("button", name="Cancel")).to_be_visible()
    expect(row(page)).to_be_visible()
    found = Axe().run(page, context=".jp-OutputArea").response["violations"]
    assert [(finding["help"], finding["nodes"][0]["html"]) for finding in found] == []


def test_what_jupyterlab_leaves_unsaid_is_said(course_lab, new_page, eventually):
    """It drops cells that are run before there is a kernel, and what an earlier kernel showed.

    And it cuts off a picture that is wider than the notebook.
    """
    shown = ({WIDGET: {"model_id": "gone"}}, {"image/svg+xml": WIDE})
    outputs = [nbformat.v4.new_output("display_data", data) for data in shown]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=outputs)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, course_lab.course / "old.ipynb")
    NotebookNotary(data_dir=str(course_lab.folder / "data")).sign(notebook)
    page = new_page()
    held = hold_kernels(page)
    page.goto(f"{course_lab.url}/lab/tree/course/old.ipynb?token={course_lab.token}&reset")
    eventually(lambda: page.wait_for_timeout(50) or held)
    starting = "document.querySelector('.jp-NotebookPanel'), '::after'"
    assert "Python is starting" in page.evaluate(f"getComputedStyle({starting}).content")
    held[0].continue_()
    until_ready(page)
    assert page.evaluate(f"getComputedStyle({starting}).content") == "none"
    gone = page.get_by_text("model not found")
    expect(gone).to_be_visible()
    said = gone.evaluate("e => getComputedStyle(e, '::after').content")
    assert "Run this cell again" in said
    wide = page.locator(".jp-RenderedSVG img")
    assert wide.evaluate("image => image.naturalWidth") == 4000
    assert wide.evaluate("({parentElement: room}) => room.scrollWidth <= room.clientWidth")
    course_lab.shut_down_kernels()


def test_a_class_is_told_and_votes_above_its_notebooks(start_page, course_lab, opened, monkeypatch):
    for ask, path in ((httpx.get, "class"), (httpx.post, "vote")):
        assert ask(f"{course_lab.url}/swimlanes/{path}").status_code in (302, 403)
    page = start_page()
    bar = page.get_by_role("region", name="Your class")
    contents(page)
    expect(bar).to_be_hidden()
    monkeypatch.setenv("HOME", str(course_lab.folder))
    part = contents(page)
    part.get_by_role("button", name="Join your class…").press("Enter")
    part.get_by_label("Address").fill(opened.base)
    part.get_by_label("Join code").fill(opened.identity.code)
    part.get_by_label("Join code").press("Tab")
    page.keyboard.press("Enter")
    expect(part).to_contain_text("You have joined the wall")
    expect(part.get_by_role("button", name="Join another class…")).to_be_focused()
    assert client.find().address == opened.base
    monkeypatch.setenv("SWIMLANES_COURSE", str(ORIGINALS))
    polls, steering = opened.room.polls, opened.room.steering
    steering.announce("<b>Break</b>", "https://example.org/")
    steering.offer(LESSON)
    steering.start_timer(5)
    polls.open("04/own-globals")

    def row(text):
        return bar.filter(visible=True).locator(".swimlanes-class-row", has_text=text)

    link = row("From your instructor: <b>Break</b>").get_by_role("link", name="https://example.org")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(row("A timer runs: 5 minutes.").get_by_role("timer")).to_have_text(CLOCK)
    poll = row("The file settings.py holds")
    notebook = page.locator(".jp-Notebook:visible")
    assert notebook.bounding_box()["y"] >= bar.bounding_box()["y"] + bar.bounding_box()["height"]
    poll.get_by_role("button", name="Vote").press("Enter")
    expect(poll.get_by_role("status")).to_have_text("Choose one.")
    poll.get_by_label("[False]").check()
    steering.announce("Go on")
    expect(row("From your instructor: Go on")).to_be_visible()
    expect(poll.get_by_label("[False]")).to_be_checked()
    poll.get_by_label("[False]").press("ArrowUp")
    page.keyboard.press("Enter")
    expect(poll.get_by_role("status")).to_contain_text("You have voted.")
    assert [choice.votes for choice in polls.now.ballot(counted=True).choices] == [1, 0, 0]
    found = Axe().run(page, context=".swimlanes-class").response["violations"]
    assert [(finding["help"], finding["nodes"][0]["html"]) for finding in found] == []

    row(f"Everybody at {TITLE} now.").get_by_role("link").press("Enter")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(row(f"Everybody at {TITLE} now. You are there.")).to_be_visible()
    expect(row("settings.py").get_by_label("[True]")).to_be_checked()
    steering.timer = Timer("soon over", 5, opened.room.now_s + 3)
    steering.take_back("announcement")
    expect(row("Time is up.")).to_be_visible()
    expect(row("Go on")).to_have_count(0)
    polls.end()
    expect(row("✓ Right: [True] (1 of 1, and you)")).to_be_visible()
    row(TITLE).get_by_role("button", name="Close").focus()
    for _ in ("lesson", "timer", "poll"):
        page.keyboard.press("Enter")
    expect(bar.filter(visible=True)).to_have_count(0)
    page.get_by_role("tab", name="START.ipynb").click()
    part.get_by_label("Where you sit").fill("row 3")
    part.get_by_label("Where you sit").press("Shift+Tab")
    page.keyboard.press("Enter")
    within = {"timeout": KERNEL_DEADLINE_MS}  # a busy wall is asked a second time
    expect(part).to_contain_text("Your hand is up, nobody before you.", **within)
    (hand,) = opened.room.hands.up
    assert (hand.who, hand.place) == ("person 1", "row 3")
    expect(part.get_by_role("button", name="Lower hand")).to_be_focused()
    opened.room.hands.lower_number(hand.number)
    expect(part).to_contain_text("Your hand was lowered on the wall.", **within)
    part.get_by_role("button", name="Tell the class how far I am").press("Enter")
    expect(part.get_by_role("button", name="Cancel").filter(visible=True)).to_be_focused()
    found = Axe().run(page, context=".swimlanes-start").response["violations"]
    assert [(finding["help"], finding["nodes"][0]["html"]) for finding in found] == []
    part.get_by_role("button", name="Yes, tell it from now on").press("Enter")
    expect(part).to_contain_text(re.compile(r"told how far you are: \d exercise"), **within)
    assert opened.room.progress.people == 1
    expect(part.get_by_role("button", name="Take it back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(part.get_by_role("button", name="Tell the class how far I am")).to_be_visible(**within)
    assert opened.room.progress.people == 0
    assert page.problems == []


def run_in_lesson(page, code):
    """Write code at the start of the lesson's first cell that has some, and run the cell."""
    until_ready(page)
    page.locator(".jp-CodeCell:visible .cm-content").first.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type(code)
    page.keyboard.press("Control+Enter")
    prompt = page.locator(".jp-CodeCell:visible .jp-InputPrompt").first
    expect(prompt).to_have_text("[1]:", timeout=KERNEL_DEADLINE_MS)
