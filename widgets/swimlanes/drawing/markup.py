"""HTML tables: a caption, named columns, and lines whose first cell names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from swimlanes.drawing.look import AXIS, FAINT, FONT, GRID, INK

_STYLE = (
    "<style>"
    f".swimlanes-table{{width:100%;border-collapse:collapse;font:11px {FONT};color:{INK}}}"
    ".swimlanes-table caption{text-align:left;font-size:13px;font-weight:600;padding-bottom:4px}"
    ".swimlanes-table :is(th,td){text-align:right;white-space:nowrap;padding:3px 0 3px 8px}"
    ".swimlanes-table :is(th,td):first-child{text-align:left;white-space:normal;padding-left:0}"
    ".swimlanes-table tbody th{font-weight:400}"
    f".swimlanes-table thead{{color:{FAINT};border-bottom:1px solid {AXIS}}}"
    f".swimlanes-table tbody tr{{border-bottom:1px solid {GRID}}}"
    "</style>"
)


def table(caption: str, columns: Sequence[str], lines: Iterable[str]) -> str:
    """Return an HTML table of lines, each made by `line`, in the colours of the theme."""
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    return (
        f'<div>{_STYLE}<table class="swimlanes-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def line(cells: Sequence[str], title: str = "") -> str:
    """Return a line of a table; the first cell names it, the title tells more under the mouse."""
    name, *values = (escape(cell) for cell in cells)
    tooltip = f' title="{escape(title)}"' if title else ""
    rest = "".join(f"<td>{value}</td>" for value in values)
    return f'<tr{tooltip}><th scope="row">{name}</th>{rest}</tr>'


def more(count: int, columns: int) -> str:
    """Return a line that says how many lines were left out, or nothing if none were."""
    return note(f"… {count} more", columns) if count > 0 else ""


def note(text: str, columns: int) -> str:
    """Return a line that holds nothing but a remark."""
    return f'<tr><td colspan="{columns}">{escape(text)}</td></tr>'
