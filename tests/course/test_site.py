"""The course's web pages, in a real browser without a network."""

import inspect
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import swimlanes
from swimlanes.checks import making

LESSONS = sorted((Path(__file__).parents[2] / "course" / "lessons").glob("*.md"))
PAGES = Path(__file__).parents[2] / "course" / "site" / "reference"
LECTURE = "lessons/06-speedup"
BESIDE = ["index", "guide", "cheat-sheet", "further-reading"]
REFERENCE = [f"reference/{page.stem}" for page in PAGES.glob("*.rst")]
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"
UNSEEN = """[...document.images]
  .filter(image => !image.complete || !image.naturalWidth || !image.alt)
  .map(image => image.src)"""


@pytest.fixture(scope="module")
def site(repository):
    """Build the pages, with what the lessons printed when they were last run."""
    command = [sys.executable, str(repository / "course" / "site")]
    built = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert built.returncode == 0, built.stdout + built.stderr
    return repository / "build" / "site"


@pytest.fixture
def visit(site, offline_page):
    """Return a function that opens one of the pages."""
    return lambda name, **how: offline_page(site / f"{name}.html", **how)


@pytest.mark.parametrize("name", [*BESIDE, *REFERENCE])
def test_a_page_is_whole(name, visit, site):
    check_whole(visit(name), site)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_whole_and_shows_what_its_cells_printed_and_no_answer(
    lesson, visit, site, secrets
):
    page = visit(f"lessons/{lesson.stem}")
    check_whole(page, site)
    expect(page.locator(".cell_output").first).to_be_visible()
    shown = page.locator("article").inner_text()
    lines = [line.strip() for line in shown.splitlines()]
    assert [secret for secret in secrets(lesson) if secret in lines] == []
    assert "Not yet." not in shown
    assert "Widget" not in shown


def check_whole(page, site):
    """Everything on the page is there, without a network, and so are the pages it leads to."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(UNSEEN) == []
    assert page.problems == []
    links = [urlsplit(link) for link in page.evaluate(LINKS)]
    inside = [
        (Path(unquote(link.path)), unquote(link.fragment)) for link in links if not link.netloc
    ]
    assert inside
    for file, anchor in inside:
        assert file.is_relative_to(site)
        assert not anchor or f'id="{anchor}"' in file.read_text(), (file, anchor)


def test_a_panel_and_a_formula_are_shown_without_a_kernel_or_a_script(visit):
    page = visit("lessons/06-speedup")
    expect(page.get_by_text("Here JupyterLab shows the control panel").first).to_be_visible()
    expect(page.locator("math").first).to_be_visible()


@pytest.mark.parametrize("name", swimlanes.__all__)
def test_a_public_name_has_an_entry_with_its_parameters(name, visit):
    page = visit("reference/index")
    entry = page.locator(f'dl.py:has(> dt[id="swimlanes.{name}"])')
    expect(entry).to_have_count(1)
    signature = inspect.signature(getattr(swimlanes, name))
    said = entry.locator("dt.sig").all_inner_texts()
    told = entry.locator("dd .field-list strong").all_inner_texts()
    for parameter in signature.parameters:
        assert any(re.search(rf"\b{parameter}\b", line) for line in said), said
        assert parameter in told


def test_what_a_check_of_ones_own_is_made_of_has_an_entry(visit):
    page = visit("reference/exercises")
    for name in making.__all__:
        expect(page.locator(f'dt[id$=".{name}"]')).to_have_count(1)


def test_a_lesson_leads_to_what_the_reference_says_of_a_name(visit):
    page = visit("lessons/00-your-cores")
    page.get_by_role("link", name="usable_cores()").first.click()
    expect(page.locator("dt:target")).to_have_attribute("id", "swimlanes.usable_cores")


def test_one_walks_from_page_to_page(visit):
    page = visit("index")
    for lesson in LESSONS:
        page.get_by_role("link", name="Next").click()
        expect(page).to_have_url(f"{page.url.rsplit('/', 1)[0]}/{lesson.stem}.html")
    assert page.problems == []


def test_the_search_finds_a_word_without_a_server(visit):
    page = visit("index")
    page.get_by_role("textbox", name="Search").fill("chunksize")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li").first).to_be_visible()
    page.get_by_role("textbox", name="Search").first.fill("ScalingStudy")
    page.keyboard.press("Enter")
    page.locator("#search-results").get_by_role("link", name="records.ScalingStudy").first.click()
    expect(page.locator("dt:target")).to_have_attribute("id", "swimlanes.records.ScalingStudy")
    assert page.problems == []


def test_the_theme_follows_the_system_and_the_button(visit):
    backgrounds = {}
    for theme in ("light", "dark"):
        page = visit("index", theme=theme)
        backgrounds[theme] = background(page)
    assert backgrounds["light"] != backgrounds["dark"]
    page.locator("button.theme-toggle:visible").click()  # from the system's theme to the other
    assert background(page) == backgrounds["light"]


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize(
    ("name", "theme"),
    [
        ("index", "light"),
        ("guide", "dark"),
        ("lessons/06-speedup", "light"),
        ("lessons/06-speedup", "dark"),
        ("reference/index", "light"),
        ("reference/records", "dark"),
    ],
)
def test_a_page_is_accessible(name, theme, visit):
    page = visit(name, theme=theme)
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found] == []


def test_a_narrow_page_does_not_scroll_sideways(visit):
    page = visit("lessons/06-speedup", width=400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
