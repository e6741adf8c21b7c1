"""A bar per task, with its number.

What looks alike shares one path: 64 bars on 32 lanes stay under 30 kB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from swimlanes import modes
from swimlanes.drawing.frame import Frame
from swimlanes.drawing.legend import KINDS, Parts, parts
from swimlanes.drawing.svg import duration, outline, path_of, text_at
from swimlanes.markup import NOTHING, Markup, join
from swimlanes.records import TaskRecord, Timeline

_CHARACTER = 6.6
_SMALLEST_FONT = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A task and its place, px."""

    task: TaskRecord
    end_s: float
    left: float
    top: float
    width: float
    height: float
    shares: Parts

    @property
    def outline(self) -> str:
        """The whole bar as a piece of a path."""
        return outline(self.left, self.top, self.width, self.height)

    def pieces(self) -> Iterator[tuple[str, str]]:
        """Yield the style and the outline of each part that can be seen, from the left."""
        x = self.left
        for kind, share in zip(KINDS, self.shares, strict=True):
            if self.width * share >= 0.05:
                yield kind, outline(x, self.top, self.width * share, self.height)
            x += self.width * share


def bars(
    tasks: Iterable[TaskRecord], frame: Frame, elapsed_s: float, longest: int | None
) -> Markup:
    """Draw tasks: useful time first, then waiting for a core, then blocked; then their numbers.

    Parameters
    ----------
    tasks : iterable of TaskRecord
        Tasks that have started.
    frame : Frame
        Where things are.
    elapsed_s : float
        Now, seconds: where the bars of running tasks end.
    longest : int or None
        Number of the task to mark as the longest.
    """
    placed = [_place(task, frame, elapsed_s) for task in tasks]
    pieces = [piece for bar in placed for piece in bar.pieces()]
    marked = [("k", bar.outline) for bar in placed if bar.task.task == longest]
    numbers = [_number(bar, frame.font, bar.task.task == longest) for bar in placed]
    plates = [("p", plate) for _, plate in numbers if plate]
    return (
        join(_together(kind, pieces) for kind in KINDS)
        + _together("k", marked)
        + _together("p", plates)
        + join(number for number, _ in numbers)
        # The tasks' figures lie over their bars, where the mouse finds them.
        + join(path_of(bar.outline, "h", title=_told(bar)) for bar in placed)
    )


def _place(task: TaskRecord, frame: Frame, elapsed_s: float) -> Bar:
    end_s = elapsed_s if task.end_s is None else task.end_s
    left = frame.x(task.start_s)
    width = max(frame.x(end_s) - left - 1, 1.0)  # a gap of 1 px keeps neighbours apart
    y = frame.y(task.worker)
    return Bar(task, end_s, left, y, width, frame.bar, parts(task, end_s))


def _together(kind: str, pieces: Iterable[tuple[str, str]]) -> Markup:
    path = "".join(piece for style, piece in pieces if style == kind)
    return path_of(path, kind) if path else NOTHING


def _told(bar: Bar) -> str:
    task, length_s = bar.task, bar.end_s - bar.task.start_s
    if task.end_s is None:
        return f"task {task.task}: running since {duration(task.start_s)}"
    said = [f"task {task.task}: {duration(length_s)} from {duration(task.start_s)}"]
    said.append(f"CPU {duration(task.cpu_s)}")
    if task.waiting_s >= 0.005 * length_s:
        said.append(f"waiting {duration(task.waiting_s)}")
    if task.arrived_s is not None:
        said.append(f"result {duration(task.arrived_s)}")
    return ", ".join(said)


def _number(bar: Bar, size: float, longest: bool) -> tuple[Markup, str]:
    """Return the number, and the plate it needs where a pattern is behind; both may be empty."""
    number = str(bar.task.task)
    texts = (f"{number} · longest", number) if longest else (number,)
    text = next((text for text in texts if _room(text, size) <= bar.width), "")
    if not text or size < _SMALLEST_FONT:
        return NOTHING, ""
    room, high = _room(text, size), min(size + 4, bar.height)
    middle, y = bar.left + bar.width / 2, bar.top + bar.height / 2
    on_colour = (bar.width + room) / 2 <= bar.width * (bar.shares.running + bar.shares.useful)
    ink = "n" if not on_colour else "n k" if bar.shares.running else "n o"
    plate = "" if on_colour else outline(middle - room / 2, y - high / 2, room, high)
    return text_at(middle, y + size * 0.36, text, ink), plate


def _room(text: str, size: float) -> float:
    return len(text) * _CHARACTER * size / 11 + 4


def has_brackets(timeline: Timeline, frame: Frame) -> bool:
    """Return whether chunks hold more than a task and the lanes leave room to show that."""
    room = frame.pitch - frame.bar >= 4
    return timeline.chunksize > 1 and modes.of(timeline.mode).parallel and room


def brackets(timeline: Timeline, frame: Frame, tasks: Iterable[TaskRecord]) -> Markup:
    """Draw a bracket for each chunk that has started."""
    if not has_brackets(timeline, frame):
        return NOTHING
    spans: dict[tuple[int, int], tuple[float, float]] = {}
    for task in tasks:
        chunk = task.task // timeline.chunksize, task.worker
        end_s = timeline.elapsed_s if task.end_s is None else task.end_s
        start_s, last_s = spans.get(chunk, (task.start_s, end_s))
        spans[chunk] = min(start_s, task.start_s), max(last_s, end_s)
    path = "".join(
        _bracket(frame, worker, start_s, end_s) for (_, worker), (start_s, end_s) in spans.items()
    )
    return path_of(path, "a")


def _bracket(frame: Frame, worker: int, start_s: float, end_s: float) -> str:
    left, right = frame.x(start_s) + 1, frame.x(end_s) - 2
    return f"M{left:.1f} {frame.y(worker) + frame.bar + 1:.4g}v2.5H{max(left, right):.1f}v-2.5"
