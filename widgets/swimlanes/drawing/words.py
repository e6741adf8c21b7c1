"""What a run, a study or a comparison says, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from swimlanes import metrics, modes
from swimlanes.brief import plural
from swimlanes.drawing.possible import compute_bound, is_beyond, same_work
from swimlanes.drawing.svg import duration, telling
from swimlanes.markup import short
from swimlanes.records import (
    Comparison,
    Run,
    ScalingPoint,
    ScalingStudy,
    possible_for_run,
    way_of,
)

SPREAD, SPREAD_OF_ONE = 0.02, 0.1
"""Spread of a speedup that is assumed at least, as a share: repeated, and measured once."""
DISTURBED = "no fair measurement: disturbed"
"""What a picture or a table says of a run that programs outside it disturbed."""
ONCE_THEY_END = "Measure again when those programs have ended."
"""What to do about programs that disturb: they may be somebody else's."""
GAIN = 1.1
"""Speedup from which on there is one."""
WORTH_A_WORD = 0.05
"""By how much a speedup may be off before that is told."""


def workers_of(mode: str, workers: int, threads: int = 1) -> str:
    """Name the workers of a mode.

    Examples
    --------
    >>> workers_of("processes", 2), workers_of("nested", 2, threads=3), workers_of("serial", 1)
    ('2 processes', '2 processes × 3 threads', 'Serial')
    """
    kind = modes.of(mode)
    if not kind.parallel:
        return "Serial"
    each = f" × {plural(threads, 'thread')}" if kind.has_threads else ""
    return plural(workers, kind.worker) + each


def workers_within(mode: str, workers: int, threads: int = 1) -> str:
    """Name the workers of a mode as they stand within a sentence.

    Examples
    --------
    >>> workers_within("serial", 1), workers_within("cluster", 2)
    ('serial', '2 Dask workers')
    """
    return workers_of(mode, workers, threads) if modes.of(mode).parallel else "serial"


def describe_run(run: Run, serial_run: Run | None = None) -> str:
    """Say how long a run took and how that compares with a serial run of the same work, if any."""
    took = how_long(run)
    if not modes.of(run.mode).parallel:
        return f"{took}. This is what the other modes are compared with."
    if not modes.of(run.mode).planned:
        to_do = "Only a serial run can tell how much faster this was."
        return f"{took}. {unfair(run)}{ONCE_THEY_END if run.disturbed else to_do}"
    if serial_run is None:
        how = "Sweep" if modes.of(run.mode).other_python else "Run the same in serial mode"
        to_do = f"{how} to see how much faster than serial this is."
        return f"{took}. {unfair(run)}{ONCE_THEY_END if run.disturbed else to_do}"
    gain = metrics.speedup(serial_run.wall_time_s, run.wall_time_s)
    limit = possible_for_run(run, serial_run)
    if untold := no_speedup(serial_run, gain, limit):
        return f"{took}. {untold}"
    return f"{took}, {_compared(gain, limit)}{doubt(serial_run, run)}."


def describe_time(run: Run) -> str:
    """Say how long a run took, and whether that can be trusted."""
    return f"{how_long(run)}. {unfair(run)}".rstrip()


def describe_change(before: Run, run: Run) -> str:
    """Say how a run's time compares with that of the run before; nothing if the work differs."""
    if not same_work(before, run):
        return ""
    earlier = f"the run before, which took {duration(before.wall_time_s)}"
    if before.disturbed or run.disturbed:
        return f"It cannot be compared with {earlier}: programs outside used the cores."
    times = before.wall_time_s / run.wall_time_s
    if max(times, 1 / times) <= 1 + SPREAD_OF_ONE:
        return f"About equal to {earlier}: two single runs cannot tell which is faster."
    if times > 1:
        return f"That is {times:.1f} times as fast as {earlier}."
    return f"That is {1 / times:.1f} times as long as {earlier}."


