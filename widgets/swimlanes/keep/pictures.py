"""Pictures: a run's lanes, a study's speedup."""

from __future__ import annotations

import io
from typing import cast

from swimlanes import figures
from swimlanes.records import Run, ScalingStudy


def write_png(what: Run | ScalingStudy) -> bytes:
    """Return the picture of a run or a study as PNG."""
    return _draw(what, "png")


def write_svg(what: Run | ScalingStudy) -> bytes:
    """Return the picture of a run or a study as SVG."""
    return _draw(what, "svg")


def _draw(what: Run | ScalingStudy, kind: str) -> bytes:
    from matplotlib import pyplot
    from matplotlib.figure import Figure

    axes = figures.lanes(what) if isinstance(what, Run) else figures.speedup(what)
    figure = cast(Figure, axes.figure)
    picture = io.BytesIO()
    figure.savefig(picture, format=kind, dpi=150)
    pyplot.close(figure)
    return picture.getvalue()
