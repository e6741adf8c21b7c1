"""What the fills and marks of the lanes mean."""

from __future__ import annotations

from swimlanes.drawing.frame import LEFT, RIGHT, box

_WHILE_RUNNING = ("r", "running")
_STATES = (
    ("u", "useful"),
    ("w", "waiting for a core"),
    ("b", "blocked"),
    ("l", "idle"),
    ("i", "start-up"),
)
_WHEN_DONE = ("e", "shut-down")
_SHARES = (
    '<text class="s e" x="{x:g}" y="{y:.1f}"><title>A bar shows how much of its task was useful, '
    "waiting or blocked, in this order; in truth these took turns.</title>shares, not moments"
    "</text>"
)
LINE = 15


def legend(y: float, live: bool, chunks: bool, longest: bool, lost: bool) -> str:
    """Draw the names of the states, and below them those of the marks that are there."""
    states = (_WHILE_RUNNING, *_STATES) if live else (*_STATES, _WHEN_DONE)
    x, pieces = LEFT, []
    for kind, label in states:
        pieces.append(box(kind, x, y - 9, 12, 10) + _name(x, y, label))
        x = _next(x, label)
    x, y = LEFT, y + LINE
    if chunks:
        pieces.append(f'<path class="a" d="M{x:g} {y - 6:.1f}v3h12v-3"/>' + _name(x, y, "a chunk"))
        x = _next(x, "a chunk")
    if longest:
        pieces.append(box("k", x, y - 9, 12, 10) + _name(x, y, "longest task"))
        x = _next(x, "longest task")
    if lost:
        pieces.append(box("q", x, y - 9, 12, 10) + _name(x, y, "lost with a worker"))
    if not live:
        pieces.append(_SHARES.format(x=RIGHT, y=y))
    return "".join(pieces)


def _name(x: float, y: float, label: str) -> str:
    return f'<text class="s" x="{x + 17:.0f}" y="{y:.1f}">{label}</text>'


def _next(x: float, label: str) -> float:
    return x + 30 + len(label) * 5.3
