"""What is found in a picture, so that tests ask for structure and not for pixels."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from swimlanes.drawing import look
from swimlanes.records import ScalingStudy


class Picture:
    """An SVG text, taken apart."""

    def __init__(self, svg):
        self.root = ElementTree.fromstring(svg)

    def elements(self, tag):
        return list(self.root.iter(f"{{http://www.w3.org/2000/svg}}{tag}"))

    @property
    def texts(self):
        found = ("".join(element.itertext()) for element in self.elements("text"))
        return [text.replace("\xa0", " ") for text in found]

    @property
    def titles(self):
        return [element.text.replace("\xa0", " ") for element in self.elements("title")]

    @property
    def measured(self):
        """What the points of a chart say under the mouse."""
        return [title for title in self.titles if " times as fast (" in title]

    @property
    def marks(self):
        return [e for e in self.elements("path") if e.get("class") == "mark"]

    def paths(self, kind):
        return [e.get("d") for e in self.elements("path") if e.get("class") == kind]

    def outlines(self, kind):
        """Return x, y and width of all boxes of a kind, px; the legend's swatch comes last."""
        path = "".join(self.paths(kind))
        return [tuple(map(float, b)) for b in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v", path)]

    def widths(self, kind):
        return [width for _, _, width in self.outlines(kind)]

    def heights(self, mode):
        """Return the y of a mode's markers, px, without the one in the list of names."""
        found = [e.get("d") for e in self.marks if e.get("d").endswith(look.style_of(mode).path)]
        return [float(re.match(r"M[\d.]+ ([\d.]+)", path)[1]) for path in found[:-1]]

    def ideal(self):
        """Return the points of the ideal line, the first that a chart draws."""
        points = self.elements("polyline")[0].get("points").split()
        return [tuple(map(float, point.split(","))) for point in points]


@pytest.fixture
def picture():
    """Return the function that takes a picture apart."""
    return Picture


@pytest.fixture
def weak_study(make_run):
    """A weak study: 4 tasks for each of up to three workers, each with a core of its own."""
    serial = make_run("serial", 1, 4, cores=3)
    runs = [
        replace(make_run("processes", n, 4 * n, cores=3), inputs_digest=str(n)) for n in (1, 2, 3)
    ]
    return ScalingStudy((serial,), tuple(runs), "weak")
