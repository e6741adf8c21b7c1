"""The load of each usable core over a run: ours, and what others took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from swimlanes.drawing.arrays import Numbers
from swimlanes.drawing.frame import LEFT, RIGHT, WIDTH, span_s
from swimlanes.drawing.legend import keys
from swimlanes.drawing.svg import (
    LINE,
    duration,
    group,
    headline,
    notice,
    outline,
    path_of,
    picture,
    text_at,
)
from swimlanes.markup import NOTHING, Markup, join
from swimlanes.records import Timeline

TOP = 41.0
MAX_CORES = 32
"""More cores than this are not drawn."""
_STEPS_IN_ALL = 640
"""More steps than this, of all cores together, are averaged."""
_FRAMED = 12
_KEYS = (("y", "this run"), ("j", "other programs"), ("l", "idle"), ("N", "not measured"))
"""What each fill means; the last is left out where all was measured."""
_LEAST_GAP_PX = 1.0


@dataclass(frozen=True, slots=True)
class Load:
    """How busy the cores were, step by step.

    Steps begin and end at the edges (n_steps + 1, seconds). The shares that this run and that all
    programs used have the shape (n_steps, n_cores).
    """

    edges: Numbers
    own: Numbers
    busy: Numbers

    def mean(self, shares: Numbers) -> list[float]:
        """Return the mean over time for each core."""
        lengths = np.diff(self.edges)
        total = lengths.sum()
        return (lengths @ shares / total).tolist() if total else [0.0] * shares.shape[1]


def core_load(
    timeline: Timeline | None,
    cpus: Sequence[int],
    name: str = "swimlanes-load",
    *,
    until_s: float | None = None,
) -> Markup:
    """Draw a row for each usable core, in at most 30 kB; its height is one core, fully busy.

    The axis of time is that of the lanes above, and ends as that at `until_s` (seconds). `cpus` are
    in the order of the samples. Without a timeline, the picture says what to do.
    """
    rows = cpus[:MAX_CORES]
    pitch = max(13.0, min(24.0, 120 / len(rows)))
    height = pitch - (4 if pitch > 16 else 1.5)
    size = (WIDTH, round(TOP + len(rows) * pitch + 2))
    if timeline is None or not (timeline.core_load or timeline.wall_time_s is None):
        short = "This run was too short to tell." if timeline else "Press Run to see it."
        return notice(name, (WIDTH, max(size[1], 56)), "Load of the cores", short)
    load = coarse(measured(timeline, len(cpus)), max(16, _STEPS_IN_ALL // len(rows)))
    told = _told(load, rows)
    run_s = span_s(timeline)
    right = LEFT + (RIGHT - LEFT) * run_s / (until_s or run_s)
    x = LEFT + load.edges * (right - LEFT) / run_s
    missing = right - x[-1] if right - x[-1] > _LEAST_GAP_PX else 0.0
    live = timeline.wall_time_s is None
    body = [_heading(len(cpus), all_measured=live or not missing)]
    for number, cpu in enumerate(rows):
        y = TOP + number * pitch
        if missing:
            body.append(path_of(outline(x[-1], y, missing, height), "d" if live else "N"))
        shares = load.own[:, number], load.busy[:, number]
        body.append(group(told[number], *_row(cpu, *shares, x, y, height)))
    until = f" up to {duration(load.edges[-1])}; later nothing was measured" if missing else ""
    sentence = f"Load of the cores{'' if live else until}: {'; '.join(told)}."
    return picture(name, size, sentence, join(body))


def measured(timeline: Timeline, cores: int) -> Load:
    """Return the samples of a run; what is not known to be others' counts as its own."""
    samples = timeline.core_load
    ends = [min(sample.until_s, timeline.elapsed_s) for sample in samples]
    busy = np.array([sample.busy for sample in samples], float).reshape(len(samples), cores)
    own = np.array([sample.own or sample.busy for sample in samples], float)
    own = np.minimum(own.reshape(len(samples), cores), busy)
    return Load(np.maximum.accumulate([0.0, *ends]), own, busy)


def coarse(load: Load, most: int) -> Load:
    """Return a load in at most so many steps: equally long ones, each with its mean over time."""
    if len(load.busy) <= most:
        return load
    edges = np.linspace(load.edges[0], load.edges[-1], most + 1)
    own, busy = (_means(load.edges, shares, edges) for shares in (load.own, load.busy))
    return Load(edges, own, busy)


def _means(edges: Numbers, shares: Numbers, new_edges: Numbers) -> Numbers:
    sums = np.vstack([np.zeros(shares.shape[1]), np.cumsum(shares.T * np.diff(edges), axis=1).T])
    at_edges = np.array([np.interp(new_edges, edges, column) for column in sums.T])
    means: Numbers = (np.diff(at_edges, axis=1) / np.diff(new_edges)).T
    return means


def _heading(count: int, all_measured: bool) -> Markup:
    more = [f"the first {MAX_CORES}"] if count > MAX_CORES else []
    named, _ = keys(_KEYS[:-1] if all_measured else _KEYS, 14 + LINE, 0, RIGHT)
    return headline(WIDTH, "Load of the cores", *more).drawn + named


def _told(load: Load, cpus: Sequence[int]) -> list[str]:
    """Say for each core how busy it was over the whole time."""
    means = zip(cpus, load.mean(load.busy), load.mean(load.own), strict=False)
    return [f"core {cpu} {busy:.0%} busy, {own:.0%} with this run" for cpu, busy, own in means]


def _row(
    cpu: int, own: Numbers, busy: Numbers, x: Numbers, y: float, height: float
) -> Iterator[Markup]:
    foot = y + height
    font = min(11.0, height + 1)
    stroke = "stroke:none" if height < _FRAMED else ""  # frames would outshine low rows
    middle = y + height / 2 + font * 0.36
    yield text_at(0, middle, f"core {cpu}", style=f"font-size:{font:g}px")
    yield path_of(outline(LEFT, y, x[-1] - LEFT, height), "l", style=stroke)
    yield _steps("j", x, foot - busy * height, foot)
    yield _steps("y", x, foot - own * height, foot)


def _steps(kind: str, x: Numbers, tops: Numbers, foot: float) -> Markup:
    """Draw from the foot up to the tops; ours lies over all there is, so others' rest stays."""
    if not len(tops):
        return NOTHING
    path = [f"M{x[0]:.1f} {foot:.1f}"]
    path += [f"V{top:.1f}H{right:.1f}" for top, right in zip(tops, x[1:], strict=True)]
    path.append(f"V{foot:.1f}z")
    return path_of("".join(path), kind)
