"""Build the course's web pages into ``build/site``: ``python course/site``.

The lessons appear as participants get them, with what the cells print, without solutions. What a
lesson printed is kept in ``build/executed`` until the lesson or the package changes.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

import derive
import execute
from pages import index, page
from sphinx.cmd.build import main as sphinx_build

COURSE = derive.COURSE
BUILD = COURSE.parent / "build"
SOURCE, SITE = BUILD / "site-source", BUILD / "site"
BETTER = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    'Variables<span class="colon">': 'Attributes<span class="colon">',
}
GUIDES = ("guide", "cheat-sheet", "further-reading")


def main() -> None:
    """Run the lessons that changed, lay out the pages, and build them."""
    try:
        lay_out(run_lessons())
    except execute.LessonFailed as failure:
        sys.exit(f"A lesson did not run to its end, so there are no pages. It said:\n{failure}")
    settings = Path(__file__).parent
    options = ["-W", "--keep-going", "-q", "-a", "-E", "-b", "html", "-c", str(settings)]
    if code := sphinx_build([*options, str(SOURCE), str(SITE)]):
        sys.exit(code)
    for file in SITE.rglob("*.html"):
        file.write_text(named(file.read_text(encoding="utf-8")), encoding="utf-8")


def named(html: str) -> str:
    """Return a page with the names that screen readers and readers of docstrings look for."""
    for found, better in BETTER.items():
        html = html.replace(found, better)
    return html


def run_lessons() -> dict[str, str]:
    """Return the participants' notebooks with their outputs, by the lesson's name."""
    lessons = sorted(derive.LESSONS.glob("*.md"))
    texts = {lesson.stem: derive.derive(lesson, with_solutions=False) for lesson in lessons}
    with execute.as_participants() as command:
        return {name: execute.executed(text, command) for name, text in texts.items()}


def lay_out(notebooks: dict[str, str]) -> None:
    """Write what Sphinx reads."""
    for folder in (SOURCE, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(derive.PARTICIPANTS / "figures", SOURCE / "lessons" / "figures")
    shutil.copy(COURSE / "figures" / "panel.png", SOURCE)
    shutil.copytree(Path(__file__).parent / "reference", SOURCE / "reference")
    for name in GUIDES:
        shutil.copy(COURSE / f"{name}.md", SOURCE)
    for name, text in notebooks.items():
        (SOURCE / "lessons" / f"{name}.ipynb").write_text(page(text), encoding="utf-8")
    (SOURCE / "index.md").write_text(index(notebooks), encoding="utf-8")


if __name__ == "__main__":
    main()
