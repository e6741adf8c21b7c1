import json
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import nbformat
import pytest
from markdown_it import MarkdownIt

from swimlanes.course import material, start_page, table
from swimlanes.course.lessons import Lesson, scoped

ROOT = Path(__file__).parents[3]


def test_the_table_links_to_the_lessons_and_tells_how_far_one_got(originals):
    rows = table(
        material(originals).lessons, {"first", "arranged-04", "of another course"}
    ).splitlines()
    assert rows[2:] == [
        "| [00 · Your cores](00-your-cores.ipynb) | 50 min | 15 min | ◐ 1 of 2 |",
        "| [04 · Processes](04-processes.ipynb) | 50 min | 15 min | ✓ 1 of 1 |",
        "| **Together** | 1 h 40 min | 30 min | ◐ 2 of 3 |",
    ]


def test_a_column_that_says_nothing_is_left_out():
    lessons = [Lesson("a.ipynb", "A", 0, 0, {}), Lesson("b/c.ipynb", "C", 20, 0, {})]
    assert table(lessons[:1], ()).splitlines() == ["| Lesson |", "| :-- |", "| [A](a.ipynb) |"]
    assert table(lessons, ()).splitlines() == [
        "| Lesson | Reading and running |",
        "| :-- | --: |",
        "| [A](a.ipynb) | – |",
        "| [C](b/c.ipynb) | 20 min |",
        "| **Together** | 20 min |",
    ]


def test_an_older_mark_counts_where_one_lesson_alone_can_have_left_it():
    lessons = [
        Lesson("a/x.ipynb", "A", 0, 0, {"mean": ""}),
        Lesson("b/x.ipynb", "B", 0, 0, {"mean": ""}),
    ]
    assert "1 of" not in table(lessons, {"mean"})
    assert table(lessons[:1], {"mean"}).count("✓ 1 of 1") == 2
    assert table(lessons, {scoped("mean", "b/x.ipynb")}).splitlines()[2:] == [
        "| [A](a/x.ipynb) | ○ 0 of 1 |",
        "| [B](b/x.ipynb) | ✓ 1 of 1 |",
        "| **Together** | ◐ 1 of 2 |",
    ]


def test_the_start_page_is_a_notebook_that_shows_the_table_before_it_is_run(originals):
    lessons = material(originals).lessons
    page = nbformat.from_dict(start_page(lessons))
    nbformat.validate(page)
    (output,) = page.cells[-1].outputs
    shown, told = output.data["text/markdown"].split("\n\n")
    assert shown == table(lessons, None)
    assert "Run All Cells" in told
    assert page.cells[-1].metadata.jupyter.source_hidden


def test_before_it_is_run_nobody_is_told_that_nothing_is_right():
    lessons = [
        Lesson("a.ipynb", "A", 0, 0, {"first": "", "second": ""}),
        Lesson("b.ipynb", "B", 0, 0, {}),
    ]
    assert table(lessons, None).splitlines()[2:] == [
        "| [A](a.ipynb) | ? of 2 |",
        "| [B](b.ipynb) | – |",
        "| **Together** | ? of 2 |",
    ]


def test_the_lab_runs_the_code_of_the_start_page(originals):
    extension = ROOT / "image/settings/labextensions/swimlanes/extension.js"
    (cell,) = [one for one in start_page(material(originals).lessons)["cells"] if "outputs" in one]
    assert f"CODE = {json.dumps(cell['source'])};" in extension.read_text()


@pytest.mark.parametrize(
    "title",
    [
        "<img src=x onerror=alert(1)>",
        "a](javascript:alert(1)) | b",
        "![x](y) `<b>` $x$ &lt; \\",
        "**b**",
    ],
)
def test_a_title_is_text_in_the_table(title):
    lesson = Lesson(f"00-{title}.ipynb", title, 1, 1, {})
    page = MarkdownIt("commonmark").enable("table").render(table([lesson], ()))
    (link,) = [element for element in ElementTree.fromstring(f"<div>{page}</div>").iter("a")]
    assert link.text == title
    assert unquote(link.get("href")) == lesson.file
    assert "<img" not in page
