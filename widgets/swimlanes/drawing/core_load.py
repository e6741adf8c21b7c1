"""The load of each usable core over a run: ours, and what others took."""

from __future__ import annotations

from collections.abc import Sequence

from swimlanes.drawing.frame import LEFT, RIGHT, box
from swimlanes.drawing.lanes import span_s
from swimlanes.drawing.look import patterns
from swimlanes.drawing.svg import notice, picture
from swimlanes.records import LoadSample, Timeline

WIDTH = 560
TOP = 26.0
MAX_CORES = 32
"""More cores than this are not drawn."""


def core_load(timeline: Timeline | None, cpus: Sequence[int], name: str = "swimlanes-load") -> str:
    """Draw a row for each usable core, as SVG text; the time axis is that of the lanes above.

    Parameters
    ----------
    timeline : Timeline or None
        The run, finished or going on; None gives the empty state.
    cpus : sequence of int
        Ids of the usable cores, in the order of the samples.
    name : str
        Element id, unique on the page.

    Returns
    -------
    str
        A row's height is one core, fully busy.
    """
    if timeline is None or not timeline.core_load:
        sentence = "The load of each core shows here during a run of half a second or more."
        return notice(name, (WIDTH, 64), "Load of the cores", sentence)
    rows = cpus[:MAX_CORES]
    pitch = max(9.0, min(24.0, 120 / len(rows)))
    body = [patterns(name), _heading(len(cpus))]
    for number, cpu in enumerate(rows):
        y = TOP + number * pitch
        body.append(_row(timeline, number, cpu, y, pitch - 4))
    size = (WIDTH, round(TOP + len(rows) * pitch + 2))
    return picture(name, size, _sentence(timeline, rows), "".join(body))


def _heading(count: int) -> str:
    more = f" · the first {MAX_CORES}" if count > MAX_CORES else ""
    return (
        '<text class="h" x="0" y="14">Load of the cores'
        f'<tspan class="f">{more}</tspan></text>'
        f'{box("y", 330, 6, 12, 10)}<text class="s" x="347" y="15">this run</text>'
        f'{box("w", 400, 6, 12, 10)}<text class="s" x="417" y="15">other programs</text>'
    )


def _row(timeline: Timeline, number: int, cpu: int, y: float, height: float) -> str:
    ours, others, before_s = [], [], 0.0
    scale = (RIGHT - LEFT) / span_s(timeline)
    for sample in timeline.core_load:
        until_s = min(sample.until_s, timeline.elapsed_s)
        x, width = LEFT + before_s * scale, max(0.0, until_s - before_s) * scale
        own = _own(sample, number)
        rest = max(0.0, sample.busy[number] - own)
        foot = y + height
        ours.append(box("y", x, foot - own * height, width, own * height))
        others.append(box("w", x, foot - (own + rest) * height, width, rest * height))
        before_s = until_s
    font = min(11.0, height + 3)
    return (
        f'<text x="0" y="{y + height / 2 + font * 0.36:.1f}" style="font-size:{font:g}px">'
        f"core {cpu}</text>{box('l', LEFT, y, RIGHT - LEFT, height)}{''.join(ours + others)}"
    )


def _own(sample: LoadSample, number: int) -> float:
    """Return what this run took of a core; all that was taken where that is not known."""
    return min(sample.own[number], sample.busy[number]) if sample.own else sample.busy[number]


def _sentence(timeline: Timeline, cpus: Sequence[int]) -> str:
    spans = [sample.until_s for sample in timeline.core_load]
    lengths = [until - before for before, until in zip([0.0, *spans], spans, strict=False)]
    total = sum(lengths) or 1.0
    words = []
    for number, cpu in enumerate(cpus):
        pairs = list(zip(timeline.core_load, lengths, strict=True))
        own = sum(_own(sample, number) * length for sample, length in pairs) / total
        busy = sum(sample.busy[number] * length for sample, length in pairs) / total
        words.append(f"core {cpu} {busy:.0%} busy, {own:.0%} with this run")
    return f"Load of the cores: {'; '.join(words)}."
