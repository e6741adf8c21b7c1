"""Slides: one file each, without a network, by keyboard, and all on the slide."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

COURSE = Path(__file__).parents[2] / "course"
LESSONS = sorted((COURSE / "lessons").glob("*.md"))
lessons = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)

HANGING_OVER = """slides
  .filter(slide => slide.scrollHeight > slide.clientHeight
    || [slide, ...slide.querySelectorAll("pre")].some(e => e.scrollWidth > e.clientWidth))
  .map(slide => slide.textContent)"""
SMALLEST_TEXT = "Math.min(...slides.map(s => Number(s.querySelector('.body').style.zoom || 1)))"


@pytest.fixture(scope="module")
def folder(repository, tmp_path_factory):
    """Make the slides, from a copy of the course so that nobody's are replaced."""
    copy = shutil.copytree(repository / "course", tmp_path_factory.mktemp("slides") / "course")
    subprocess.run([sys.executable, str(copy / "slides")], check=True, timeout=60)
    return copy.parent / "build" / "slides"


@pytest.fixture
def show(folder, offline_page):
    """Return a function that opens a lesson's slides, in a folder where nothing else is."""

    def open_slides(lesson, **how):
        alone = folder.parent / lesson.stem
        alone.mkdir(exist_ok=True)
        page = offline_page(Path(shutil.copy(folder / f"{lesson.stem}.html", alone)), **how)
        expect(page.get_by_role("status")).to_have_text(f"Slide 1 of {total(page)}")
        return page

    return open_slides


def total(page):
    page.wait_for_function("slides.length > 0")
    return page.evaluate("slides.length")


@lessons
def test_all_of_a_lesson_is_on_its_slides(lesson, show):
    page = show(lesson)
    assert page.evaluate(HANGING_OVER) == []
    assert page.evaluate(SMALLEST_TEXT) >= 0.75
    assert page.problems == []


@lessons
def test_every_heading_of_a_lesson_is_a_slide(lesson, show, derive):
    page = show(lesson)
    titles = page.evaluate("slides.map(s => s.querySelector('h1, h2').textContent)")
    text = lesson.read_text().replace("`", "")
    headings = [line.lstrip("# ") for line in text.splitlines() if line.startswith(("# ", "## "))]
    assert headings
    assert set(headings) <= set(titles)


def test_the_keyboard_turns_the_slides(show):
    page = show(LESSONS[0])
    status = page.get_by_role("status")
    for key, place in (
        ("ArrowRight", 2),
        ("PageDown", 3),
        (" ", 4),
        ("ArrowLeft", 3),
        ("PageUp", 2),
        ("End", total(page)),
        ("ArrowRight", total(page)),
        ("Home", 1),
        ("ArrowLeft", 1),
    ):
        page.keyboard.press(key)
        expect(status).to_have_text(f"Slide {place} of {total(page)}")
        expect(page.get_by_role("heading")).to_have_count(1)  # the others are hidden from all


def test_the_buttons_turn_the_slides_and_keep_the_focus(show):
    page = show(LESSONS[0])
    expect(page.get_by_role("button", name="Back")).to_be_disabled()
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    page.keyboard.press(" ")
    expect(page.get_by_role("status")).to_have_text(f"Slide 3 of {total(page)}")
    expect(page.get_by_role("button", name="Next")).to_be_focused()


def test_a_slide_has_an_address(show):
    page = show(LESSONS[0])
    page.keyboard.press("End")
    last = page.get_by_role("heading").inner_text()
    page.reload()
    expect(page.get_by_role("heading")).to_have_text(last)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_slides_are_accessible(theme, show):
    page = show(LESSONS[0], theme=theme)
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["help"]) for violation in found] == []


def test_a_small_window_shows_the_whole_slide(show):
    page = show(LESSONS[0], width=640)
    box = page.locator("main").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 640


def test_a_solution_stands_on_a_slide_of_its_own(show):
    page = show(LESSONS[0])
    titles = page.evaluate("slides.map(s => s.querySelector('h1, h2').textContent)")
    solutions = [title for title in titles if title.endswith(": a solution")]
    assert len(solutions) == 3
    for title in solutions:
        exercise = title.removesuffix(": a solution")
        assert titles.index(exercise) < titles.index(title)