def unfair(run: Run) -> str:
    """Say that a run is no fair measurement, and why; nothing if it is one."""
    return f"This is no fair measurement: {_busy(run, 'this run')}. " if run.disturbed else ""


def _busy(run: Run, named: str) -> str:
    return f"programs outside {named} kept {run.others_seen:.2f} cores busy"


def unfair_baseline(serial_run: Run, source: str = "") -> str:
    """Say why nothing is compared with a serial run, or nothing if it is a fair baseline.

    The `source`, such as "from this sweep", tells it from a speedup that is told elsewhere. What to
    do then is said once, in a sentence beside the pictures and tables that say this.
    """
    if not serial_run.disturbed:
        return ""
    busy = _busy(serial_run, "the serial run")
    return f"No speedup can be told{source and ' '}{source}: {busy} meanwhile."


def no_speedup(serial_run: Run, gain: float, limit: float) -> str:
    """Say why a measured speedup is not told, or nothing if it is.

    One that is above what is possible is the baseline's fault.
    """
    if serial_run.disturbed:
        return f"{unfair_baseline(serial_run)} {ONCE_THEY_END}"
    if not is_beyond(gain, limit):
        return ""
    return (
        f"The serial run is no fair baseline: compared with it this is {gain:.2f} times as fast, "
        f"and no more than {limit:.2f} is possible. So the serial run was slow. Measure both again."
    )


def told_speedup(serial_run: Run | None, run: Run) -> float | None:
    """Return the speedup of a run, None where none is told."""
    if serial_run is None:
        return None
    gain = metrics.speedup(serial_run.wall_time_s, run.wall_time_s)
    return None if no_speedup(serial_run, gain, possible_for_run(run, serial_run)) else gain


def doubt(serial_run: Run, run: Run) -> str:
    """Say how much a speedup may be off because of programs outside the run, if it may."""
    if run.disturbed:
        return f" (no fair measurement: {_busy(run, 'this run')})"
    gain = metrics.speedup(serial_run.wall_time_s, run.wall_time_s)
    limit = possible_for_run(run, serial_run)
    low, high = metrics.without_others(gain, serial_run.others_share, run.others_share)
    more, less = min(high, max(limit, gain)) - gain, gain - low
    parts = [f"perhaps {more:.2f} more"] * (more >= WORTH_A_WORD)
    parts += [f"perhaps {less:.2f} less"] * (less >= WORTH_A_WORD)
    return f" ({' or '.join(parts)} without programs outside this run)" if parts else ""


def how_long(run: Run) -> str:
    """Say who did how many tasks in which time, such as "2 processes: 4 tasks in 0.2 s"."""
    who = workers_of(run.mode, run.workers, run.threads)
    what = f"{who}: {plural(run.tasks_count, modes.of(run.mode).task)}"
    took = f" in {duration(run.wall_time_s)}" if modes.of(run.mode).planned else ""
    return f"{what}{took or f', {lanes_time(run)}'}{after_warmup(run)}"


def lanes_time(run: Run) -> str:
    """Say how long the lanes of a run are: longer than the run was, if that was timed bare."""
    lanes_s = duration(run.timeline.wall_time_s or 0.0)
    if not modes.of(run.mode).planned:
        return f"watched for {lanes_s}"
    return lanes_s if run.bare is None else f"{lanes_s} with records"


def unfair_mark(run: Run) -> list[str]:
    """Say in a few words that a run is no fair measurement; nothing if it is one."""
    return [DISTURBED] * run.disturbed


def after_warmup(run: Run) -> str:
    """Say how long the warm-up took before the clock, or nothing if there was none."""
    return f" after a warm-up of {duration(run.warmup_s)}" if run.warmup else ""


def with_warmup(study: ScalingStudy | Comparison) -> str:
    """Say how often each worker called the function before the clock, or nothing."""
    calls = study.serial_runs[0].warmup
    return f", warm-up of {plural(calls, 'call')} per worker, not counted" if calls else ""


class PointWords(NamedTuple):
    """The figures of a point, each in the one way in which it is told; a dash for none."""

    time: str
    speedup: str
    spread: str
    possible: str
    efficiency: str
    serial_fraction: str


