"""Quizzes in a real JupyterLab: by keyboard, by screen reader, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

QUIZZES = """
[one]
question = "Where does `f` run?"
code = "pool.map(f, inputs)"
[[one.options]]
text = "here"
because = "Here the `inputs` are handed out."
[[one.options]]
text = "in a worker"
because = "The pool sends the inputs there."
right = true

[several]
question = "What has each worker of its own?"
options = [
    { text = "memory", because = "They share nothing.", right = true },
    { text = "a GIL", because = "Each is a Python.", right = true },
    { text = "a core", because = "They may take turns." },
]

[lines]
task = "Put the lines in order."
lines = ["with Pool(2) as pool:", "    roots = pool.map(sqrt, inputs)", "print(roots)"]
hint = "Can the pool work before it is there?"
because = "The block makes the pool and uses it."
"""
CELL = f"""\
from pathlib import Path
from swimlanes import quizzes
from swimlanes.quizzes import reading
reading.FOLDER = Path("quizzes")
reading.FOLDER.mkdir(exist_ok=True)
Path("quizzes/99.toml").write_text('''{QUIZZES}''')
"""


@pytest.fixture
def quiz(lab_page):
    """Return a function that shows a quiz and returns the page and the quiz."""

    def show(call):
        page = lab_page(f"{CELL}quizzes.{call}")
        shown = page.locator(".swimlanes-quiz")
        expect(shown).to_be_visible()
        return page, shown

    return show


def findings(page):
    """Return all that axe finds wrong with the quizzes."""
    found = Axe().run(page, context=".swimlanes-quiz").response["violations"]
    return [
        (finding["help"], [node["html"][:200] for node in finding["nodes"]]) for finding in found
    ]


def says(shown, text):
    expect(shown.get_by_role("status")).to_contain_text(text)


def tab_to(page, shown, role, name):
    """Go forward by the Tab key alone until this has the focus."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if shown.get_by_role(role, name=name).evaluate("it => it == document.activeElement"):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def begin_before(page, shown):
    """Put the focus right before the quiz."""
    shown.evaluate("it => { it.tabIndex = -1; it.focus() }")


def test_one_of_several_is_chosen_by_keyboard(quiz):
    page, shown = quiz("ask('99/one')")
    begin_before(page, shown)
    tab_to(page, shown, "radio", "here")
    page.keyboard.press("Space")
    tab_to(page, shown, "button", "Check")
    page.keyboard.press("Enter")
    says(shown, "○ Not yet. Here the inputs are handed out.")
    expect(shown.get_by_role("status").locator("code")).to_have_text("inputs")
    expect(shown.get_by_role("button", name="Check")).to_be_focused()

    begin_before(page, shown)
    tab_to(page, shown, "radio", "in a worker")
    page.keyboard.press("Space")
    expect(shown.get_by_role("radio", name="here")).not_to_be_checked()
    expect(shown.get_by_role("status")).to_be_empty()
    tab_to(page, shown, "button", "Check")
    page.keyboard.press("Enter")
    says(shown, "✓ Right. The pool sends the inputs there.")
    assert page.problems == []


def test_several_are_ticked_by_keyboard(quiz):
    page, shown = quiz("ask('99/several')")
    begin_before(page, shown)
    for name in ("memory", "a GIL"):
        tab_to(page, shown, "checkbox", name)
        page.keyboard.press("Space")
    tab_to(page, shown, "button", "Check")
    page.keyboard.press("Enter")
    says(shown, "✓ Right. “memory”: They share nothing. “a GIL”: Each is a Python.")


def test_lines_are_moved_by_keyboard_and_the_focus_goes_with_them(quiz):
    page, shown = quiz("arrange('99/lines')")
    expect(shown.locator(".swimlanes-lines pre")).to_have_text(
        ["print(roots)", "roots = pool.map(sqrt, inputs)", "with Pool(2) as pool:"]
    )
    begin_before(page, shown)
    tab_to(page, shown, "button", "Move down: print")
    for number in (2, 3):
        page.keyboard.press("Enter")
        says(shown, f"Now line {number} of 3: print(roots)")
        expect(shown.get_by_role("button", name="Move down").nth(number - 1)).to_be_focused()
    tab_to(page, shown, "button", "Check")
    page.keyboard.press("Enter")
    says(shown, "○ Not yet. Another line comes first. Can the pool work before it is there?")
    begin_before(page, shown)
    tab_to(page, shown, "button", "Move up: with Pool")
    page.keyboard.press("Space")
    says(shown, "Now line 1 of 3: with Pool(2) as pool:")
    tab_to(page, shown, "button", "Check")
    page.keyboard.press("Enter")
    says(shown, "✓ Right. The block makes the pool and uses it.")
    assert page.problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(lab_page, theme):
    calls = ("ask('99/one')", "ask('99/several')", "arrange('99/lines')")
    shown_at_once = ", ".join(f"quizzes.{call}" for call in calls)
    page = lab_page(f"{CELL}from ipywidgets import VBox\nVBox([{shown_at_once}])", theme=theme)
    one, several, lines = (page.locator(".swimlanes-quiz").nth(number) for number in range(3))
    expect(lines).to_be_visible()
    assert findings(page) == []
    check_all(one, several, lines, "○ Not yet.")
    assert findings(page) == []
    one.get_by_label("in a worker").check()
    several.get_by_label("memory").check()
    several.get_by_label("a GIL").check()
    for name, number in (("Move up: with", 2), ("Move up: with", 1), ("Move down: print", 3)):
        lines.get_by_role("button", name=name).click()
        says(lines, f"Now line {number} of 3")
    check_all(one, several, lines, "✓ Right.")
    one.locator("summary").click()
    several.locator("summary").click()
    assert findings(page) == []


def check_all(one, several, lines, verdict):
    for shown in (one, several, lines):
        shown.get_by_role("button", name="Check").click()
        says(shown, verdict)
