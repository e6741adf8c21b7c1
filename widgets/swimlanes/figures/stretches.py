"""Very many tasks: how each lane spent each short stretch of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from swimlanes import sheet
from swimlanes.records import Tasks, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

Outline = list[tuple[float, float]]
_STRETCHES = 240


def outlines(timeline: Timeline, row_of: dict[int, int], half: float) -> dict[str, list[Outline]]:
    """Return the outlines of each state's layer, one above the other in the lanes' rows.

    Parameters
    ----------
    timeline : Timeline
        The tasks.
    row_of : dict
        Row of each lane.
    half : float
        Half the height of a row's bar.

    Returns
    -------
    dict of str to list
        By state: for each lane that knows it, the corners of an area that stands on the row's
        foot. The areas of later states include those of the states before.
    """
    import numpy as np

    edges = np.linspace(0.0, timeline.elapsed_s, _STRETCHES + 1)
    layers: dict[str, list[Outline]] = {"useful": [], "waiting": [], "blocked": []}
    words = _words(timeline)
    for lane, row in row_of.items():
        shares = _shares(words[words[:, sheet.WORKER] == lane], edges)
        for state, own, level in zip(layers, shares, np.cumsum(shares, axis=0), strict=True):
            if own.max() > 0.01:
                layers[state].append(_steps(edges, row + half - 2 * half * level, row + half))
    return layers


def _words(timeline: Timeline) -> NDArray[Any]:
    """Return the slots of the tasks that have ended, shape (n_tasks, words), seconds."""
    import numpy as np

    tasks = timeline.tasks if isinstance(timeline.tasks, Tasks) else Tasks.of(timeline.tasks)
    words = np.frombuffer(tasks.slots, dtype=np.int64).reshape(-1, sheet.SLOT_WORDS)
    words = words[words[:, sheet.END] > 0].astype(float)
    words[:, [sheet.START, sheet.END]] -= tasks.zero_ns
    seconds = words / 1e9
    seconds[:, sheet.WORKER] = words[:, sheet.WORKER]
    return seconds[np.argsort(seconds[:, sheet.START])]


def _shares(words: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Return the share of each state in each stretch of a lane, shape (3, n_stretches)."""
    import numpy as np

    starts, ends = words[:, sheet.START], words[:, sheet.END]
    useful = np.minimum(words[:, sheet.CPU], ends - starts)
    waiting = np.minimum(words[:, sheet.WAITING], ends - starts - useful)
    states = (useful, waiting, ends - starts - useful - waiting)
    moments = np.column_stack((starts, ends)).ravel()
    return np.array([_per_stretch(moments, lengths, edges) for lengths in states])


def _per_stretch(moments: NDArray[Any], lengths: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Return how much of each stretch a state fills; it grows evenly within each task."""
    import numpy as np

    if not len(lengths):
        return np.zeros(len(edges) - 1)
    so_far = np.cumsum(lengths)
    knots = np.column_stack((so_far - lengths, so_far)).ravel()
    shares: NDArray[Any] = np.diff(np.interp(edges, moments, knots)) / np.diff(edges)
    return shares


def _steps(edges: NDArray[Any], tops: NDArray[Any], foot: float) -> Outline:
    import numpy as np

    along, up = np.repeat(edges, 2), np.repeat(tops, 2)
    corners = zip(along[1:-1].tolist(), up.tolist(), strict=True)
    return [(float(edges[0]), foot), *corners, (float(edges[-1]), foot)]
