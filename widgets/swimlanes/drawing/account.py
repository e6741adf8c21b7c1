"""Where the time of all lanes went: a stacked bar for each number of workers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from swimlanes.brief import plural
from swimlanes.drawing.legend import AROUND, KINDS, keys
from swimlanes.drawing.svg import box, duration, group, headline, notice, picture, text_at
from swimlanes.markup import NOTHING, Markup, join
from swimlanes.metrics import Account
from swimlanes.records import Run, ScalingStudy

WIDTH = 340
LEFT, RIGHT, TOP = 68.0, 336.0, 26.0
PITCH, HEIGHT = 24.0, 18.0
EMPTY_HEIGHT = 146
MAX_ROWS = 12
"""Of more bars than this, only every second, third, and so on, is drawn."""
_CHARACTER = 7.0
_SEEN = 0.005
"""Smaller shares of the whole are not told."""
_GROUPS = (
    ("u", "useful", ("useful",)),
    ("w", "waiting for a core", ("throttled", "neighbour", "oversubscribed", "unclear")),
    ("b", "blocked", ("blocked",)),
    ("q", "lost with a worker", ("lost",)),
    ("x", "sending", ("transfer", "inputs", "results")),
    ("l", "idle", ("imbalance", "batches", "dispatch", "tail")),
    ("i", "start-up", ("startup",)),
    ("e", "shut-down", ("shutdown",)),
    ("d", "no worker there", ("absent",)),
)
NAMES = {
    "useful": "useful",
    "throttled": "throttled by the quota",
    "neighbour": "core taken by other programs",
    "oversubscribed": "waiting for a core (more threads than cores)",
    "unclear": "waiting for a core (this run cannot tell why)",
    "blocked": "blocked",
    "lost": "lost with a worker",
    "imbalance": "idle at the end (imbalance)",
    "batches": "idle until the rest of a batch was done",
    "transfer": "messages under way",
    "inputs": "pickling and unpickling inputs",
    "dispatch": "handing out tasks",
    "results": "pickling, sending and unpickling results",
    "tail": "bringing in the results",
    "startup": "start-up",
    "shutdown": "shut-down",
    "absent": "no worker there, before its pool or after it",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A bar: what it is called, and the account that it shows."""

    label: str
    account: Account


def account_rows(run: Run | None, study: ScalingStudy | None) -> list[Row]:
    """Return a row for each point of a study, and one for a run if there is one.

    A point is shown by the repetition whose wall time is the median. Each lane is called a worker,
    as it is beside the lanes.
    """
    points = () if study is None else study.points
    rows = [Row(plural(point.lanes, "worker"), point.median_run.account) for point in points]
    if run is not None:
        rows.append(
            Row("the run" if rows else plural(len(run.account.lanes), "worker"), run.account)
        )
    return rows


def account(
    rows: Sequence[Row], name: str = "swimlanes-account", *, legend: bool = False
) -> Markup:
    """Draw the shares of n × T that went to each state, a bar for each row, in at most 15 kB.

    Without rows, the picture says what to do. The `legend` of a panel leaves out the states which
    the lanes above have in theirs.
    """
    if not rows:
        return notice(name, (WIDTH, EMPTY_HEIGHT), "Where did it go?", "Run or sweep to see it.")
    shown = rows[:: math.ceil(len(rows) / MAX_ROWS)]
    bars = join(_bar(row, TOP + number * PITCH) for number, row in enumerate(shown))
    heading = headline(WIDTH, "Where did it go?", "shares of the workers’ time").drawn
    bottom = TOP + len(shown) * PITCH
    named, bottom = _legend(shown, bottom, () if legend else KINDS + AROUND)
    size = (WIDTH, round(bottom))
    sentence = "Where the time went. " + " ".join(
        f"{row.label}: {_in_words(row)}." for row in shown
    )
    return picture(name, size, sentence, heading + bars + named)


def _shares(whole: Account) -> list[tuple[str, str, float]]:
    """Return the style, the name and the share of each state, in the order of drawing."""
    parts, area = whole.parts, whole.area_s or 1.0
    return [(kind, label, sum(parts[part] for part in of) / area) for kind, label, of in _GROUPS]


def _legend(rows: Sequence[Row], y: float, left_out: Sequence[str]) -> tuple[Markup, float]:
    """Name the states that can be seen in any row, but for some; return also where that ends."""
    seen = {kind for row in rows for kind, _, share in _shares(row.account) if share >= _SEEN}
    seen -= set(left_out)
    if not seen:
        return NOTHING, y
    named = [(kind, label) for kind, label, _ in _GROUPS if kind in seen]
    drawn, bottom = keys(named, y + 12, 0, RIGHT)
    return drawn, bottom + 4


def _in_words(row: Row) -> str:
    shares = [f"{share:.0%} {label}" for _, label, share in _shares(row.account) if share >= _SEEN]
    return ", ".join(shares)


def _bar(row: Row, y: float) -> Markup:
    boxes, x = [], LEFT
    for kind, label, share in _shares(row.account):
        width = share * (RIGHT - LEFT)
        boxes.append(box(kind, x, y, width, HEIGHT))
        boxes.append(_percentage(kind, label, share, x, y, width))
        x += width
    name = text_at(0, y + HEIGHT / 2 + 4, row.label)
    return group(f"{row.label}: {_detail(row.account)}", name, *boxes)


def _percentage(kind: str, label: str, share: float, x: float, y: float, width: float) -> Markup:
    """Write the share into its part of the bar, with the state's name where there is room."""
    texts = (f"{label} {share:.0%}", f"{label.split()[0]} {share:.0%}", f"{share:.0%}")
    text = next((text for text in texts if _room(text) <= width), None)
    if text is None:
        return NOTHING
    ink = "n o" if kind == "u" else "n"
    plate = NOTHING if kind == "u" else box("p", x + 3, y + 2, _room(text) - 6, HEIGHT - 4)
    return plate + text_at(x + _room(text) / 2, y + HEIGHT / 2 + 4, text, ink)


def _room(text: str) -> float:
    return len(text) * _CHARACTER + 12


def _detail(whole: Account) -> str:
    return " · ".join(
        f"{NAMES[part]} {duration(value)} ({value / whole.area_s:.0%})"
        for part, value in whole.parts.items()
        if value >= _SEEN * whole.area_s
    )
