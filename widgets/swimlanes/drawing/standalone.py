"""A picture as a file of its own: SVG with settled colours on white paper."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from swimlanes.drawing.svg import size_of
from swimlanes.markup import Markup

_MARGIN = 10
_SVG = "http://www.w3.org/2000/svg"
_VARIABLE = re.compile(r"var\(--[\w-]+, ([^()]*)\)")
_MIXED = re.compile(r"color-mix\(in srgb,#(\w{6}) (\d+)%,#(\w{6})\)")


def as_svg(picture: Markup) -> bytes:
    """Return a picture as an SVG file, which any program shows as a browser does.

    Most programs know neither CSS variables nor mixed colours. So each variable is replaced by what
    it is outside JupyterLab, which is the light theme, and each mixed colour by what comes of it.
    """
    root = ElementTree.fromstring(picture)
    root.set("xmlns", _SVG)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        if "style" in element.attrib:
            element.set("style", _settled(element.get("style")))
        if element.tag == "style":
            element.text = _settled(element.text)
    width, height = (str(side + 2 * _MARGIN) for side in size_of(picture))
    place = {"x": str(-_MARGIN), "y": str(-_MARGIN), "width": width, "height": height}
    root.attrib.pop("style", None)  # how it fits into a page
    root.attrib.update(viewBox=" ".join(place.values()), width=width, height=height)
    root.insert(0, ElementTree.Element("rect", place | {"fill": "#fff"}))
    file: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return file


def _settled(style: str | None) -> str:
    return _MIXED.sub(_mix, _VARIABLE.sub(r"\1", style or ""))


def _mix(found: re.Match[str]) -> str:
    """Return the colour that CSS mixes of two."""
    one, percentage, other = found.groups()
    share = int(percentage) / 100
    parts = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return "#" + bytes(round(share * a + (1 - share) * b) for a, b in parts).hex()
