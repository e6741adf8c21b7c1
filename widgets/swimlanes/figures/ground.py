"""What all figures share: new axes, fills, shades of the background, a legend below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from swimlanes import modes
from swimlanes.drawing import look
from swimlanes.markup import legible
from swimlanes.records import ScalingStudy

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKERS = {
    "diamond": "D",
    "square": "s",
    "circle": "o",
    "triangle up": "^",
    "triangle down": "v",
    "cross": "P",
    "hexagon": "H",
    "pentagon": "p",
}

_WAITING_INK, _IDLE_INK, _GREEN_INK, _SKY_INK = "#7A5200", "#D5DBDF", "#00382A", "#0B4A6F"
_WARMUP_INK = "#B7E4D5"
_PURPLE_INK, _LOST_INK, _LOST = "#5E2A48", "#4A545C", "#AAB4BB"
FILLS: Mapping[str, Mapping[str, Any]] = {
    "useful": {"facecolor": look.USEFUL},
    "waiting": {"facecolor": look.WAITING, "hatch": "////", "edgecolor": _WAITING_INK},
    "throttled": {"facecolor": look.WAITING, "hatch": "xxxx", "edgecolor": _WAITING_INK},
    "neighbour": {"facecolor": look.WAITING, "hatch": "\\\\\\\\", "edgecolor": _WAITING_INK},
    "oversubscribed": {"facecolor": look.WAITING, "hatch": "////", "edgecolor": _WAITING_INK},
    "unclear": {"facecolor": look.WAITING, "hatch": "||||", "edgecolor": _WAITING_INK},
    "blocked": {"facecolor": look.BLOCKED, "hatch": "...", "edgecolor": "white"},
    "lost": {"facecolor": _LOST, "hatch": "xxxx", "edgecolor": _LOST_INK},
    "batches": {"facecolor": _IDLE_INK, "hatch": "....", "edgecolor": _LOST_INK},
    "transfer": {"facecolor": look.PURPLE, "hatch": "\\\\\\\\", "edgecolor": _PURPLE_INK},
    "inputs": {"facecolor": look.PURPLE, "hatch": "||||", "edgecolor": _PURPLE_INK},
    "results": {"facecolor": look.PURPLE, "hatch": "----", "edgecolor": _PURPLE_INK},
    "dispatch": {"facecolor": look.GREEN, "hatch": "||||", "edgecolor": _GREEN_INK},
    "tail": {"facecolor": look.SKY, "hatch": "\\\\\\\\", "edgecolor": _SKY_INK},
    "warmup": {"facecolor": look.GREEN, "hatch": "////", "edgecolor": _WARMUP_INK},
    "startup": {"facecolor": look.STARTUP, "hatch": "----", "edgecolor": _IDLE_INK},
    "shutdown": {"facecolor": look.STARTUP, "hatch": "++++", "edgecolor": _IDLE_INK},
}
"""Fill of each part of a lane's time; what is missing here is idle."""
NAMES = {
    "useful": "useful",
    "waiting": "waiting for a core",
    "throttled": "throttled by a quota",
    "neighbour": "cores taken by others",
    "oversubscribed": "waiting for a core",
    "unclear": "waiting, unclear for whom",
    "blocked": "blocked",
    "imbalance": "idle (imbalance)",
    "batches": "idle (rest of a batch)",
    "lost": "lost with a worker",
    "transfer": "messages under way",
    "inputs": "pickling inputs",
    "dispatch": "dispatch",
    "results": "pickling and sending results",
    "tail": "bringing in results",
    "startup": "start-up",
    "warmup": "warm-up, not counted",
    "shutdown": "shut-down",
    "idle": "idle",
}
"""What each part is called in a legend."""
HOLLOW = "hollow: no fair measurement, disturbed"
"""What a point without a fill means."""
NO_BASELINE = "all serial runs were disturbed: no speedup is known"
"""What stands in the place of a curve that has nothing to be compared with."""

