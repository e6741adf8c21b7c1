"""Where a speedup went, as a sentence. A cause is named where it was measured, and only there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from swimlanes import metrics, modes
from swimlanes.brief import plural
from swimlanes.drawing.svg import amount, duration
from swimlanes.drawing.words import describe_run, doubt, how_long, no_speedup
from swimlanes.records import FirstCalls, Run, first_calls, possible_for_run
from swimlanes.records.run import FEWEST_LOOKS

SMALLEST = 0.02
"""Losses below this share of the workers are not worth a word of their own."""
_NEARLY_ALL = 0.97
"""Share of the lanes from which on nobody asks why not all is possible."""
LARGE_BYTES = 65_536
"""Size of an input or result from which on it is named: more than a pipe holds."""
CERTAIN = 3
"""Standard errors from which on a difference is no chance."""
LARGE_SHARE = 0.2
"""Share of the looks from which on what they saw is named."""
MUCH = 1 / 3
"""Share of the waiting that is not passed over if it is possible."""
_WAITS = {
    "gil": "the GIL",
    "lock": "a lock or another thread",
    "other": "data, an answer or a pause",
}
_AMONG_PROCESSES = "a lock, or another process or thread"

# What cannot be avoided shows in these parts: first in that which bounds the speedup.
_UNAVOIDABLE = ("imbalance", "batches", "oversubscribed", "unclear", "useful", "blocked")
_WITHOUT_A_CORE = ("oversubscribed", "unclear")


def explain(run: Run, serial_run: Run | None) -> str:
    """Say how long a run took and, given a serial run of the same work, where its speedup went.

    Such as "2 processes: 16 tasks in 0.87 s. Speedup 1.87 of 2.00 possible: 0.13 went to ..."
    """
    if serial_run is None or not modes.of(run.mode).parallel:
        return describe_run(run)
    return f"{how_long(run)}. {describe_loss(serial_run, run)}"


def describe_loss(serial_run: Run, run: Run) -> str:
    """Say what became of the speedup that was possible, given a serial run of the same work.

    Such as "Speedup 1.60 of 2.00 possible: 0.30 went to imbalance (task 1 ran alone for 240 ms),
    0.10 to start-up (the workers were ready after 50 ms)." The figures add up. Where the serial
    run is no fair baseline, no speedup is told, and why.
    """
    gain = metrics.speedup(serial_run.wall_time_s, run.wall_time_s)
    limit = possible_for_run(run, serial_run)
    if untold := no_speedup(serial_run, gain, limit):
        return untold
    reached = f"Speedup {gain:.2f} of {limit:.2f} possible{doubt(serial_run, run)}"
    whole = round(limit, 2) - round(gain, 2)
    if run.bare is not None:
        return f"{reached}{_bare_losses(serial_run, run, whole)}. {_recording(run)}"
    first = first_calls(serial_run, run)
    bound = _WITHOUT_A_CORE if limit.bound_by == "cores" else ()
    losses = _within_reach(_losses(serial_run, run, first), whole, bound)
    causes = {part: cause(serial_run, run) for part, cause in _CAUSES.items()}
    if first is not None:
        causes["first call"] = _first_call(first)
    return f"{reached}{_told(losses, causes, len(run.account.lanes))}.{_bound(limit, run)}"


def _bound(limit: metrics.Possible, run: Run) -> str:
    """Say why no more is possible, where that is not for want of workers or cores."""
    reasons = {
        "threads inside the tasks": "threads inside the tasks use the cores in serial already",
        "longest task": "the longest task is never divided",
        "chunks": f"tasks, {run.chunksize} at a time, do not fill all lanes to the end",
        "batches": "the threads of a process wait for the rest of a batch",
    }
    reason = reasons.get(limit.bound_by) if limit < _NEARLY_ALL * len(run.account.lanes) else None
    return f" More than {limit:.2f} is not possible: {reason}." if reason else ""


def _losses(serial_run: Run, run: Run, first: FirstCalls | None) -> dict[str, float]:
    """Return the losses by part, with first calls as a part of their own."""
    losses = metrics.where_it_went(serial_run.account, run.account)
    losses["dispatch"] += losses.pop("remainder")  # below a thousandth of the area
    if run.takes_turns:  # who waits for its turn may wait for a core meanwhile, and loses nothing
        losses["blocked"] += losses.pop("unclear") + losses.pop("oversubscribed")
    if first is not None:
        losses["useful"] -= first.cpu_s / run.wall_time_s
        losses["blocked"] -= first.blocked_s / run.wall_time_s
        losses["first call"] = (first.cpu_s + first.blocked_s) / run.wall_time_s
    return losses


def _bare_losses(serial_run: Run, run: Run, whole: float) -> str:
    """Say where it went in a run whose times are those of bare tasks: what the clocks around tell.

    The rest is what is left of the map's time beside the tasks themselves.
    """
    lanes, wall_s = run.timeline.lanes_count, run.wall_time_s
    startup = lanes * run.startup_s / wall_s
    shutdown = lanes * (wall_s - run.startup_s - run.map_s) / wall_s
    handing = lanes - serial_run.wall_time_s / wall_s - startup - shutdown
    losses = {"startup": startup, "shutdown": shutdown, "handing over": handing}
    causes = {
        "startup": f"start-up (the pool was made after {duration(run.startup_s)})",
        "shutdown": "shutting down",
        "handing over": "handing out tasks and bringing in results",
    }
    return _told(_within_reach(losses, whole), causes, lanes)


def _recording(run: Run) -> str:
    return (
        f"The tasks are so short that recording took {run.recording_share:.0%} of their time: so "
        "they ran once more without, and all times are of that"
    )


def _within_reach(
    losses: Mapping[str, float], whole: float, bound: tuple[str, ...] = ()
) -> dict[str, float]:
    """Return the losses without what could not be avoided, rounded so that they add up to `whole`.

    Lanes that have no core, or no task, lose what nobody could reach. The parts that bind come
    first: where there are fewer cores than lanes, a core that has no task at the end is a loss.
    """
    losses = dict(losses)
    excess = sum(losses.values()) - whole
    by_size = sorted(losses, key=lambda part: -losses[part])
    for part in (*bound, *_UNAVOIDABLE, *by_size):
        taken = min(max(0.0, losses.get(part, 0.0)), max(0.0, excess))
        if taken:
            losses[part] -= taken
            excess -= taken
    return metrics.round_to_sum(losses, total=sum(losses.values()), digits=2)


def _told(losses: Mapping[str, float], causes: Mapping[str, str], lanes: int) -> str:
    """Say which losses are large, the largest first, and what was gained."""
    named = {part: loss for part, loss in losses.items() if abs(loss) >= SMALLEST * lanes}
    if not named:
        return ": next to nothing was lost"
    lost = [
        f"{loss:.2f} {'went ' if number == 0 else ''}to {causes[part]}"
        for number, (part, loss) in enumerate(_largest_first(named, +1))
    ]
    won = [f"{-loss:.2f} was gained{_gain(part)}" for part, loss in _largest_first(named, -1)]
    rest = round(sum(losses.values()) - sum(named.values()), 2)
    if rest > 0:
        lost.append(f"{rest:.2f} to smaller things")
    return f": {', '.join([*lost, *won])}"


def _largest_first(losses: Mapping[str, float], sign: int) -> list[tuple[str, float]]:
    ours = [(part, loss) for part, loss in losses.items() if loss * sign > 0]
    return sorted(ours, key=lambda item: -item[1] * sign)


def _gain(part: str) -> str:
    if part == "useful":
        return ", because tasks computed faster than in serial"
    return f", because {_LESS.get(part, part)} took less time than in serial"


_LESS = {
    "neighbour": "programs outside the run",
    "oversubscribed": "waiting for a core",
    "unclear": "waiting for a core",
    "blocked": "waiting inside tasks",
    "throttled": "throttling",
    "dispatch": "handing out tasks",
    "inputs": "sending inputs",
    "results": "sending results",
    "tail": "bringing in the results",
    "startup": "start-up",
    "shutdown": "shutting down",
    "absent": "workers that were not there",
    "lost": "lost tasks",
    "transfer": "sending between machines",
    "batches": "waiting for the rest of a batch",
    "first call": "the first calls",
}


def _first_call(first: FirstCalls) -> str:
    length = duration(first.each_s)
    return f"the first call in each worker (it took {length} longer than the same call takes later)"


def _slower(serial_run: Run, run: Run) -> str:
    before_s, after_s = serial_run.account.useful, run.account.useful
    if not before_s or after_s <= before_s:
        return "slower computing"
    gil = ", handing over the GIL" if modes.of(run.mode).shares_gil else ""
    return (
        f"slower computing (the tasks took {after_s / before_s:.2f} times the CPU time of the "
        f"serial run; this run cannot tell whether memory, caches, the clock rate{gil} or two "
        "hardware threads on one core did that)"
    )


def _neighbour(_: Run, run: Run) -> str:
    return f"programs outside this run (they kept {run.others_seen:.2f} cores busy)"


def _oversubscribed(_: Run, run: Run) -> str:
    lanes, cores = len(run.account.lanes), plural(run.usable_cores, "core")
    inner = run.inner_threads > metrics.INNER_THREADS
    own = ", and threads inside the tasks besides" if inner else ""
    return f"waiting for a core ({plural(lanes, 'lane')} on {cores}{own})"


def _unclear(_: Run, run: Run) -> str:
    if run.others_load is None:
        return "waiting for a core (the run is too short to tell why)"
    return "waiting for a core (this run cannot tell why)"


def _imbalance(serial_run: Run, run: Run) -> str:
    ends = {lane: 0.0 for lane in range(1, len(run.account.lanes) + 1)}
    last = max(run.tasks, key=lambda task: task.end_s or 0.0)
    for task in run.tasks:
        ends[task.worker] = max(ends[task.worker], task.end_s or 0.0)
    before, end_s = [0.0, *sorted(ends.values())][-2:]
    alone_s = end_s - max(before, last.start_s)
    if alone_s < 0.02 * run.timeline.elapsed_s:
        return "imbalance"
    return f"imbalance (task {last.task} ran alone for {duration(alone_s)})"


def _startup(_: Run, run: Run) -> str:
    ready_s = [lane.ready_s for lane in run.timeline.lanes]
    if not ready_s:
        return "start-up"
    first, last = duration(min(ready_s)), duration(max(ready_s))
    when = last if first == last else f"{first} to {last}"
    return f"start-up (the workers were ready after {when})"


def _dispatch(_: Run, run: Run) -> str:
    return _waiting_between(run) or _sized("handing out tasks", run.evidence.input_bytes, run)


def _sized(what: str, size_bytes: int, run: Run) -> str:
    """Name what travels, with its size where that is large."""
    each = size_bytes // run.tasks_count
    return f"{what} ({amount(_rounded(each))} each)" if each >= LARGE_BYTES else what


def _rounded(size: int) -> int:
    """Return a size with three digits."""
    digits = max(0, len(str(size)) - 3)
    return round(size, -digits)


def _waiting_inside(serial_run: Run, run: Run) -> str:
    """Say what the tasks of a run waited for that those of the serial run did not.

    How long they waited for each is taken from how often they were seen to: the looks are spread
    evenly over the time. What may be chance, because there were few, is not named; what was seen
    too seldom to be named, and may be much all the same, is told with a "perhaps". A serial run
    that nobody looked at can only have waited for data.
    """
    waits = run.evidence.waits
    if waits.total < FEWEST_LOOKS:
        return _waiting_for_something(run)
    before, after = _seconds(serial_run), _seconds(run)
    more = {kind: max(0.0, after[kind].seen - before[kind].seen) for kind in _WAITS}
    least_s = LARGE_SHARE * sum(more.values())
    large = [kind for kind in sorted(more, key=lambda k: -more[k]) if more[kind] > least_s]
    named = [kind for kind in large if after[kind].least > before[kind].most]
    if not named:
        return _waiting_for_something(run)
    words = _WAITS if modes.of(run.mode).in_one_process else _WAITS | {"lock": _AMONG_PROCESSES}
    much_s = MUCH * run.account.blocked
    at_most = {kind: after[kind].most - before[kind].seen for kind in _WAITS}
    perhaps = [k for k in _WAITS if k not in named and more[k] and at_most[k] > much_s]
    told = [f"for {words[kind]}" for kind in named]
    told += [f"perhaps for {words[kind]}" for kind in perhaps]
    return f"waiting inside tasks, {' and '.join(told)}"


def _waiting_between(run: Run) -> str:
    """Say what lanes waited for between two tasks, where that may be the GIL; else nothing."""
    gaps = run.evidence.gaps
    if not modes.of(run.mode).shares_gil:
        return ""
    if gaps.total < FEWEST_LOOKS:
        return "handing out tasks, or waiting for the GIL between them (this run cannot tell)"
    return "waiting for the GIL between tasks, to fetch the next one" * (gaps.gil > gaps.total / 2)


class _Seconds(NamedTuple):
    """How long tasks waited for something, lane-seconds: as it was seen, at least, at most."""

    seen: float
    least: float
    most: float


def _seconds(run: Run) -> dict[str, _Seconds]:
    """Return how long tasks waited for each, as far as it was seen."""
    waits, blocked = run.evidence.waits, run.account.blocked
    if not waits.total:
        return {kind: _Seconds(*3 * [blocked * (kind == "other")]) for kind in _WAITS}
    found = {}
    for kind in _WAITS:
        seen = getattr(waits, kind)
        shares = seen / waits.total, *_bounds(seen, waits.total)
        found[kind] = _Seconds(*(blocked * share for share in shares))
    return found


def _bounds(seen: int, looks: int) -> tuple[float, float]:
    """Return between which shares the true one lies, of which so many looks saw something.

    Three standard errors to both sides of the share with two successes and two failures added
    (Agresti and Coull 1998), which holds for few looks and for shares near 0 and 1 as well.
    """
    share = (seen + 2) / (looks + 4)
    reach = CERTAIN * math.sqrt(share * (1 - share) / (looks + 4))
    return share - reach, share + reach


def _waiting_for_something(run: Run) -> str:
    if modes.of(run.mode).shares_gil:
        return (
            "waiting inside tasks, for data, locks or the GIL (this run cannot tell; a "
            "comparison of all modes can)"
        )
    return "waiting inside tasks, for data or locks (this run cannot tell)"


_CAUSES: dict[str, Callable[[Run, Run], str]] = {
    "useful": _slower,
    "throttled": lambda _, run: f"the quota (throttled for {duration(run.throttled_s or 0.0)})",
    "neighbour": _neighbour,
    "oversubscribed": _oversubscribed,
    "unclear": _unclear,
    "blocked": _waiting_inside,
    "imbalance": _imbalance,
    "batches": lambda *_: "waiting for the rest of a batch",
    "lost": lambda *_: "tasks that were lost with their worker",
    "transfer": lambda *_: "messages under way between machines",
    "inputs": lambda _, run: _sized(
        "pickling and unpickling inputs", run.evidence.input_bytes, run
    ),
    "dispatch": _dispatch,
    "results": lambda _, run: _sized(
        "pickling, sending and unpickling results", run.evidence.result_bytes, run
    ),
    "tail": lambda *_: "bringing in the results",
    "startup": _startup,
    "shutdown": lambda *_: "shutting down",
    "absent": lambda *_: "workers that were not there all the time",
}
