"""How everything looks: colours, patterns and text styles, shared by all pictures.

The colours are those of Okabe and Ito, told apart with every kind of colour vision; what they
mean is said by a pattern, a marker or a label as well. Text, lines and backgrounds follow the
JupyterLab theme through its CSS variables and fall back to the light theme in a saved file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from swimlanes import modes
from swimlanes.markup import NOTHING, Markup, join, markup

BLUE = "#0072B2"
ORANGE = "#E69F00"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
SKY = "#56B4E9"
YELLOW = "#F0E442"
SLATE = "#66727C"

USEFUL, WAITING, BLOCKED, STARTUP = BLUE, ORANGE, VERMILLION, SLATE
CORES = VERMILLION
COLOURS = {
    "blue": BLUE,
    "orange": ORANGE,
    "vermillion": VERMILLION,
    "green": GREEN,
    "purple": PURPLE,
    "sky": SKY,
    "slate": SLATE,
}
MARKERS = {
    "diamond": "m0 -4.6l4.6 4.6l-4.6 4.6l-4.6 -4.6z",
    "square": "m-3.3 -3.3h6.6v6.6h-6.6z",
    "circle": "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z",
    "triangle up": "m0 -4.6l4.4 7.6h-8.8z",
    "triangle down": "m0 4.6l4.4 -7.6h-8.8z",
    "cross": "m-1.5 -4.4h3v2.9h2.9v3h-2.9v2.9h-3v-2.9h-2.9v-3h2.9z",
    "hexagon": "m0 -4.6l4 2.3v4.6l-4 2.3l-4 -2.3v-4.6z",
    "pentagon": "m0 -4.8l4.6 3.4l-1.8 5.4h-5.6l-1.8 -5.4z",
}
"""The path of each shape around its middle."""


class Style(NamedTuple):
    """How a curve looks: its colour, the pattern of its line, the shape of its marks."""

    colour: str
    dash: str
    marker: str

    @property
    def path(self) -> str:
        """The marker as a path around its middle."""
        return MARKERS[self.marker]

    @property
    def pen(self) -> str:
        """The style of its lines and marks: the colour with some ink in it, where that is known."""
        mixed = f"color-mix(in srgb,{self.colour} {PURE}%,{INK})"
        return f"stroke:{self.colour};fill:{self.colour};stroke:{mixed};fill:{mixed};stroke-width:2"

    @property
    def line(self) -> str:
        """The pen with the pattern of the line."""
        return f"{self.pen};stroke-dasharray:{self.dash}"


def style_of_person(number: int) -> Style:
    """Return how the curve of a person of a class looks."""
    return Style(COLOURS[_in_turn(COLOURS, number)], "none", _in_turn(MARKERS, number))


def of_person(number: int) -> tuple[str, str]:
    """Return the colour and the shape by which a person of a class is known, in plain words.

    The first 56 differ, and neighbours differ in both.

    Examples
    --------
    >>> of_person(1), of_person(3), of_person(8)
    (('blue', 'diamond'), ('red', 'circle'), ('blue', 'pentagon'))
    """
    colour = _in_turn(COLOURS, number)
    return _PLAIN.get(colour, colour), _in_turn(MARKERS, number)


_PLAIN = {"vermillion": "red", "sky": "light blue", "slate": "grey"}
"""Common words for colours."""


def _in_turn(names: Iterable[str], number: int) -> str:
    names = list(names)
    return names[(number - 1) % len(names)]


_START_STYLES = {
    "fork": Style(BLUE, "none", "circle"),
    "forkserver": Style(GREEN, "10 3 2 3", "diamond"),
    "spawn": Style(ORANGE, "6 3", "pentagon"),
}
"""How processes look where start methods are compared."""


def style_of(mode: str, start_method: str | None = None) -> Style:
    """Return how the curve of a mode looks, or that of a start method where one is given."""
    if start_method in _START_STYLES:
        return _START_STYLES[start_method]
    kind = modes.of(mode)
    return Style(COLOURS[kind.colour], kind.dash, kind.marker)


STAR = "m0 -7l2 4.3l4.7 .6l-3.5 3.2l.9 4.7l-4.1 -2.4l-4.1 2.4l.9 -4.7l-3.5 -3.2l4.7 -.6z"
"""The marker of a guess, as the path around its middle."""

INK = "var(--jp-ui-font-color1, #212121)"
FAINT = "var(--jp-ui-font-color2, #616161)"
PAPER = "var(--jp-layout-color0, #ffffff)"
AXIS = FAINT
GRID = "var(--jp-border-color2, #e0e0e0)"
FONT = "var(--jp-ui-font-family, system-ui, sans-serif)"
PURE = 75
"""Percentage of a mode's colour in its curve; the rest is ink, for contrast in both themes."""


