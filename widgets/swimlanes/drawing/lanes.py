"""The swimlanes: a row per worker, a bar per task with its number.

What looks alike shares one path: 64 bars on 32 lanes stay under 30 kB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from swimlanes import modes
from swimlanes.brief import plural
from swimlanes.drawing.arrays import TaskArrays, arrivals, columns, task_arrays
from swimlanes.drawing.frame import (
    ABOVE,
    LEFT,
    RIGHT,
    WIDTH,
    Frame,
    lost,
    rows,
    shutdown,
    warmup,
)
from swimlanes.drawing.ghost import Ghost, ghost_of, shared_span_s
from swimlanes.drawing.legend import KINDS, Marks, Parts, failure, legend, parts
from swimlanes.drawing.svg import (
    Headline,
    duration,
    headline,
    notice,
    outline,
    path_of,
    picture,
    text_at,
    ticks,
)
from swimlanes.drawing.words import lanes_time, unfair_mark, workers_of
from swimlanes.markup import NOTHING, Markup, join, markup
from swimlanes.records import REPLACEMENT, Run, TaskRecord, Timeline

MAX_BARS = 64
"""More tasks than this are drawn as columns: the text of a picture stays under 30 kB."""
MAX_LANES = 48
"""More lanes than this are not drawn."""

_RESULTS = 13.0
_GAP = 18
"""Between two timelines that are compared, px."""
_CHARACTER = 6.6
_SMALLEST_FONT = 8


def lanes(
    timeline: Timeline | None,
    name: str = "swimlanes",
    *,
    until_s: float | None = None,
    work: str = "",
    before: Run | None = None,
    chunks: bool = True,
) -> Markup:
    """Draw a timeline, finished or still going on; without one, say what to do.

    Mode and length of the run are told beside it, as by a panel. The axis of time ends at `until_s`
    (seconds), by default with the run. The heading names the `work`. The run `before` is drawn
    below as outlines along the same axis. Without `chunks` nothing is said of these. The text takes
    at most 30 kB for up to 32 workers and any number of tasks.
    """
    if timeline is None:
        return notice(name, (WIDTH, 124), "Workers and tasks", "Press Run to see your workers.")
    extras = Extras(work, ghost_of(before, timeline), chunks)
    drawn = _drawn(timeline, until_s or shared_span_s(timeline, before), (), extras)
    return picture(name, (WIDTH, drawn.height), drawn.sentence, drawn.body)


def compared_lanes(runs: Sequence[Run], name: str, until_s: float) -> Markup:
    """Draw the lanes of several runs, one below the other, along the same axis of time."""
    pieces, height, sentences = [], 0, []
    for run in runs:
        drawn = _drawn(run.timeline, until_s, [lanes_time(run), *unfair_mark(run)])
        pieces.append(markup('<g transform="translate(0 {})">{}</g>', height, drawn.body))
        height += drawn.height + _GAP
        sentences.append(drawn.sentence)
    return picture(name, (WIDTH, height - _GAP), " ".join(sentences), join(pieces))


class _Drawn(NamedTuple):
    """The lanes of a timeline without the frame of a picture: their height, and what they say."""

    body: Markup
    height: int
    sentence: str


class Extras(NamedTuple):
    """What a panel adds: the work by its name, the run before, and whether chunks are told of."""

    work: str = ""
    ghost: Ghost | None = None
    chunks: bool = True


_NO_EXTRAS = Extras()


def _drawn(
    timeline: Timeline, until_s: float, told: Sequence[str], extras: Extras = _NO_EXTRAS
) -> _Drawn:
    """Draw a timeline; the heading begins with what is `told` of its run, if there is one."""
    tasks = task_arrays(timeline)
    heading = _heading(timeline, tasks, told, extras)
    frame = _frame(timeline, tasks, until_s, heading.bottom)
    ghost, below = extras.ghost, frame.bottom
    frame = replace(frame, ghost=ghost.height if ghost else 0.0, chunks=extras.chunks)
    inside = join(_rows(timeline, frame, tasks))
    named, bottom = _legend(timeline, frame, tasks)
    body = [
        heading.drawn,
        markup('<g class="t" style="font-size:{:g}px">{}</g>', frame.font, inside),
        arrivals(tasks, frame),
        _results_line(timeline, frame),
        *(ghost.drawn(below) if ghost else ()),
        _axis(frame),
        named,
    ]
    sentence = _sentence(timeline, tasks) + (ghost.sentence if ghost else "")
    return _Drawn(join(body), round(bottom + 6), sentence)


def _rows(timeline: Timeline, frame: Frame, tasks: TaskArrays) -> Iterator[Markup]:
    yield rows(timeline, frame)
    yield from warmup(timeline, frame)
    yield from lost(timeline, frame)
    yield _tasks(timeline, frame, tasks)
    yield shutdown(timeline, frame)
    yield from _failures(timeline, frame, tasks)


def _frame(timeline: Timeline, tasks: TaskArrays, span_s: float, top: float) -> Frame:
    count = min(timeline.lanes_count, MAX_LANES)
    tallest = 36.0 if len(modes.of(timeline.mode).identity) < 2 else 44.0
    pitch = max(13.0, min(tallest, 432 // count / 2))
    results = _RESULTS if tasks.has_arrived.any() else 0.0
    return Frame(top + ABOVE, span_s, count, pitch, pitch - (6 if pitch > 20 else 2), results)


def _heading(
    timeline: Timeline, tasks: TaskArrays, told: Sequence[str], extras: Extras
) -> Headline:
    named = timeline.mode if told else extras.work
    what = f"{named}: {_what(timeline)}" if named else _what(timeline)
    details = _details(timeline, tasks, bool(told), extras.chunks)
    return headline(WIDTH, what, *told, *details, below=not told)


def _what(timeline: Timeline) -> str:
    later = sum(lane.name.startswith(REPLACEMENT) for lane in timeline.lanes)
    workers = plural(timeline.workers - later, "worker")
    if later:
        workers += f" and {plural(later, REPLACEMENT)}"
    if modes.of(timeline.mode).has_threads:
        workers = workers_of(timeline.mode, timeline.workers, timeline.threads)
    return f"{plural(timeline.tasks_count, modes.of(timeline.mode).task)} on {workers}"


def _details(timeline: Timeline, tasks: TaskArrays, titled: bool, chunks: bool) -> list[str]:
    details = []
    kind = modes.of(timeline.mode)
    parallel = kind.parallel and kind.planned
    if parallel and not titled:
        made_s, gone_s = timeline.startup_s, timeline.wall_time_s
        made = "starting" if made_s is None else f"pool made after {duration(made_s)}"
        details.append(made + ("" if gone_s is None else f", gone after {duration(gone_s)}"))
    if parallel and chunks:
        details.append(f"chunks of {timeline.chunksize}")
    if timeline.warmup_s:
        details.append(f"warm-up {duration(timeline.warmup_s)}, not counted")
    if timeline.wall_time_s is None:
        details.append(f"{tasks.done} done")
    error_s = max((lane.clock_error_s for lane in timeline.lanes), default=0.0)
    if error_s:
        details.append(f"clocks ± {duration(error_s)}")
    if timeline.lanes_count > MAX_LANES:
        details.append(f"the first {MAX_LANES} lanes")
    return details


def _tasks(timeline: Timeline, frame: Frame, tasks: TaskArrays) -> Markup:
    if timeline.tasks_count > MAX_BARS:
        return columns(tasks, frame, timeline.elapsed_s)
    longest = _longest(timeline, tasks)
    shown = [task for task in timeline.tasks if task.worker <= frame.rows]
    drawn = _bars(shown, frame, timeline, longest)
    return drawn + _brackets(timeline, frame, shown)


def _failures(timeline: Timeline, frame: Frame, tasks: TaskArrays) -> Iterator[Markup]:
    """Mark the tasks that failed, each at its beginning."""
    for task in timeline.failed:
        lane = int(tasks.lane[task]) if task < len(tasks.lane) else 0
        if 0 < lane <= frame.rows:
            x, y = frame.x(tasks.start[task] / 1e9), frame.y(lane) + frame.bar / 2
            yield failure(min(x + 7, RIGHT - 6), y)


def _longest(timeline: Timeline, tasks: TaskArrays) -> int | None:
    """Return the longest task once all have ended: before, the mark would jump."""
    return None if timeline.map_s is None else tasks.longest


@dataclass(frozen=True, slots=True)
class _Bar:
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


def _bars(
    tasks: Iterable[TaskRecord], frame: Frame, timeline: Timeline, longest: int | None
) -> Markup:
    """Draw tasks that have started, up to now: first their times, then their numbers.

    First comes useful time, then waiting for a core, then blocked. `longest` has a mark.
    """
    noun, failed = modes.of(timeline.mode).task, timeline.failed
    tasks = list(tasks)
    ends = _ends(tasks, timeline.elapsed_s)
    placed = [_place(task, frame, end_s) for task, end_s in zip(tasks, ends, strict=True)]
    pieces = [piece for bar in placed for piece in bar.pieces()]
    marked = [("k", bar.outline) for bar in placed if bar.task.task == longest]
    remarks = dict.fromkeys([longest], "longest") | dict.fromkeys(failed, "failed")
    numbers = [_number(bar, frame.font, remarks.get(bar.task.task)) for bar in placed]
    plates = [("p", plate) for _, plate in numbers if plate]
    return (
        join(_together(kind, pieces) for kind in KINDS)
        + _together("k", marked)
        + _together("p", plates)
        + join(number for number, _ in numbers)
        # The tasks' figures lie over their bars, where the mouse finds them.
        + join(path_of(b.outline, "h", title=_told(b, noun, b.task.task in failed)) for b in placed)
    )


def _ends(tasks: Sequence[TaskRecord], elapsed_s: float) -> list[float]:
    """Return up to when each task is drawn: one that failed has no end, and the next one has begun.

    Else their bars and labels would lie on top of each other.
    """
    starts: dict[int, list[float]] = {}
    for task in tasks:
        starts.setdefault(task.worker, []).append(task.start_s)
    return [
        min((s for s in starts[task.worker] if s > task.start_s), default=elapsed_s)
        if task.end_s is None
        else task.end_s
        for task in tasks
    ]


def _place(task: TaskRecord, frame: Frame, end_s: float) -> _Bar:
    left = frame.x(task.start_s)
    width = max(frame.x(end_s) - left - 1, 1.0)  # a gap of 1 px keeps neighbours apart
    y = frame.y(task.worker)
    return _Bar(task, end_s, left, y, width, frame.bar, parts(task, end_s))


def _together(kind: str, pieces: Iterable[tuple[str, str]]) -> Markup:
    path = "".join(piece for style, piece in pieces if style == kind)
    return path_of(path, kind) if path else NOTHING


def _told(bar: _Bar, noun: str, failed: bool) -> str:
    task, length_s = bar.task, bar.end_s - bar.task.start_s
    name = f"{noun} {task.task}{', failed' if failed else ''}"
    if task.end_s is None:
        return f"{name}: {'began at' if failed else 'running since'} {duration(task.start_s)}"
    said = [f"{name}: {duration(length_s)} from {duration(task.start_s)}"]
    said.append(f"CPU {duration(task.cpu_s)}")
    if task.waiting_s >= 0.005 * length_s:
        said.append(f"waiting {duration(task.waiting_s)}")
    if task.arrived_s is not None:
        said.append(f"result {duration(task.arrived_s)}")
    return ", ".join(said)


def _number(bar: _Bar, size: float, remark: str | None) -> tuple[Markup, str]:
    """Return the number, and the plate it needs where a pattern is behind; both may be empty."""
    number = str(bar.task.task)
    texts = (f"{number} · {remark}", number) if remark else (number,)
    room = bar.width - (14 if remark == "failed" else 0)  # beside its mark
    text = next((text for text in texts if _room(text, size) <= room), "")
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


def _has_brackets(timeline: Timeline, frame: Frame) -> bool:
    """Return whether chunks hold more than a task and the lanes leave room to show that."""
    room = frame.chunks and frame.pitch - frame.bar >= 4
    return timeline.chunksize > 1 and modes.of(timeline.mode).parallel and room


def _brackets(timeline: Timeline, frame: Frame, tasks: Iterable[TaskRecord]) -> Markup:
    """Draw a bracket for each chunk that has started."""
    if not _has_brackets(timeline, frame):
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


def _results_line(timeline: Timeline, frame: Frame) -> Markup:
    moment_s = timeline.map_end_s
    if moment_s is None or not modes.of(timeline.mode).planned:
        return NOTHING
    x = frame.x(moment_s)
    kind, shift = ("s e", -4) if x > (LEFT + RIGHT) / 2 else ("s", 4)
    top = frame.top
    said = text_at(x + shift, top - 7, f"all results in hand after {duration(moment_s)}", kind)
    return path_of(f"M{x:.1f} {top - 15:g}V{frame.bottom:.1f}", "k") + said


def _axis(frame: Frame) -> Markup:
    y = frame.bottom + 1
    factor, unit = (1000.0, "ms") if frame.span_s < 0.1 else (1.0, "s")
    marks = [
        path_of(f"M{x:.1f} {y:.1f}v4", "a") + text_at(x, y + 15, f"{value:g}", "s m")
        for value in ticks(frame.span_s * factor, at_most=7)
        if (x := frame.x(value / factor)) < RIGHT - 16
    ]
    line = path_of(f"M{LEFT:g} {y:.1f}H{RIGHT:g}", "a")
    return join([line, *marks, text_at(RIGHT, y + 15, unit, "s e")])


def _legend(timeline: Timeline, frame: Frame, tasks: TaskArrays) -> tuple[Markup, float]:
    one_by_one = timeline.tasks_count <= MAX_BARS
    marks = Marks(
        warmup=bool(timeline.warmup_s),
        chunks=one_by_one and _has_brackets(timeline, frame),
        longest=one_by_one and _longest(timeline, tasks) is not None,
        failed=bool(timeline.failed),
        lost=bool(timeline.lost),
    )
    live = timeline.wall_time_s is None
    return legend(frame.bottom + 36, live, marks, modes.of(timeline.mode).task)


def _sentence(timeline: Timeline, tasks: TaskArrays) -> str:
    noun = modes.of(timeline.mode).task
    if timeline.wall_time_s is None:
        return f"{_what(timeline)}, running, {plural(tasks.started, noun)} started."
    busy = tasks.length.sum() or 1.0
    useful, waiting = tasks.cpu.sum() / busy, tasks.waiting.sum() / busy
    longest = tasks.longest
    return (
        f"{_what(timeline)}, lanes of {duration(timeline.wall_time_s)}. "
        f"Of the time in {noun}s {useful:.0%} was useful, {waiting:.0%} waiting for a core, "
        f"{max(0.0, 1 - useful - waiting):.0%} blocked."
        + ("" if longest is None else f" {noun.capitalize()} {longest} was the longest.")
        + "".join(f" {noun.capitalize()} {number} failed." for number in timeline.failed)
        + "".join(
            f" Task {lost.task} was lost with worker {lost.worker}." for lost in timeline.lost
        )
    )
