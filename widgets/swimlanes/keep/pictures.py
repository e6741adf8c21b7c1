"""Pictures: a run's lanes, a study's speedup, a comparison's curves."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, cast

from swimlanes import figures, hiding
from swimlanes.errors import SwimlanesError
from swimlanes.records import Comparison, Run, ScalingStudy
from swimlanes.worker import in_one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def write_png(what: Run | ScalingStudy | Comparison) -> bytes:
    """Return the picture of a record as PNG."""
    return _draw(what, "png")


def write_svg(what: Run | ScalingStudy | Comparison) -> bytes:
    """Return the picture of a record as SVG."""
    return _draw(what, "svg")


def _draw(what: Run | ScalingStudy | Comparison, kind: str) -> bytes:
    with hiding.Told():
        from matplotlib import pyplot
    picture, before = io.BytesIO(), set(pyplot.get_fignums())
    try:
        with warnings.catch_warnings(), hiding.Told():
            warnings.simplefilter("ignore")  # what has no room is drawn all the same
            figure = cast("Figure", _axes(what).figure)
            figure.savefig(picture, format=kind, dpi=150)
    except SwimlanesError:
        raise
    except Exception as error:  # a stranger's record may hold figures that nobody can draw
        raise SwimlanesError(
            f"The picture cannot be drawn ({in_one_line(error)}). Save the record as .json or .csv."
        ) from error
    finally:
        for number in set(pyplot.get_fignums()) - before:
            pyplot.close(number)
    return picture.getvalue()


def _axes(what: Run | ScalingStudy | Comparison) -> Axes:
    if isinstance(what, Run):
        return figures.lanes(what)
    return figures.speedup(what) if isinstance(what, ScalingStudy) else figures.comparison(what)