_RULES = {
    "text": f"font:11px {FONT};fill:{INK}",
    ".t text": "font-size:inherit",  # small lanes have small labels and numbers
    "text.h": "font-size:13px;font-weight:600",
    ".f": f"fill:{FAINT};font-weight:400",
    ".s": f"fill:{FAINT}",
    ".m": "text-anchor:middle",
    "text.e": "text-anchor:end",
    ".l": f"fill:{INK};fill-opacity:.1;stroke:{INK};stroke-opacity:.5",
    ".p": f"fill:{PAPER}",
    ".r": f"fill:{SKY};stroke:{USEFUL}",
    ".u": f"fill:{USEFUL}",
    ".w": "fill:url(#{name}-w)",
    ".b": "fill:url(#{name}-b)",
    ".y": f"fill:{GREEN}",
    ".j": "fill:url(#{name}-j)",
    ".x": "fill:url(#{name}-x)",
    ".q": f"fill:url(#{{name}}-q);stroke:{AXIS}",
    ".z": "fill:url(#{name}-z)",
    ".i": "fill:url(#{name}-i)",
    "path.e": "fill:url(#{name}-e)",
    ".n": "text-anchor:middle;font-weight:600",
    ".n.o": "fill:#fff",
    ".n.k": "fill:#000",
    ".g": f"stroke:{INK};stroke-opacity:.14;fill:none",
    ".a": f"stroke:{AXIS};fill:none",
    "path.k": f"stroke:{INK};stroke-width:1.5;fill:none",
    ".X": f"stroke:{INK};stroke-width:2;fill:none",
    "path.h": "fill:transparent",
    ".v": f"fill:{INK}",
    ".d": f"stroke:{AXIS};fill:none;stroke-dasharray:4 3",
    ".N": f"stroke:{AXIS};fill:none;stroke-dasharray:1 3",
    ".c": f"stroke:{CORES};fill:none;stroke-width:1.5;stroke-dasharray:4 3",
}
"""The rules of the styles; a fill stands for one state, in every picture."""


class _Fill(NamedTuple):
    """A square of paper with marks, turned by an angle, that fills an area."""

    size: float
    paper: str
    marks: Markup
    angle: int = 0


def _stripe(width: float, height: float, colour: str, left: float = 0, top: float = 0) -> Markup:
    return markup(
        '<rect x="{:g}" y="{:g}" width="{:g}" height="{:g}" fill="{}"/>',
        left,
        top,
        width,
        height,
        colour,
    )


def _stroke(path: str, colour: str) -> Markup:
    return markup('<path d="{}" style="stroke:{};fill:none"/>', path, colour)


def _dot(middle: float) -> Markup:
    return markup('<circle cx="{0:g}" cy="{0:g}" r="1.1" fill="#fff"/>', middle)


_FILLS = {
    "w": _Fill(7, WAITING, _stripe(2.5, 7, "#7A5200"), 45),
    "b": _Fill(6, BLOCKED, _dot(1.5) + _dot(4.5)),
    "j": _Fill(8, YELLOW, _stroke("M0 2l4 4l4 -4", "#4D4700")),
    "x": _Fill(6, PURPLE, _stripe(1.6, 6, "#5E2A48"), -45),
    "q": _Fill(6, "none", _stroke("M0 0l6 6M6 0l-6 6", AXIS)),
    "z": _Fill(6, GREEN, _stripe(3, 3, "#B7E4D5", 1, 1)),
    "i": _Fill(4, STARTUP, _stripe(4, 1.2, "#D5DBDF")),
    "e": _Fill(4, STARTUP, _stripe(1.2, 4, "#D5DBDF")),
}
"""The fills that tell states apart without colour, by their styles."""
_USED = re.compile(r'class="([\w ]*)"')
_OWN_CLASS = re.compile(r"[.](\w)")


def stylesheet(name: str, body: str) -> Markup:
    """Return the styles, and the fills, that the body of the picture with the id `name` uses.

    The rules reach no further than the picture.
    """
    used = {kind for kinds in _USED.findall(body) for kind in kinds.split()}
    rules = (
        f"#{name} {key}{{{rule.replace('{name}', name)}}}"
        for key, rule in _RULES.items()
        if key == "text" or _OWN_CLASS.findall(key)[-1] in used
    )
    fills = patterns(name, [kind for kind in _FILLS if kind in used])
    return markup("<style>{}</style>{}", "".join(rules), fills)


def patterns(name: str, kinds: Iterable[str] = tuple(_FILLS)) -> Markup:
    """Return the fills of these styles, for the picture with the id `name`."""
    fills = join(_pattern(f"{name}-{kind}", _FILLS[kind]) for kind in kinds)
    return markup("<defs>{}</defs>", fills) if fills else NOTHING


def _pattern(name: str, fill: _Fill) -> Markup:
    return markup(
        '<pattern id="{0}" width="{1:g}" height="{1:g}" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate({2})"><rect width="{1:g}" height="{1:g}" fill="{3}"/>{4}'
        "</pattern>",
        name,
        fill.size,
        fill.angle,
        fill.paper,
        fill.marks,
    )
