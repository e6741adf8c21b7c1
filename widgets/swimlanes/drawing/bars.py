"""A bar per task, with its number."""

from __future__ import annotations

from swimlanes.drawing.frame import Frame, box
from swimlanes.drawing.parts import KINDS, Parts, parts
from swimlanes.drawing.svg import duration
from swimlanes.records import TaskRecord

_CHARACTER = 6.6


def bar(task: TaskRecord, frame: Frame, elapsed_s: float) -> str:
    """Draw a task: useful time first, then waiting for a core, then blocked, then its number."""
    end_s = elapsed_s if task.end_s is None else task.end_s
    left, y = frame.x(task.start_s), frame.y(task.worker)
    width = max(frame.x(end_s) - left - 1, 1.0)  # a gap of 1 px keeps neighbours apart
    shares = parts(task, end_s)
    boxes, x = [], left
    for kind, share in zip(KINDS, shares, strict=True):
        boxes.append(box(kind, x, y, width * share, frame.bar))
        x += width * share
    number = _number(task, frame, left, width, shares)
    return f"<g><title>{_tooltip(task, end_s)}</title>{''.join(boxes)}{number}</g>"


def _tooltip(task: TaskRecord, end_s: float) -> str:
    if task.end_s is None:
        return f"task {task.task} · running since {duration(task.start_s)}"
    length = duration(end_s - task.start_s)
    return (
        f"task {task.task} · from {duration(task.start_s)} · {length} · CPU {duration(task.cpu_s)}"
    )


def _number(task: TaskRecord, frame: Frame, left: float, width: float, shares: Parts) -> str:
    """Draw a task's number: on plain colour, or on a plate of its own where a pattern is behind."""
    size = frame.font
    room = len(str(task.task)) * _CHARACTER * size / 11 + 4
    if room > width or size < 8:
        return ""
    middle, y = left + width / 2, frame.y(task.worker) + frame.bar / 2
    on_colour = (width + room) / 2 <= width * (shares.running + shares.useful)
    plate = "" if on_colour else box("p", middle - room / 2, y - size / 2 - 2, room, size + 4)
    ink = "n o" if on_colour and not shares.running else "n"
    return (
        f'{plate}<text class="{ink}" x="{middle:.1f}" y="{y + size * 0.36:.1f}">{task.task}</text>'
    )
