"""What the tests of the course share: its scripts as modules, and lessons that have been run."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import jupytext
import nbformat
import pytest
from playwright.sync_api import Page, expect

from swimlanes.quizzes import reading as quizzes

expect.set_options(timeout=20_000)

# The course's scripts lie beside what they work on; they are no package.
sys.path.append(str(Path(__file__).parents[2] / "course"))


@pytest.fixture(scope="session")
def derive() -> ModuleType:
    """Return ``course/derive.py`` as a module."""
    return importlib.import_module("derive")


@pytest.fixture(scope="session")
def secrets() -> Callable[[Path], list[str]]:
    """Return a function from a lesson to all texts that would give an answer away.

    These are the lines that stand in its solutions alone, and the reasons in its quizzes.
    """

    def find(lesson: Path) -> list[str]:
        cells = jupytext.read(lesson, fmt="md:myst").cells
        solved = [cell for cell in cells if "solution" in cell.metadata.get("tags", [])]
        open_text = "\n".join(cell.source for cell in cells if cell not in solved)
        lines = {line.strip() for cell in solved for line in cell.source.splitlines()}
        reasons = _reasons(quizzes.FOLDER / f"{lesson.stem[:2]}.toml")
        assert lines, "a lesson without solutions would prove nothing"
        return sorted(text for text in lines | reasons if text and text not in open_text)

    return find


def _reasons(file: Path) -> set[str]:
    """Return what a lesson's quizzes say after an answer."""
    answered = quizzes.read(file).values() if file.exists() else ()
    return {
        part.because
        for quiz in answered
        for part in (*getattr(quiz, "options", ()), quiz)
        if hasattr(part, "because")
    }


@pytest.fixture(scope="session")
def execution() -> ModuleType:
    """Return ``course/execute.py`` as a module."""
    return importlib.import_module("execute")


@pytest.fixture(scope="session")
def how_to_run(request, execution) -> Iterator[list[str]]:
    """Return the command that runs a lesson: in the image if there is an engine, else here."""
    if not execution.engine_at_hand() and os.environ.get("REQUIRE_ALL") != "1":
        yield execution.on_this_python()
        return
    image = request.getfixturevalue("image")
    with execution.lent_tools() as tools:
        yield execution.in_container(image, tools)


@pytest.fixture(scope="session")
def execute(how_to_run, execution) -> Callable[[str], nbformat.NotebookNode]:
    """Run a notebook's text as nbmake does, warnings as errors; return it with its outputs."""
    return lambda text: execution.execute(text, how_to_run)


@pytest.fixture
def offline_page(chromium) -> Iterator[Callable[..., Page]]:
    """Return a function that opens files in a browser without a network, and collects complaints.

    ``page.problems`` holds the errors of the console and every request that left the folder.
    """
    contexts = []

    def open_page(path: Path, theme: str = "light", width: int = 1280) -> Page:
        context = chromium.new_context(
            offline=True, color_scheme=theme, viewport={"width": width, "height": 720}
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = _watch(page)
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def _watch(page: Page) -> list[str]:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url}"))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("file:", "data:")) else problems.append(request.url)
        ),
    )
    return problems
