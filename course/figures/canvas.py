"""A sheet to draw a figure on: an opaque card with shapes, texts and arrows, as SVG text.

A notebook shows the figure as a picture of its own, to which JupyterLab's colours do not reach.
So the card brings its own background, and is readable on any page. It is light or dark as the
page says it is, or else as the reader's system is. States have a pattern or a word besides
their colour.
"""

from __future__ import annotations

import re
from html import escape

from swimlanes.drawing import look
from swimlanes.drawing.svg import size_of

LIGHT = {"paper": "#f6f8fa", "edge": "#d0d7de", "ink": "#1f2328", "faint": "#57606a"}
# Pictures of the package follow the variables of JupyterLab's themes.
THEME = {
    "jp-ui-font-color1": "var(--ink)",
    "jp-ui-font-color2": "var(--faint)",
    "jp-layout-color0": "var(--paper)",
    "jp-border-color2": "var(--edge)",
}
DARK = {"paper": "#22272e", "edge": "#545d68", "ink": "#e6edf3", "faint": "#b3bfcb"}
WIDTH = 720
_NAME = re.compile(r'<svg id="([\w-]+)"')

RULES = {
    "text": "font:14px system-ui,'DejaVu Sans',sans-serif;fill:var(--ink)",
    ".small": "font-size:12px",
    ".head": "font-size:16px;font-weight:600",
    ".strong": "font-weight:600",
    ".faint": "fill:var(--faint)",
    ".middle": "text-anchor:middle",
    ".end": "text-anchor:end",
    ".white": "fill:#fff;font-weight:600",
    ".black": "fill:#000;font-weight:600",
    ".card": "fill:var(--paper);stroke:var(--edge)",
    ".box": "fill:none;stroke:var(--ink);stroke-width:1.5",
    ".gap": "fill:none;stroke:var(--faint);stroke-dasharray:3 3",
    ".useful": f"fill:{look.USEFUL}",
    ".blocked": "fill:url(#figure-b)",
    ".data": f"fill:{look.GREEN}",
    ".line": "fill:none;stroke:var(--ink);stroke-width:2",
    ".axis": "fill:none;stroke:var(--faint)",
    ".grid": "fill:none;stroke:var(--edge)",
    ".dashed": "stroke-dasharray:7 4",
    ".dotted": "stroke-dasharray:2 4",
    ".blue": f"stroke:color-mix(in srgb,{look.BLUE} 75%,var(--ink))",
    ".orange": f"stroke:{look.VERMILLION}",
    ".tip": "fill:var(--ink)",
    ".split": "stroke:#fff;stroke-opacity:.7",
}


class Canvas:
    """Collects shapes from the bottom to the top.

    Parameters
    ----------
    alt : str
        What the picture says, for those who do not see it.
    height : float
        Height in pixels; the width is `WIDTH`.
    """

    def __init__(self, alt: str, height: float) -> None:
        self.alt = alt
        self.height = height
        self._shapes: list[str] = []
        self.rect(0.5, 0.5, WIDTH - 1, height - 1, "card", radius=10)

    def rect(
        self, x: float, y: float, width: float, height: float, kind: str, radius: float = 4
    ) -> None:
        """Draw a rectangle; `kind` is one or more of the classes in `RULES`."""
        self._add("rect", kind, x=x, y=y, width=width, height=height, rx=radius)

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str = "line") -> None:
        """Draw a straight line."""
        self._add("line", kind, x1=x1, y1=y1, x2=x2, y2=y2)

    def curve(self, points: list[tuple[float, float]], kind: str) -> None:
        """Draw straight lines from point to point."""
        self._add("polyline", kind, points=" ".join(f"{x:.4g},{y:.4g}" for x, y in points))

    def dot(self, x: float, y: float, radius: float = 3.5, kind: str = "tip") -> None:
        """Draw a dot."""
        self._add("circle", kind, cx=x, cy=y, r=radius)

    def arrow(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw an arrow to the second point."""
        self._add("line", "line", **{"marker-end": "url(#tip)"}, x1=x1, y1=y1, x2=x2, y2=y2)

    def text(self, x: float, y: float, words: str, kind: str = "") -> None:
        """Write a line of text whose base line starts, or as `kind` says, at the point."""
        self._shapes.append(f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>')

    def picture(self, x: float, y: float, width: float, svg: str) -> None:
        """Put a picture of the package there, as wide as is said."""
        height, (_, _, drawn) = height_at(svg, width), svg.partition(">")
        name, (across, down) = _NAME.search(svg)[1], size_of(svg)
        self._shapes.append(
            f'<svg id="{name}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {across} {down}">{drawn}'
        )

    def svg(self) -> str:
        """Return the picture as the text of an SVG file."""
        shapes = "\n".join(self._shapes)
        fills = look.patterns("figure", "b" * ('class="blocked"' in shapes))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="alt" '
            f'width="{WIDTH}" height="{self.height:g}" viewBox="0 0 {WIDTH} {self.height:g}">\n'
            f'<title id="alt">{escape(self.alt)}</title>\n{_style()}\n{fills}\n'
            '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            'markerHeight="7" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker>\n'
            f"{shapes}\n</svg>\n"
        )

    def _add(self, element: str, kind: str, **attributes: float | str) -> None:
        shown = " ".join(f'{name}="{_number(value)}"' for name, value in attributes.items())
        self._shapes.append(f'<{element} class="{kind}" {shown}/>')


def height_at(svg: str, width: float) -> float:
    """Return how high a picture of the package is at a width."""
    across, down = size_of(svg)
    return width * down / across


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _style() -> str:
    rules = "".join(f"{selector}{{{rule}}}" for selector, rule in RULES.items())
    return (
        f"<style>:root{{{_variables(LIGHT | THEME)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}{rules}</style>"
    )


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())
