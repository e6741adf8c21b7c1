"""Pictures: a run's lanes, a study's speedup, a comparison's curves."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

from swimlanes import figures, hiding
from swimlanes.records import Comparison, Run, ScalingStudy

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def write_png(what: Run | ScalingStudy | Comparison) -> bytes:
    """Return the picture of a record as PNG."""
    return _draw(what, "png")


def write_svg(what: Run | ScalingStudy | Comparison) -> bytes:
    """Return the picture of a record as SVG."""
    return _draw(what, "svg")


def _draw(what: Run | ScalingStudy | Comparison, kind: str) -> bytes:
    with hiding.Told():
        from matplotlib import pyplot
        from matplotlib.figure import Figure

        figure = cast(Figure, _axes(what).figure)
    picture = io.BytesIO()
    figure.savefig(picture, format=kind, dpi=150)
    pyplot.close(figure)
    return picture.getvalue()


def _axes(what: Run | ScalingStudy | Comparison) -> Axes:
    if isinstance(what, Run):
        return figures.lanes(what)
    return figures.speedup(what) if isinstance(what, ScalingStudy) else figures.comparison(what)
