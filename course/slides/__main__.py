"""Make slides of every lesson, each in one HTML file, into ``build/slides``.

``python course/slides``. They are made from the instructor's notebooks, whose cells carry slide
types. A file needs nothing beside it: no network, no fonts, no scripts from elsewhere.
"""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

import derive
import nbformat
from deck import slides_of
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markup import code_styles

HERE = Path(__file__).parent
SLIDES = derive.COURSE.parent / "build" / "slides"


def main() -> None:
    """Write the slides of all lessons."""
    SLIDES.mkdir(parents=True, exist_ok=True)
    for lesson in sorted(derive.LESSONS.glob("*.md")):
        notebook = derive.derive(lesson, with_solutions=True)
        (SLIDES / f"{lesson.stem}.html").write_text(page(notebook), encoding="utf-8")


def page(notebook: str) -> str:
    """Return a notebook's text as a page of slides that holds all it needs."""
    slides = slides_of(nbformat.reads(notebook, as_version=4).cells)
    environment = Environment(
        loader=FileSystemLoader(HERE), undefined=StrictUndefined, autoescape=False
    )
    parts = {name: (HERE / f"slides.{name}").read_text(encoding="utf-8") for name in ("css", "js")}
    html = environment.get_template("slides.html").render(
        title=slides[0].title, slides=slides, code_styles=code_styles, **parts
    )
    return re.sub(r'src="(figures/[\w-]+\.svg)"', _inline, html)


def _inline(source: re.Match[str]) -> str:
    picture = (derive.PARTICIPANTS / source[1]).read_bytes()
    return f'src="data:image/svg+xml;base64,{base64.b64encode(picture).decode()}"'


if __name__ == "__main__":
    main()
