"""What there is to choose from: values with labels, the modes that work, and words around them."""

from __future__ import annotations

import threading
from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from swimlanes import modes
from swimlanes.drawing.svg import amount
from swimlanes.markup import NOTHING, Markup, join, legible, markup, short
from swimlanes.measure.work import name_of
from swimlanes.workloads import LENGTHS, WORKLOADS

_TASK_MS = (1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500)
_TASK_BYTES = tuple(digit * 10**power for power in range(3, 8) for digit in (1, 2, 5))[:-1]
_CHUNKSIZES = (*range(17), 32, 64, 128)
_FACTORS = "1,8,1.5,2"
_MOST_MARKS_IN_A_ROW = 3
PATIENCE_S = 0.05
"""How long the panel waits for the answer before it shows itself."""

Choices = list[tuple[str, float]]


def task_ms(given: float) -> Choices:
    """Return the lengths of a task in ms, and the one given among them."""
    return [(f"{value:g} ms", value) for value in _with(_TASK_MS, given)]


def task_bytes(given: float) -> Choices:
    """Return the sizes of a task in bytes, and the one given among them."""
    return [(amount(int(value)), value) for value in _with(_TASK_BYTES, given)]


def chunksizes(given: int | None) -> Choices:
    """Return the sizes of a chunk, and the one given among them; 0 is the pool's own choice."""
    return [
        (f"{value}" if value else "automatic", value) for value in _with(_CHUNKSIZES, given or 0)
    ]


def lengths(given: str) -> list[tuple[str, str]]:
    """Return the ways in which tasks' lengths may differ, and the one given among them."""
    names = list(dict.fromkeys((*LENGTHS, _FACTORS, given)))
    return [(name.replace("-", " ").replace(",", ", "), name) for name in names]


def workloads(given: str | Callable[[Any], Any]) -> list[tuple[str, str | Callable[[Any], Any]]]:
    """Return the workloads with a name, and before them a function of one's own if it was given."""
    own = [(legible(short(name_of(given))), given)] if callable(given) else []
    return [*own, *((workload.label, workload.name) for workload in WORKLOADS.values())]


def find_modes(chosen: str, show: Callable[[Mapping[str, str]], None]) -> None:
    """Show the modes that work here, by why each does not; the slow ones as soon as they are found.

    The mode chosen at first is known to work. `show` is called from another thread as well.
    """
    finder = threading.Thread(
        target=lambda: show(_reasons(modes.MODES)), name="swimlanes-modes", daemon=True
    )
    show(
        _reasons(mode for mode in modes.MODES if mode == chosen or not modes.of(mode).other_python)
    )
    finder.start()
    finder.join(PATIENCE_S)


def missing_modes(reasons: Mapping[str, str]) -> Markup:
    """Return the modes that do not work here, each with the reason, as a fold of HTML."""
    missing = {mode: reason for mode, reason in reasons.items() if reason}
    if not missing:
        return NOTHING
    items = join(markup("<div><b>{}</b>: {}</div>", *item) for item in missing.items())
    return markup(
        '<details class="swimlanes-missing"><summary>not available here: {}</summary>{}</details>',
        ", ".join(missing),
        items,
    )


def mode_marks(names: Sequence[str]) -> Markup:
    """Return the names below the slider, each at its place; many stand in rows by turns."""
    last = max(len(names) - 1, 1)
    rows = len(names) // _MOST_MARKS_IN_A_ROW + 1 if len(names) > _MOST_MARKS_IN_A_ROW else 1
    marks = [
        markup(
            '<span style="left:{0:.1f}%;transform:translateX(-{0:.0f}%)">{1}</span>',
            100 * place / last,
            name,
        )
        for place, name in enumerate(names)
    ]
    lines = join(markup("<div>{}</div>", join(marks[row::rows])) for row in range(rows))
    return markup('<div class="swimlanes-marks" aria-hidden="true">{}</div>', lines)


def _with(usual: tuple[float, ...], given: float) -> list[float]:
    """Return the usual values, in order, and the given one among them."""
    values = list(usual)
    if given not in values:
        insort(values, given)
    return values


def _reasons(names: Iterable[str]) -> dict[str, str]:
    return {mode: modes.why_unavailable(mode) for mode in names}