def telling_times(serial_s: float, points: Iterable[ScalingPoint]) -> Callable[[float], str]:
    """Return what tells the times of points, and of serial, that stand in one column."""
    return telling([serial_s, *(_time_s(point) for point in points)])


def _time_s(point: ScalingPoint) -> float:
    return point.serial_s / point.speedup


def point_in_words(
    point: ScalingPoint, limit: float, fair: bool, tell: Callable[[float], str]
) -> PointWords:
    """Return what is told of a point: without a fair baseline its time, and what is possible.

    `tell` tells the time, in the unit of all that stand in its column.
    """
    low, high = point.speedup_spread
    fraction = point.karp_flatt
    told = PointWords(
        tell(_time_s(point)),
        f"{point.speedup:.2f}",
        f"{low:.2f}\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}{high:.2f}",
        f"{limit:.2f}",
        f"{point.efficiency:.0%}",
        "–" if fraction is None else f"{fraction:.1%}",
    )
    return told if fair else PointWords(told.time, "–", "–", told.possible, "–", "–")


def describe_study(study: ScalingStudy) -> str:
    """Say which number of workers was the fastest and what more workers bring."""
    if not study.points:
        return f"Serial: {plural(study.tasks_count, 'task')} in {duration(study.serial_s)}."
    best = _best(study)
    limit = study.possible(best.workers)
    if untold := no_speedup(study.baseline, best.speedup, limit):
        return untold
    if best.speedup < GAIN and len(study.points) > 1:
        return _no_gain(study)
    tasks = plural(best.runs[0].tasks_count, "task")
    took = f"{tasks} in {duration(best.serial_s / best.speedup)}"
    compared = _compared(best.speedup, limit) + _doubt(study.baseline, best)
    who = workers_of(study.mode, best.workers, best.runs[0].threads)
    return f"{_title(study, best, who)}: {took}, {compared}.{_further(study, best)}"


def _title(study: ScalingStudy, best: ScalingPoint, who: str) -> str:
    """Announce a winner, unless there are no others, or it cannot be told from them."""
    if len(study.points) == 1 or best.disturbed:
        return f"With {who}"
    tied = [p.workers for p in study.points if p is not best and _not_slower(p, best)]
    if not tied:
        return f"Fastest with {who}"
    others = ", ".join(map(str, tied))
    return f"With {who} (about equal with {others}, this study cannot tell)"


def _not_slower(other: ScalingPoint, best: ScalingPoint) -> bool:
    """Return whether a point may be as good: within the spread, or held up by other programs."""
    return other.disturbed or overlap(other, best)


def overlap(one: ScalingPoint, other: ScalingPoint) -> bool:
    """Return whether the spreads of two points overlap, so that none is clearly faster.

    A single repetition tells no spread of its own; it is taken to be as good as `SPREAD_OF_ONE`.
    """
    (low, high), (other_low, other_high) = map(_spread, (one, other))
    return low <= other_high and other_low <= high


def _spread(point: ScalingPoint) -> tuple[float, float]:
    low, high = point.speedup_spread
    least = SPREAD if len(point.runs) > 1 else SPREAD_OF_ONE
    return min(low, point.speedup * (1 - least)), max(high, point.speedup * (1 + least))


