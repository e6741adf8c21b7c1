"""What the pictures show, as HTML tables: for those who cannot see them, or want the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice

from swimlanes import modes
from swimlanes.brief import plural
from swimlanes.drawing.core_load import MAX_CORES
from swimlanes.drawing.legend import parts
from swimlanes.drawing.look import AXIS, FAINT, FONT, GRID, INK
from swimlanes.drawing.svg import amount, telling
from swimlanes.drawing.words import (
    DISTURBED,
    after_warmup,
    lanes_time,
    point_in_words,
    telling_times,
    told_speedup,
    unfair,
    unfair_baseline,
    with_warmup,
    workers_of,
    workers_within,
)
from swimlanes.markup import NOTHING, Markup, join, markup, short
from swimlanes.records import (
    Comparison,
    LoadSample,
    Run,
    ScalingPoint,
    ScalingStudy,
    TaskRecord,
    Timeline,
    way_of,
)

_STYLE = markup(
    "<style>"
    ".swimlanes-table{{width:100%;border-collapse:collapse;font:12px {font};color:{ink}}}"
    ".swimlanes-table caption{{text-align:left;font-size:13px;font-weight:600;padding-bottom:4px}}"
    ".swimlanes-table :is(th,td){{text-align:right;padding:3px 0 3px 8px}}"
    ".swimlanes-table :is(th,td):first-child{{text-align:left;padding-left:0}}"
    ".swimlanes-table tbody th{{font-weight:400}}"
    ".swimlanes-table thead{{color:{faint};border-bottom:1px solid {axis}}}"
    ".swimlanes-table tbody tr{{border-bottom:1px solid {grid}}}"
    "</style>",
    font=FONT,
    ink=INK,
    faint=FAINT,
    axis=AXIS,
    grid=GRID,
)


def table(
    caption: str, columns: Sequence[str], lines: Iterable[Markup], left_out: int = 0
) -> Markup:
    """Return an HTML table of lines, each made by `line`, in the colours of the theme.

    The last line says how many were left out, if any were.
    """
    heads = join(markup('<th scope="col">{}</th>', column) for column in columns)
    rest = note(f"… {left_out} more", len(columns)) if left_out > 0 else NOTHING
    return markup(
        '<div style="overflow-x:auto">{}<table class="swimlanes-table"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        _STYLE,
        caption,
        heads,
        join([*lines, rest]),
    )


def line(cells: Sequence[str], title: str = "") -> Markup:
    """Return a line of a table; the first cell names it, the title tells more under the mouse."""
    name, *values = cells
    tooltip = markup(' title="{}"', title) if title else NOTHING
    rest = join(markup("<td>{}</td>", value) for value in values)
    return markup('<tr{}><th scope="row">{}</th>{}</tr>', tooltip, name, rest)


def note(text: str, columns: int) -> Markup:
    """Return a line that holds nothing but a remark."""
    return markup('<tr><td colspan="{}">{}</td></tr>', columns, text)


MOST_LINES = 100
"""More lines than this are left out, and said to be."""

_LEAST_S = 1e-5
_RUN = ("task", "worker", "start", "length", "useful", "waiting for a core", "blocked")
_STUDY = (
    "workers", "time", "speedup", "lowest to highest", "possible", "efficiency", "serial fraction",
    "remark",
)  # fmt: skip
_WAYS = ("way", "workers", "time", "speedup", "lowest to highest", "one alone", "remark")
EARLIER = 5
"""So many earlier runs are listed."""
_EARLIER = ("work", "workers", "tasks", "time", "speedup")


def run_table(run: Run) -> Markup:
    """Return the tasks of a run as an HTML table, one a line, by their number.

    The last column, when a result was in hand, is there if results came one by one.
    """
    shown = run.tasks[:MOST_LINES]
    one_by_one = any(task.arrived_s is not None for task in shown)
    columns = (*_RUN, "result in hand") if one_by_one else _RUN
    noun = modes.of(run.mode).task
    lines = _tasks(shown, one_by_one)
    lines += _unfair(unfair(run), columns)
    who = workers_within(run.mode, run.workers, run.threads)
    caption = f"{plural(run.tasks_count, noun)} of {short(run.workload)}, {who}"
    took = f"{lanes_time(run)}{after_warmup(run)}"
    columns = (noun, *columns[1:])
    return table(f"{caption}: {took}", columns, lines, len(run.tasks) - MOST_LINES)


def _unfair(sentence: str, columns: Sequence[str]) -> list[Markup]:
    """Return the line which says that what was measured is not fair, if it is not."""
    return [note(sentence, len(columns))] if sentence else []


def _tasks(tasks: Sequence[TaskRecord], one_by_one: bool) -> list[Markup]:
    """Return a line for each task; the moments have one unit, and so have the spans of time."""
    spans = [_spans(task) for task in tasks]
    span = telling(chain.from_iterable(spans))
    moment = telling([at for task in tasks for at in (task.start_s, task.arrived_s or 0.0)])
    lines = []
    for task, spans_s in zip(tasks, spans, strict=True):
        cells = [str(task.task), str(task.worker), moment(task.start_s), *map(span, spans_s)]
        if one_by_one:
            cells.append("–" if task.arrived_s is None else moment(task.arrived_s))
        lines.append(line(cells))
    return lines


def _spans(task: TaskRecord) -> list[float]:
    """Return how long a task was, and its parts; of some microseconds the clocks tell nothing."""
    end_s = task.start_s if task.end_s is None else task.end_s
    shares = parts(task, end_s)
    length_s = end_s - task.start_s
    told = (share * length_s for share in (shares.useful, shares.waiting, shares.blocked))
    return [length_s, *(part_s if part_s >= _LEAST_S else 0.0 for part_s in told)]


def study_table(study: ScalingStudy) -> Markup:
    """Return what a study measured as an HTML table, the serial baseline first."""
    shown = study.points[:MOST_LINES]
    tell = telling_times(study.serial_s, shown)
    lines = [line(["serial", tell(study.serial_s), "1.00", *5 * ("–",)])]
    lines += [_point(study, point, tell) for point in shown]
    lines += _unfair(unfair_baseline(study.baseline), _STUDY)
    caption = f"{short(study.workload)}, {study.mode}: medians of the repetitions"
    weak = "; n workers have n times the work" if study.scaling == "weak" else ""
    caption += weak + with_warmup(study)
    return table(caption, _STUDY, lines, len(study.points) - MOST_LINES)


def _point(study: ScalingStudy, point: ScalingPoint, tell: Callable[[float], str]) -> Markup:
    who = workers_of(study.mode, point.workers, point.runs[0].threads)
    told = point_in_words(point, study.possible(point.workers), study.fair, tell)
    return line([who, *told, _remark(point)])


def _remark(what: ScalingPoint | Comparison) -> str:
    return DISTURBED if what.disturbed else "–"


def comparison_table(record: Comparison) -> Markup:
    """Return what a comparison measured as an HTML table, the serial baseline first.

    *One alone* tells how many times as long serial takes on a way's own interpreter.
    """
    points = [(study, point) for study in record.studies for point in record.points(study)]
    tell = telling_times(record.serial_s, (point for _, point in points))
    serial = ["serial", "1", tell(record.serial_s), "1.00", "–", "1.00", _remark(record)]
    lines = [line(serial), *(_way(record, study, point, tell) for study, point in points)]
    lines += [
        line([short(entry.way), *5 * ("–",), "does not work here"], short(entry.reason, most=1000))
        for entry in record.left_out
    ]
    caption = f"{short(record.workload)}, all modes: against serial on this Python"
    return table(caption, _WAYS, lines)


def _way(
    record: Comparison, study: ScalingStudy, point: ScalingPoint, tell: Callable[[float], str]
) -> Markup:
    told = point_in_words(point, study.possible(point.workers), not record.disturbed, tell)
    price = f"{record.price(study) or 1:.2f}" if record.price_is_fair(study) else "–"
    name = way_of(study).name
    return line([name, str(point.workers), *told[:3], price, _remark(point)])


def load_table(timeline: Timeline, cpus: Sequence[int]) -> Markup:
    """Return the load of each core as an HTML table, one span of time a line.

    `cpus` holds the ids of the usable cores, in the order of the samples.
    """
    columns = ("until", *(f"core {cpu}" for cpu in cpus[:MAX_CORES]))
    shown = timeline.core_load[:MOST_LINES]
    ends_s = [min(sample.until_s, timeline.elapsed_s) for sample in shown]
    untils = map(telling(ends_s), ends_s)
    lines = [_load(sample, until) for sample, until in zip(shown, untils, strict=True)]
    first = f", the first {MAX_CORES}" if len(cpus) > MAX_CORES else ""
    caption = f"Load of the cores{first}: this run + other programs"
    return table(caption, columns, lines, len(timeline.core_load) - MOST_LINES)


def _load(sample: LoadSample, until: str) -> Markup:
    own = sample.own or sample.busy
    shares = (
        f"{min(ours, busy):.0%} + {max(0.0, busy - ours):.0%}"
        for ours, busy in zip(own, sample.busy, strict=True)
    )
    return line([until, *islice(shares, MAX_CORES)])


def earlier_runs(runs: Sequence[tuple[Run, Run | None]], compared: bool = True) -> Markup:
    """List the latest runs as an HTML table, the newest first; nothing without runs.

    Each comes with a serial run of the same work, if there is one; if they are to be `compared`,
    the last column is the speedup.
    """
    if not runs:
        return NOTHING
    shown, columns = list(reversed(runs[-EARLIER:])), _EARLIER[: None if compared else -1]
    tell = telling(run.wall_time_s for run, _ in shown)
    lines = [_earlier(pair, tell, compared) for pair in shown]
    if any(map(_disturbed, shown)):
        said = "* no fair measurement: programs outside used the cores"
        lines.append(note(said, len(columns)))
    return table("Runs so far", columns, lines)


def _earlier(pair: tuple[Run, Run | None], tell: Callable[[float], str], compared: bool) -> Markup:
    run, serial_run = pair
    speedup = told_speedup(serial_run, run)
    gain = "–" if speedup is None else f"{speedup:.2f}"
    who = workers_within(run.mode, run.workers, run.threads)
    cells = [short(run.workload), who, f"{run.tasks_count}{_size(run)}", tell(run.wall_time_s)]
    cells += [gain] * compared
    cells[-1] += " *" if _disturbed(pair) else ""
    return line(cells, _details(run) if compared else "")


def _size(run: Run) -> str:
    if run.task_bytes is not None:
        return f" × {amount(run.task_bytes)}"
    return "" if run.task_ms is None else f" × {run.task_ms:g} ms"


def _details(run: Run) -> str:
    """Name what the columns leave out, where it was chosen."""
    lengths = f"{run.lengths} lengths" if run.lengths not in ("", "equal") else ""
    chunks = f"{run.schedule} in chunks of {run.chunksize}" if modes.of(run.mode).parallel else ""
    return ", ".join(filter(None, (lengths, chunks, run.start_method)))


def _disturbed(pair: tuple[Run, Run | None]) -> bool:
    return any(run is not None and run.disturbed for run in pair)
