"""What a class has shared, in one picture: everybody's curve, or what everybody guessed.

A person is a number, known by a colour and a shape. An element with the attribute ``data-person``
holds all that is one person's, so that a page can make its owner's stand out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from statistics import median_high
from typing import NamedTuple

from swimlanes.brief import plural
from swimlanes.drawing import chart, look
from swimlanes.drawing.limits import cores_line
from swimlanes.drawing.svg import box, headline, notice, text_at
from swimlanes.markup import NOTHING, Markup, join, markup
from swimlanes.metrics import Quartiles, quartiles

WIDTH = 456
_RIGHT = 346.0
_LABEL_X = _RIGHT + 6
_HEADROOM = 1.1
_APART = 12.0
"""How far the points of a whole class with the same number of lanes lie apart, px."""
_FEWEST = 3
"""From so many curves on there is a median, of those with the same number of cores."""
_CROWD = 10
"""More curves than these are translucent, so that one sees where many lie."""
_MOST_CORES = 4
"""So many different numbers of cores are told."""
_IDEAL = f"stroke:{look.AXIS};stroke-dasharray:4 3"
_MEDIAN = f"stroke:{look.INK};stroke-width:5;stroke-opacity:.6;stroke-linecap:round"
_UNFAIR = "No fair measurement: other programs used the cores, or the serial run was slow."
_NOBODY = "Nobody has shared anything yet, or all of it is hidden."


class Curve(NamedTuple):
    """What one person measured on so many cores; the note is the instructor's."""

    person: int
    cores: int
    points: Sequence[chart.Point]
    note: str = ""


class _Middle(NamedTuple):
    """The median and the middle half of those with so many cores, by numbers of lanes.

    They come in stretches: between two, there are points that say nothing of the class.
    """

    cores: int
    stretches: list[dict[int, Quartiles]]

    @property
    def medians(self) -> list[tuple[int, float]]:
        """The medians by numbers of lanes."""
        return [(n, half.median) for part in self.stretches for n, half in part.items()]


def class_curves(curves: Sequence[Curve], what: str, name: str = "swimlanes-class") -> Markup:
    """Draw the curves of a class over each other, with their medians and their middle halves.

    There is one median for each number of cores: with more cores, more speedup is possible. `what`
    names the work. A single curve cannot make the others unreadable: the chart reaches no further
    than twice the lanes of most, and no higher than the ideal.
    """
    if not curves:
        return notice(name, (WIDTH, chart.HEIGHT), what, _NOBODY)
    scales = _scales(curves)
    middles = _middles(curves, scales.lanes)
    cores = {curve.cores for curve in curves}
    pieces = [
        chart.axes(scales, "number of lanes: workers × threads of each"),
        cores_line(cores.pop(), scales).drawn if len(cores) == 1 else NOTHING,
        _ideal(scales),
        *(_band(part, scales) for middle in middles for part in middle.stretches),
        *_drawn(curves, scales),
        *(_line(part, scales) for middle in middles for part in middle.stretches),
        chart.stack(list(_labels(middles, scales)), _LABEL_X),
    ]
    sentence = _sentence(curves, what, middles)
    heading = headline(WIDTH, what, _who(curves), below=True)
    return chart.drawn(name, WIDTH, sentence, heading, pieces, _notes(curves, middles, scales))


def _scales(curves: Sequence[Curve]) -> chart.Scales:
    widest = [max(point.lanes for point in curve.points) for curve in curves]
    most = max(2, min(max(widest), 2 * median_high(widest)))
    heights = [p.speedup for curve in curves for p in curve.points if p.lanes <= most]
    highest = min(max([1.0, *heights]) * _HEADROOM, most + 0.5)
    return chart.Scales(chart.ASPECTS["speedup"], most, highest, _RIGHT)


def _middles(curves: Sequence[Curve], most: int) -> list[_Middle]:
    """Return what there is of each number of cores that enough people have; few cores first.

    A median with one lane alone says nothing of a speedup.
    """
    groups: dict[int, list[Curve]] = {}
    for curve in curves:
        groups.setdefault(curve.cores, []).append(curve)
    found = (_Middle(cores, _stretches(group, most)) for cores, group in sorted(groups.items()))
    return [middle for middle in found if any(lanes > 1 for lanes, _ in middle.medians)]


def _stretches(group: Sequence[Curve], most: int) -> list[dict[int, Quartiles]]:
    """Return the middle of a group where at least half of it has a fair point."""
    fair: dict[int, list[float]] = {}
    for curve in group:
        for point in curve.points:
            if point.lanes > most:
                continue
            speedups = fair.setdefault(point.lanes, [])
            if not point.disturbed:
                speedups.append(point.speedup)
    enough = max(_FEWEST, len(group) / 2)
    parts: list[dict[int, Quartiles]] = [{}]
    for n, speedups in sorted(fair.items()):
        if len(speedups) >= enough:
            parts[-1][n] = quartiles(speedups)
        elif parts[-1]:
            parts.append({})
    return [part for part in parts if part]


def _drawn(curves: Sequence[Curve], scales: chart.Scales) -> Iterator[Markup]:
    """Yield each curve, a little to the right of the one before, so that all points are seen."""
    apart = min(_APART, 0.5 * (scales.x(2) - scales.x(1))) / len(curves)
    opacity = 1 if len(curves) <= _CROWD else 0.7
    for number, curve in enumerate(curves):

        def place(point: chart.Point, speedup: float, aside: float = number * apart) -> _Place:
            return scales.x(point.lanes) + aside, scales.y(speedup)

        points = [point for point in curve.points if point.lanes <= scales.lanes]
        style, told = look.style_of_person(curve.person), partial(_tooltip, curve)
        drawn = chart.curve(style, points, place, told, None)
        yield markup('<g data-person="{}" opacity="{}">{}</g>', curve.person, opacity, drawn)


