"""All ways to do the same work in one chart: the speedup of each against one serial baseline."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from swimlanes.brief import plural
from swimlanes.drawing import chart, look
from swimlanes.drawing.limits import limits_of_work, stairs
from swimlanes.drawing.svg import Headline, duration, headline, notice, path_of
from swimlanes.drawing.words import describe_price, unfair_baseline, workers_of
from swimlanes.markup import Markup, short
from swimlanes.records import Comparison, ScalingPoint, ScalingStudy, way_of

WIDTH = 456
_RIGHT = 262.0
_LABEL_X = _RIGHT + 8
_HEADROOM = 1.15
_APART = 8.0
"""How far points of the same number of workers stand apart, px, where there is room."""
_WHISKER = 3.0
_SERIAL = f"stroke:{look.INK};stroke-width:1;stroke-dasharray:1 3"


def comparison(record: Comparison | None, name: str = "swimlanes-comparison") -> Markup:
    """Draw the speedup over the number of workers in every way, as far as it was measured."""
    if record is None or not record.studies:
        return notice(name, (WIDTH, chart.HEIGHT), "All modes", "The first speedup is on its way.")
    if record.disturbed:
        sentence = unfair_baseline(record.baseline)
        return notice(name, (WIDTH, chart.HEIGHT), "All modes", sentence)
    scales = _scales(record)
    bounds = limits_of_work(record.studies, scales)
    one = scales.y(1)
    serial = chart.Label(one, ("serial",), _SERIAL, title=f"Serial: {duration(record.serial_s)}")
    pieces = [
        chart.axes(scales, "number of workers"),
        bounds.drawn,
        path_of(f"M{chart.LEFT:g} {one:.1f}H{_RIGHT:g}", style=_SERIAL),
        *_curves(record, scales),
        chart.stack([*_labels(record, scales), *bounds.labels, serial], _LABEL_X),
    ]
    return chart.drawn(name, WIDTH, _sentence(record), _heading(record), pieces, _notes(record))


def _notes(record: Comparison) -> Iterator[str]:
    """Yield what has to be known to read the chart, line by line."""
    python = short(record.serial_runs[0].conditions.interpreter)
    yield f"n times as fast as serial in {python}, which took {duration(record.serial_s)}"
    if len(record.studies) > 1:
        yield "points of the same number of workers stand side by side"
    yield from filter(None, (describe_price(record, study) for study in record.studies))
    if any(point.disturbed for study in record.studies for point in study.points):
        yield chart.HOLLOW


def _scales(record: Comparison) -> chart.Scales:
    most = record.most_workers
    heights = [*stairs(record.studies, most).values(), 1.0]
    heights += [high for each in record.studies for p in record.points(each) for high in p.speedups]
    return chart.Scales(chart.ASPECTS["speedup"], most, max(heights) * _HEADROOM, _RIGHT)


def _heading(record: Comparison) -> Headline:
    task_ms = record.serial_runs[0].task_ms
    length = "" if task_ms is None else f" of {task_ms:g} ms"
    what = f"{short(record.workload)}, {plural(record.tasks_count, 'task')}{length}"
    # A serial run that was disturbed has been repeated, and no point with it.
    points = (point for study in record.studies for point in study.points)
    repeats = max((len(point.runs) for point in points), default=0)
    return headline(WIDTH, f"All modes: {what}", *chart.repeated(repeats))


def _curves(record: Comparison, scales: chart.Scales) -> Iterator[Markup]:
    """Yield each curve, a little beside the others, so that all points are seen.

    None lies to the left of its number of workers: there less is possible.
    """
    apart = min(_APART, 0.5 * (scales.x(2) - scales.x(1)) / len(record.studies))
    for number, study in enumerate(record.studies):
        yield _curve(record, study, scales, number * apart)


def _curve(record: Comparison, study: ScalingStudy, scales: chart.Scales, aside: float) -> Markup:
    def place(point: ScalingPoint, speedup: float) -> tuple[float, float]:
        return scales.x(point.workers) + aside, scales.y(speedup)

    style, told = look.style_of(*way_of(study)), partial(_tooltip, study)
    return chart.curve(style, record.points(study), place, told, _WHISKER)


def _labels(record: Comparison, scales: chart.Scales) -> Iterator[chart.Label]:
    """Yield the name of each curve with its last value, at the height where it ends."""
    for study in record.studies:
        way, last = way_of(study), record.points(study)[-1]
        style = look.style_of(*way)
        yield chart.Label(
            scales.y(last.speedup),
            (f"{way.name} {last.speedup:.2f}",),
            style.line,
            chart.marker(style.path, _LABEL_X + 8, 0, hollow=last.disturbed),
            _tooltip(study, last),
        )


def _tooltip(study: ScalingStudy, point: ScalingPoint) -> str:
    low, high = point.speedup_spread
    who = workers_of(study.mode, point.workers)
    method = way_of(study).start_method
    doubt = " No fair measurement: programs outside used the cores." if point.disturbed else ""
    return (
        f"{who}{f', {method}' if method else ''}: {point.speedup:.2f} times as fast as serial "
        f"({low:.2f} to {high:.2f}), {duration(point.serial_s / point.speedup)}.{doubt}"
    )


def _sentence(record: Comparison) -> str:
    curves = "; ".join(
        chart.spoken(way_of(study).name, ((p.workers, p.speedup) for p in record.points(study)))
        for study in record.studies
    )
    cores = plural(record.usable_cores, "core")
    return f"Speedup over the number of workers in all modes, on {cores}. {curves}."
