"""Figures of matplotlib in a notebook: dark on light, or light on dark, as the theme is.

A picture of pixels has one paper for good. So a notebook is given an SVG as well, in which what
would be black or white is as the page is; it falls back to black on white. The file that
``savefig`` writes stays as matplotlib makes it.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["follow_the_theme"]

LIGHT, DARK = ("#000000", "#ffffff"), ("#e0e0e0", "#111111")
"""Ink and paper; the dark ones are those of JupyterLab."""
MOST_MARKS = 5_000
MOST_CHARACTERS = 500_000
"""A picture of more would keep the browser busy: it stays one of pixels."""
_RULES = (
    "svg{{--ink:{};--paper:{};fill:var(--ink)}}"
    "@media (prefers-color-scheme:dark){{svg{{--ink:{};--paper:{}}}}}"
).format(*LIGHT, *DARK)
_SETTLED = re.compile(r"(fill|stroke): (#000000|#ffffff)")


def follow_the_theme(shell: Any) -> None:  # noqa: ANN401 - an InteractiveShell
    """Let a notebook show figures of matplotlib, once it is imported, in the colours of its theme.

    Parameters
    ----------
    shell : InteractiveShell
        Whose cells make the figures.
    """
    bundles = shell.display_formatter.mimebundle_formatter
    bundles.for_type_by_name("matplotlib.figure", "Figure", _bundle)


def _bundle(figure: Any) -> dict[str, str]:  # noqa: ANN401 - a Figure
    """Return a figure as SVG, or nothing where it is too large for that."""
    from IPython.core.pylabtools import print_figure

    if _marks(figure) > MOST_MARKS:
        return {}
    svg = print_figure(figure, fmt="svg")
    return {"image/svg+xml": _themed(svg)} if svg and len(svg) <= MOST_CHARACTERS else {}


def _marks(figure: Any) -> int:  # noqa: ANN401 - a Figure
    """Return how many marks a figure has that each are a piece of an SVG."""
    marks = 0
    for axes in figure.axes:
        marked = [line for line in axes.lines if line.get_marker() not in ("None", "", " ", None)]
        marks += sum(len(line.get_xdata()) for line in marked) + len(axes.patches)
        marks += sum(len(collection.get_offsets()) for collection in axes.collections)
    return marks


def _themed(svg: str) -> str:
    """Replace what is black or white in an SVG of matplotlib's; glyphs without a fill are ink."""
    names = dict(zip(LIGHT, ("--ink", "--paper"), strict=True))
    svg = _SETTLED.sub(lambda found: f"{found[1]}: var({names[found[2]]}, {found[2]})", svg)
    first_rule = "*{"
    return svg.replace(first_rule, _RULES + first_rule, 1)