IDLE = 0.11
"""Shade of a lane on which nothing happens."""
GRID = 0.15
"""Shade of a grid line."""
LINE = 0.6
"""Shade of a line that stands for a limit."""
_HANDLE_PT, _LETTER_PT = 36.0, 4.6


def new_axes(width: float, height: float) -> Axes:
    """Return axes on a new figure of so many inches."""
    from matplotlib import pyplot

    axes: Axes = pyplot.subplots(figsize=(width, height), layout="constrained")[1]
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def ink() -> Any:  # noqa: ANN401 - a colour, as matplotlib has it
    """Return the colour of text, as the settings say."""
    from matplotlib import rcParams

    return rcParams["text.color"]


def shade(ax: Axes, share: float) -> tuple[float, ...]:
    """Return the background's colour with so much ink in it, 0 to 1."""
    from matplotlib.colors import to_rgb

    pairs = zip(to_rgb(ax.get_facecolor()), to_rgb(ink()), strict=True)
    return tuple(paper + share * (dark - paper) for paper, dark in pairs)


def fill(ax: Axes, part: str) -> dict[str, Any]:
    """Return how a part of a lane's time is filled."""
    style = FILLS.get(part, {"facecolor": shade(ax, IDLE)})
    return {"linewidth": 0, **style}


def lanes_label(study: ScalingStudy) -> str:
    """Say what is counted along the horizontal axis."""
    nested = modes.of(study.mode).has_threads
    return f"number of {'lanes n: workers × threads' if nested else 'workers n'}"


def pen(style: look.Style) -> dict[str, Any]:
    """Return how a curve looks."""
    return {
        "color": style.colour, "marker": _MARKERS[style.marker], "linestyle": dashes(style.dash),
    }  # fmt: skip


def dashes(pattern: str) -> Any:  # noqa: ANN401 - a line style, as matplotlib has it
    """Return a pattern of dashes in px as a line style."""
    return "solid" if pattern == "none" else (0, [float(px) / 2 for px in pattern.split()])


def heading(ax: Axes, text: str) -> None:
    """Write a sentence above the axes."""
    ax.set_title(legible(text), loc="left", fontsize="medium", parse_math=False)


def name_curves(ax: Axes, handles: Iterable[Artist], **place: Any) -> None:  # noqa: ANN401
    """Draw a legend in which names are text, also with dollars, which would begin a formula."""
    handles = list(handles)
    names = [legible(str(handle.get_label())) for handle in handles]
    legend = ax.legend(handles, names, frameon=False, fontsize="small", borderaxespad=0.0, **place)
    for text in legend.get_texts():
        text.set_parse_math(False)


def legend_of_parts(ax: Axes, parts: Iterable[str], *more: Artist) -> None:
    """Explain the fills below the axes."""
    from matplotlib.patches import Patch

    handles = [Patch(label=NAMES[part], **fill(ax, part)) for part in parts]
    legend_below(ax, [*handles, *more])


def legend_below(ax: Axes, handles: Sequence[Artist]) -> None:
    """Draw a legend below the label of the horizontal axis, where no data can be."""
    from matplotlib.transforms import ScaledTranslation

    assert ax.figure is not None
    below = ScaledTranslation(0, -36 / 72, ax.figure.dpi_scale_trans)
    widest_pt = _HANDLE_PT + _LETTER_PT * max(len(str(each.get_label())) for each in handles)
    columns = max(1, int(1.2 * size_pt(ax)[0] / widest_pt))
    name_curves(
        ax, handles, loc="upper center", bbox_to_anchor=(0.5, 0.0),
        bbox_transform=ax.transAxes + below, ncols=min(columns, len(handles)), handlelength=1.8,
        columnspacing=1.6,
    )  # fmt: skip


def size_pt(ax: Axes) -> tuple[float, float]:
    """Return about how wide and high the axes are, points."""
    box = ax.get_position()
    width, height = cast("Figure", ax.figure).get_size_inches()
    return box.width * width * 72, box.height * height * 72
