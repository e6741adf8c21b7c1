"""HTML tables: a caption, named columns, and lines whose first cell names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from swimlanes.drawing.look import AXIS, FAINT, FONT, GRID, INK
from swimlanes.markup import NOTHING, Markup, join, markup

_STYLE = markup(
    "<style>"
    ".swimlanes-table{{width:100%;border-collapse:collapse;font:11px {font};color:{ink}}}"
    ".swimlanes-table caption{{text-align:left;font-size:13px;font-weight:600;padding-bottom:4px}}"
    ".swimlanes-table :is(th,td){{text-align:right;white-space:nowrap;padding:3px 0 3px 8px}}"
    ".swimlanes-table :is(th,td):first-child{{text-align:left;white-space:normal;padding-left:0}}"
    ".swimlanes-table tbody th{{font-weight:400}}"
    ".swimlanes-table thead{{color:{faint};border-bottom:1px solid {axis}}}"
    ".swimlanes-table tbody tr{{border-bottom:1px solid {grid}}}"
    "</style>",
    font=FONT,
    ink=INK,
    faint=FAINT,
    axis=AXIS,
    grid=GRID,
)


def table(caption: str, columns: Sequence[str], lines: Iterable[Markup]) -> Markup:
    """Return an HTML table of lines, each made by `line`, in the colours of the theme."""
    heads = join(markup('<th scope="col">{}</th>', column) for column in columns)
    return markup(
        '<div>{}<table class="swimlanes-table"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        _STYLE,
        caption,
        heads,
        join(lines),
    )


def line(cells: Sequence[str], title: str = "") -> Markup:
    """Return a line of a table; the first cell names it, the title tells more under the mouse."""
    name, *values = cells
    tooltip = markup(' title="{}"', title) if title else NOTHING
    rest = join(markup("<td>{}</td>", value) for value in values)
    return markup('<tr{}><th scope="row">{}</th>{}</tr>', tooltip, name, rest)


def more(count: int, columns: int) -> Markup:
    """Return a line that says how many lines were left out, or nothing if none were."""
    return note(f"… {count} more", columns) if count > 0 else NOTHING


def note(text: str, columns: int) -> Markup:
    """Return a line that holds nothing but a remark."""
    return markup('<tr><td colspan="{}">{}</td></tr>', columns, text)
