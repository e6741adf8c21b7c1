"""The committed figures are the drawn ones, and say the same to those who do not see them."""

import importlib.util
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import jupytext
import pytest

COURSE = Path(__file__).parents[2] / "course"
IMAGE = re.compile(r"!\[(?P<alt>[^]]*)\]\(figures/(?P<name>[\w-]+)\.svg\)")
LESSONS = sorted((COURSE / "lessons").glob("*.md"))

sys.path.append(str(COURSE / "figures"))


@pytest.fixture(scope="module")
def drawn():
    """Return the module that draws all figures."""
    file = COURSE / "figures" / "__main__.py"
    spec = importlib.util.spec_from_file_location("course_figures", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_figures_are_the_drawn_ones(drawn):
    committed = {path.stem: path.read_text() for path in drawn.FOLDER.iterdir()}
    assert committed == {name: figure.draw() for name, figure in drawn.FIGURES.items()}


def test_a_figure_carries_its_alternative_text(drawn):
    for figure in drawn.FIGURES.values():
        picture = ElementTree.fromstring(figure.draw())
        assert picture.attrib["role"] == "img"
        title = picture.find("{http://www.w3.org/2000/svg}title")
        assert title.text == figure.ALT
        assert picture.attrib["aria-labelledby"] == title.attrib["id"]


def test_no_figure_reaches_beyond_its_card(drawn):
    for name, figure in drawn.FIGURES.items():
        picture = ElementTree.fromstring(figure.draw())
        width, height = (float(picture.attrib[side]) for side in ("width", "height"))
        for shape in picture.iter():
            if "x" in shape.attrib and shape.tag.endswith(("rect", "text")):
                assert 0 <= float(shape.attrib["x"]) <= width, (name, shape.attrib)
                assert 0 <= float(shape.attrib["y"]) <= height, (name, shape.attrib)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_says_what_the_figure_says(lesson, drawn):
    for cell in jupytext.read(lesson, fmt="md:myst").cells:
        for image in IMAGE.finditer(cell.source):
            assert image["alt"] == drawn.FIGURES[image["name"]].ALT


def test_every_figure_is_shown_in_a_lesson(drawn):
    shown = {image["name"] for path in LESSONS for image in IMAGE.finditer(path.read_text())}
    assert drawn.FIGURES.keys() == shown
