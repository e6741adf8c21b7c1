from urllib.parse import unquote
from xml.etree import ElementTree

import nbformat
import pytest
from markdown_it import MarkdownIt

from swimlanes.course import lessons_in, start_page, table
from swimlanes.course.lessons import Lesson


def test_the_table_links_to_the_lessons_and_tells_how_far_one_got(originals):
    rows = table(lessons_in(originals), {"first", "arranged-04", "of another course"}).splitlines()
    assert rows[2:] == [
        "| [00 · Your cores](00-your-cores.ipynb) | 50 min | 15 min | ◐ 1 of 2 |",
        "| [04 · Processes](04-processes.ipynb) | 50 min | 15 min | ✓ 1 of 1 |",
        "| **Together** | 1 h 40 min | 30 min | ◐ 2 of 3 |",
    ]


def test_without_exercises_there_is_no_progress():
    assert table([], ()).splitlines()[2:] == ["| **Together** | 0 min | 0 min | – |"]


def test_the_start_page_is_a_notebook_that_shows_the_table_before_it_is_run(originals):
    lessons = lessons_in(originals)
    page = nbformat.from_dict(start_page(lessons))
    nbformat.validate(page)
    (output,) = page.cells[-1].outputs
    assert output.data["text/markdown"] == table(lessons, ())


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
    lesson = Lesson(f"00-{title}.ipynb", title, 1, 1, ())
    page = MarkdownIt("commonmark").enable("table").render(table([lesson], ()))
    (link,) = [element for element in ElementTree.fromstring(f"<div>{page}</div>").iter("a")]
    assert link.text == title
    assert unquote(link.get("href")) == lesson.file
    assert "<img" not in page