_Place = tuple[float, float]


def _tooltip(curve: Curve, point: chart.Point) -> str:
    low, high = point.speedup_spread
    doubt = f" {_UNFAIR}" if point.disturbed else ""
    note = f" {curve.note}" if curve.note else ""
    return (
        f"Person {curve.person}, {plural(point.lanes, 'lane')} on {plural(curve.cores, 'core')}: "
        f"{point.speedup:.2f} times as fast as serial ({low:.2f} to {high:.2f}).{doubt}{note}"
    )


def _ideal(scales: chart.Scales) -> Markup:
    end = min(scales.lanes + 0.5, scales.highest)
    corners = chart.along((scales.x(n), scales.y(n)) for n in (1, end))
    return markup('<polyline style="{};fill:none" points="{}"/>', _IDEAL, corners)


def _band(middle: dict[int, Quartiles], scales: chart.Scales) -> Markup:
    upper = [(scales.x(n), scales.y(half.high)) for n, half in middle.items()]
    lower = [(scales.x(n), scales.y(half.low)) for n, half in reversed(middle.items())]
    corners = chart.along(upper + lower)
    return markup('<polygon style="fill:{};fill-opacity:.15" points="{}"/>', look.INK, corners)


def _line(middle: dict[int, Quartiles], scales: chart.Scales) -> Markup:
    places = [(scales.x(n), scales.y(half.median)) for n, half in middle.items()]
    corners = chart.along([*places, places[-1]])  # a single one becomes a dot
    return markup('<polyline style="{};fill:none" points="{}"/>', _MEDIAN, corners)


def _labels(middles: Sequence[_Middle], scales: chart.Scales) -> Iterator[chart.Label]:
    end = scales.lanes + 0.5
    y = scales.y(end) if end <= scales.highest else chart.TOP - 4
    yield chart.Label(y, ("ideal",), _IDEAL)
    for middle in middles:
        _, last = middle.medians[-1]
        lines = (f"median {last:.2f}", f"({plural(middle.cores, 'core')})")
        yield chart.Label(scales.y(last), lines, _MEDIAN)


def _notes(
    curves: Sequence[Curve], middles: Sequence[_Middle], scales: chart.Scales
) -> Iterator[str]:
    """Yield what has to be known to read the chart."""
    if middles:
        yield "shaded: the middle half of those with as many cores"
    points = [point for curve in curves for point in curve.points]
    if any(point.disturbed for point in points):
        yield "hollow: no fair measurement (other programs, or a slow serial run)"
    if any(point.lanes > scales.lanes for point in points):
        yield f"more than {scales.lanes} lanes are not drawn"


def _who(curves: Sequence[Curve]) -> str:
    """Say how many people have how many cores; the most common numbers, if there are many."""
    counted = Counter(curve.cores for curve in curves).most_common()
    if len(counted) == 1:
        each = " each" if len(curves) > 1 else ""
        return f"{_people(len(curves))}, {plural(counted[0][0], 'core')}{each}"
    told = [f"{n} with {plural(cores, 'core')}" for cores, n in counted[:_MOST_CORES]]
    rest = sum(n for _, n in counted[_MOST_CORES:])
    return f"{_people(len(curves))}: {', '.join(told)}{f', {rest} with others' if rest else ''}"


def _sentence(curves: Sequence[Curve], what: str, middles: Sequence[_Middle]) -> str:
    medians = (
        chart.spoken(f"Median with {plural(middle.cores, 'core')},", middle.medians)
        for middle in middles
    )
    return " ".join([f"{what}. Curves of {_who(curves)}.", *(f"{each}." for each in medians)])


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def class_guesses(guesses: Sequence[float], what: str, name: str = "swimlanes-class") -> Markup:
    """Draw how many guessed which speedup, rounded to whole numbers.

    Guesses far above most others are counted together, so that none makes the others unreadable.
    """
    if not guesses:
        return notice(name, (WIDTH, chart.HEIGHT), what, _NOBODY)
    rounded = [max(1, math.floor(guess + 0.5)) for guess in guesses]
    most = max(4, min(max(rounded), 2 * median_high(rounded)))
    counted = Counter(min(value, most) for value in rounded)
    aspect = chart.Aspect("Guesses", "people", lambda _, __, count: count, "{:g}".format)
    scales = chart.Scales(aspect, most, max(5, *counted.values()) * _HEADROOM, _RIGHT)
    often, times = counted.most_common(1)[0]
    told = f"{times} of {len(guesses)} guessed about {often}"
    pieces = [
        chart.axes(scales, "times as fast as serial, rounded"),
        *(_bar(value, count, scales) for value, count in counted.items()),
    ]
    all_told = ", ".join(f"{value}: {_people(n)}" for value, n in sorted(counted.items()))
    notes = [f"{most} stands for {most} and more"] if max(rounded) > most else []
    heading = headline(WIDTH, what, told, below=True)
    return chart.drawn(name, WIDTH, f"{what}. {told}. {all_told}.", heading, pieces, notes)


def _bar(value: int, count: int, scales: chart.Scales) -> Markup:
    half = 0.35 * (scales.x(2) - scales.x(1))
    x, y = scales.x(value), scales.y(count)
    return join([box("u", x - half, y, 2 * half, chart.BOTTOM - y), text_at(x, y - 5, count, "n")])
