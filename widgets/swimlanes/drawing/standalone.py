"""A picture as a file of its own: SVG with settled colours on white paper."""

from __future__ import annotations

import re

from swimlanes.drawing.svg import size_of
from swimlanes.markup import Markup

_MARGIN = 10
_ROOT = re.compile(r'viewBox="[^"]*" (.*?) style="[^"]*">')
# Text never looks like these: in it, < and " are escaped.
_STYLES = re.compile(r'<style>.*?</style>|style="[^"]*"')
_VARIABLE = re.compile(r"var\(--[\w-]+, ([^()]*)\)")
_MIXED = re.compile(r"[\w-]+:color-mix\([^()]*\);?")


def as_svg(picture: Markup) -> bytes:
    """Return a picture as an SVG file, which any program shows as a browser does.

    Most programs know neither CSS variables nor mixed colours. So each variable is replaced by what
    it is outside JupyterLab, which is the light theme; a mixed colour always follows a plain one.
    """
    width, height = (side + 2 * _MARGIN for side in size_of(picture))
    box = f"{-_MARGIN} {-_MARGIN} {width} {height}"
    root = f'viewBox="{box}" width="{width}" height="{height}" \\1>'
    paper = f'<rect x="{-_MARGIN}" y="{-_MARGIN}" width="{width}" height="{height}" fill="#fff"/>'
    svg = _ROOT.sub(root + paper, str(picture), count=1)
    settled = _STYLES.sub(lambda style: _MIXED.sub("", _VARIABLE.sub(r"\1", style[0])), svg)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + settled.encode()