def describe_comparison(record: Comparison) -> list[str]:
    """Say which way was the fastest so far, and whether that can be trusted."""
    serial = f"Serial: {plural(record.tasks_count, 'task')} in {duration(record.serial_s)}."
    if record.fastest is None:
        return [serial]
    study, point = record.fastest
    limit = study.possible(point.workers)
    if untold := no_speedup(record.baseline, point.speedup, limit):
        return [serial, untold]
    who = f"{way_of(study).name} with {plural(point.workers, 'worker')}"
    if point.speedup < GAIN:
        said = f"at best {point.speedup:.2f} times as fast as serial, {who}"
        points = [each for other in record.studies for each in record.points(other)]
        if any(each.disturbed for each in points):
            return [serial, f"{_untold(points)} It was {said}. {ONCE_THEY_END}"]
        return [f"No speedup so far: {said}."]
    compared = _compared(point.speedup, limit)
    if point.disturbed:
        return [f"{who[0].upper()}{who[1:]}: {compared}{_doubt(record.baseline, point)}."]
    tied = [
        f"{way_of(other).name} with {each.workers}"
        for other in record.studies
        for each in record.points(other)
        if (other, each.workers) != (study, point.workers) and _not_slower(each, point)
    ]
    if len(record.studies) == len(record.points(study)) == 1:
        return [f"{who[0].upper()}{who[1:]}: {compared}."]
    if not tied:
        return [f"Fastest: {who}, {compared}."]
    about = f"About equal, this comparison cannot tell: {', '.join(tied)}."
    return [f"{who[0].upper()}{who[1:]}: {compared}. {about}"]


def describe_price(record: Comparison, study: ScalingStudy) -> str:
    """Say how long serial takes on a study's own interpreter; nothing if it has none."""
    price = record.price(study)
    if price is None:
        return ""
    if not record.price_is_fair(study):
        slow = study.baseline if study.baseline.disturbed else record.baseline
        return f"The price of {study.mode} cannot be told: {_busy(slow, 'a serial run')} meanwhile."
    theirs = short(study.baseline.conditions.interpreter)
    return f"The price of {study.mode}: serial takes {price:.2f} times as long in {theirs}."


def _doubt(baseline: Run, point: ScalingPoint) -> str:
    disturbed = (run for run in point.runs if run.disturbed)
    return doubt(baseline, next(disturbed, point.median_run))


def _best(study: ScalingStudy) -> ScalingPoint:
    """Return the point with the fewest workers that comes within 2 % of the highest speedup."""
    highest = max(point.speedup for point in study.points)
    return next(point for point in study.points if point.speedup >= 0.98 * highest)


def _compared(gain: float, limit: float) -> str:
    about = "about " * (gain > limit)  # both are measured
    return f"{gain:.2f} times as fast as serial ({about}{limit:.1f} times is possible)"


def _no_gain(study: ScalingStudy) -> str:
    """Say that there is no speedup; points that were disturbed say neither that nor the contrary.

    Those with a core for each lane are asked first.
    """
    more = [point for point in study.points if point.lanes > 1]
    fair = [point for point in more if not point.disturbed]
    untold = any(point.disturbed and point.lanes <= study.usable_cores for point in more)
    best = max(point.speedup for point in study.points)
    measured = f"at best {best:.2f} times as fast as serial"
    if untold or not fair:
        return f"{_untold(more)} It was {measured}. {ONCE_THEY_END}"
    most = fair[-1]
    limit = study.possible(most.workers)
    who = workers_of(study.mode, most.workers, most.runs[0].threads)
    sentence = f"No speedup with up to {who}: {measured}"
    if study.usable_cores == 1 and compute_bound(study.serial_runs[0]):
        return f"{sentence}. There is only one core to compute on."
    reason = " The lanes show why." if modes.of(study.mode).shares_gil else ""
    return f"{sentence} ({limit:.1f} times is possible).{reason}"


def _untold(points: Sequence[ScalingPoint]) -> str:
    loads = (run.others_seen for point in points for run in point.runs if run.disturbed)
    return (
        "It cannot be told whether there is a speedup: programs outside the runs kept up to "
        f"{max(loads):.2f} cores busy."
    )


def _further(study: ScalingStudy, best: ScalingPoint) -> str:
    cores = study.usable_cores
    beyond = study.points[-1].lanes > cores >= best.lanes
    if not (beyond and compute_bound(study.serial_runs[0])):
        return ""
    return f" More than {cores} do not help: there is no {_ordinal(cores + 1)} core to run on."


def _ordinal(number: int) -> str:
    names = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    return names.get(number, f"{number}th")
