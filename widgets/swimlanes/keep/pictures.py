"""Pictures: a run's lanes, a study's speedup, a comparison's curves, or any other figure."""

from __future__ import annotations

from pathlib import Path

from swimlanes import figures, hiding
from swimlanes.drawing.standalone import as_svg
from swimlanes.errors import SwimlanesError
from swimlanes.figures import Figure
from swimlanes.records import Record
from swimlanes.worker import in_one_line

_DOTS_PER_PX = 3
_FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")


def write_svg(what: Record | Figure) -> bytes:
    """Return a figure, or that of a record, as SVG."""
    try:
        return as_svg((what if isinstance(what, Figure) else figures.of(what)).svg)
    except SwimlanesError:
        raise
    except Exception as error:  # a stranger's record may hold figures that nobody can draw
        raise SwimlanesError(
            f"The picture cannot be drawn ({in_one_line(error)}). Save the record as .json or .csv."
        ) from error


def write_png(what: Record | Figure) -> bytes:
    """Return a figure, or that of a record, as PNG.

    The text is set in matplotlib's font, so that the file is the same on every machine.
    """
    svg = write_svg(what)
    with hiding.Told():
        import matplotlib
        import resvg_py

        fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        png = resvg_py.svg_to_bytes(
            svg_string=svg.decode(),
            zoom=_DOTS_PER_PX,
            skip_system_fonts=True,
            font_files=[str(fonts / name) for name in _FONTS],
            sans_serif_family="DejaVu Sans",
        )
    return bytes(png)
