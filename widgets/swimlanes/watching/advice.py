"""What a watched program's lanes say: what was seen, and one piece of advice for each weakness.

There is no serial run to compare with. So the only speedup that is told is the one that the lanes
show: for how many calls the cores computed at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from swimlanes.brief import plural
from swimlanes.drawing.svg import amount, duration
from swimlanes.drawing.words import ONCE_THEY_END, unfair
from swimlanes.measure.place import IN_MEMORY
from swimlanes.records import Run
from swimlanes.watching import log
from swimlanes.watching.seen import Fault, Seen, SeenLane, Words
from swimlanes.wording import how_ended

FloatWords = NDArray[np.float64]

MOST_FAULTS = 3
"""More things that went wrong are not told."""
MANY_POOLS = 4
"""From so many pools on that one process starts one after the other, they are counted."""
SHORT_CALL_NS = 100_000
"""Calls that are longer than this are not called short, ns."""
LARGE_BYTES = 1_000_000
"""Size of what a call is sent, or gives back, from which on it is named."""
LEAST_NS = 50_000_000
"""Less waiting than this is not worth a word."""
ONE_CORE = 1.05
"""How much threads that take turns may seem to compute, for clocks are not exact, cores."""
LITTLE = 0.05
"""Share of the time from which on it is worth saying how many calls went on in it."""
LOW = 0.5
"""Share of what the cores can do below which it is said where the workers' time went instead."""
UNEQUAL = 1.5
"""How many times the average a call takes at least that is called longer than others."""
MUCH = 0.2
"""Share of the time of all lanes from which on a weakness is told."""
_NO_POOLS = ("Process", "Thread")
"""What is called a pool here and is none: it is made for one call."""


def describe(seen: Seen, run: Run | None) -> list[str]:
    """Return sentences about what was seen, the most important first.

    Parameters
    ----------
    seen : Seen
        What was seen.
    run : Run or None
        The record of it; None if no call was seen.
    """
    if seen.unseen or seen.unread:
        return [*faults(seen), only_a_part(seen)]
    if not seen.lanes:
        return faults(seen) or [
            "No worker was started here. A pool from before is not seen: start it again here, and "
            "its workers show."
        ]
    if run is None:
        started = plural(len(seen.lanes), "worker")
        return [*faults(seen), f"{started} started, and got no call."]
    ended = seen.total(log.CALLS)
    if not ended:
        began = plural(seen.calls, "call")
        return [*faults(seen), f"{began} began, and none has ended."]
    said = [*faults(seen), *_unfair(run), _summary(seen, run), *_unended(seen)]
    if seen.faults or seen.calls == 1:  # an error comes first; of one call nothing can be better
        return said
    return [*said, *_weaknesses(seen, run)]


def faults(seen: Seen) -> list[str]:
    """Return sentences about what went wrong so far, and what to do."""
    lost = {fault.told["error"] for fault in seen.faults if fault.what == "lost"}
    told = {
        _FAULTS[fault.what](fault, seen): None
        for fault in seen.faults
        if fault.what != "raised" or fault.told["error"] not in (*lost, "KeyboardInterrupt")
    }
    return list(told)[:MOST_FAULTS]


def _lost(fault: Fault, _: Seen) -> str:
    name, module = fault.told["name"], fault.told["module"]
    whose, elsewhere = f"of the module {module}", "see whether that can be imported there"
    if module == "__main__":
        whose = "of this notebook or program"
        elsewhere = "write it into a file of its own, and import it from there"
    return (
        f"A worker of {fault.pool.kind} cannot find {name} {whose}: processes that are started by "
        f"spawn or forkserver begin with nothing, and import what they need. Therefore {elsewhere}."
    )


def _died(fault: Fault, seen: Seen) -> str:
    goes_on = any(lane.end_ns is None for lane in seen.lanes if lane.pool.name == fault.pool.name)
    pid = fault.told["pid"]
    worker, lane = next((n, lane) for n, lane in enumerate(seen.lanes, 1) if lane.pid == pid)
    code = seen.exit_codes.get(pid)
    why = " Why it ended is not known here; often there was too little memory." * (code is None)
    return (
        f"Worker {worker} of Pool (process {pid}) {how_ended(code)} in the middle of call "
        f"{_number(lane.run_start_ns, seen)} (they are numbered from 0, in the order in which they "
        "began). Pool never gives a result for that call, and map waits for it without end"
        f"{': interrupt this' if goes_on else ''}.{why}"
    )


def _number(start_ns: int, seen: Seen) -> int:
    """Return the number of the call that began then: how many began before it."""
    starts = [lane.starts for lane in seen.lanes]
    begun = [lane.run_start_ns for lane in seen.lanes if lane.running]
    return int((np.concatenate([*starts, begun]) < start_ns).sum())


def _raised(fault: Fault, seen: Seen) -> str:
    number = _number(fault.told["start_ns"], seen)
    return f"Call {number}, with the input {fault.told['input']}, raised {fault.told['error']}."


def _hidden(fault: Fault, _: Seen) -> str:
    found = fault.told["found"]
    why, what = "its folder is not on sys.path", "put it back there"
    if found is not None:
        why, what = f"{found} comes before it", "give that file another name"
    return (
        f"New processes do not find the package swimlanes: {why}. They work as they do unwatched, "
        f"and nothing is seen of them. To see them, {what}."
    )


_FAULTS: dict[str, Callable[[Fault, Seen], str]] = {
    "lost": _lost,
    "died": _died,
    "raised": _raised,
    "hidden": _hidden,
}


def only_a_part(seen: Seen) -> str:
    """Say nothing else: whatever could be said would be of a part only."""
    if seen.unread:
        return (
            f"What the workers wrote down cannot be read: {seen.unread}. The work itself went on "
            "as it does unwatched, but nothing can be said of it."
        )
    workers = plural(seen.unseen, "worker")
    return (
        f"{workers} had no room to write down all calls: {IN_MEMORY} is full, or a limit keeps "
        "them from writing there. The work itself went on as it does unwatched, but nothing can be "
        "said of it. Free some space there, or raise the limit, and repeat."
    )


def _unended(seen: Seen) -> Iterator[str]:
    running = [lane for lane in seen.lanes if lane.running]
    left = sum(lane.end_ns is None for lane in running)
    if left:
        yield f"{plural(left, 'call')} had not ended when the watch did."
    if len(running) > left:
        yield f"{plural(len(running) - left, 'call')} ended with the worker, without a result."


def _unfair(run: Run) -> Iterator[str]:
    if run.disturbed:
        yield f"{unfair(run)}{ONCE_THEY_END}"


def _summary(seen: Seen, run: Run) -> str:
    """Say how much of the calls' work went on at a time."""
    spent, span_ns = _spent(seen), _span_ns(seen)
    calls_s = duration(sum(spent.values()) / 1e9)
    what = f"{plural(seen.calls, 'call')} on {_workers(seen)} in {_span(seen)}"
    if seen.calls == 1:
        return f"{what}. The call took {calls_s}: one worker does all of it, the others have none."
    if ended := _of_not_all(seen):  # of the others nobody knows how long they took
        return f"{what}. {ended} took {calls_s} in all."
    if run.disturbed or sum(spent.values()) < LITTLE * span_ns:
        return f"{what}. The calls themselves took {calls_s} in all."
    if spent["cpu"] < MUCH * spent["blocked"]:
        at_a_time = sum(spent.values()) / span_ns
        return (
            f"{what}: on average {at_a_time:.2f} calls at a time. They waited most of their time."
        )
    shown = spent["cpu"] / span_ns
    most = min(run.usable_cores, run.timeline.lanes_at_a_time, seen.calls)
    if shown < LOW * most:
        return f"{what}. {_where_it_went(seen)}"
    waited = spent["blocked"] > MUCH * (spent["cpu"] + spent["blocked"])
    not_counted = " What calls may gain by waiting together is not counted." if waited else ""
    of_most = f" That is {shown / most:.0%} of what {plural(most, 'core')} can do."
    alone = len({lane.pid for lane in seen.lanes}) == 1  # threads that may share a GIL
    return (
        f"{what}. The lanes show a speedup of {shown:.2f}: so many calls computed at a time, on "
        f"average.{'' if alone else of_most}{not_counted} Only a serial run can tell how much "
        "faster this was: side by side, calls may compute slower than alone."
    )


def _of_not_all(seen: Seen) -> str:
    """Name the calls that have ended; nothing if all have."""
    ended = seen.total(log.CALLS)
    if ended == seen.calls:
        return ""
    return "The one that ended" if ended == 1 else f"The {ended} that ended"


def _workers(seen: Seen) -> str:
    """Count the workers, and apart from them those that took the place of others."""
    later = sum(lane.succeeds for lane in seen.lanes)
    first = plural(len(seen.lanes) - later, "worker")
    return f"{first} and {plural(later, 'replacement')}" if later else first


def _span(seen: Seen) -> str:
    """Say how long there were workers, and how long the watch was if that differs."""
    span, watched = duration(_span_ns(seen) / 1e9), duration((seen.now_ns - seen.start_ns) / 1e9)
    longer = "" if span == watched else f" (all that was watched took {watched})"
    return f"{span}, from the start of the first worker to the end of the last{longer}"


def _where_it_went(seen: Seen) -> str:
    """Say what the workers' time went to, without saying what is good or bad about it."""
    there = sum(_there_ns(seen, lane) for lane in seen.lanes) or 1
    spent = _spent(seen)
    starting = sum(max(0, lane.ready_ns - lane.asked_ns) for lane in seen.lanes)
    parts = {
        "computing in calls": spent["cpu"],
        "waiting for a core in calls": spent["waiting"],
        "other waiting in calls": spent["blocked"],
        "starting": starting,
        "having no call": max(0.0, there - starting - sum(spent.values())),
    }
    told = (f"{part / there:.0%} to {name}" for name, part in parts.items() if part > there / 100)
    return f"Of the workers' time went {', '.join(told)}."


def _spent(seen: Seen) -> dict[str, float]:
    """Return the time in calls by what it went to, ns."""
    total = {"cpu": 0.0, "waiting": 0.0, "blocked": 0.0}
    for lane in seen.lanes:
        length, cpu, waiting = (
            float(lane.calls[:, word].sum()) for word in (log.LENGTH, log.CPU, log.WAITING)
        )
        total["cpu"] += cpu
        total["waiting"] += waiting
        total["blocked"] += length - cpu - waiting
    return total


def _span_ns(seen: Seen) -> int:
    """Return the time from the first worker that was asked for to the end of the last one, ns."""
    ends = [lane.end_ns or seen.now_ns for lane in seen.lanes]
    return max(ends) - min(lane.asked_ns for lane in seen.lanes)


def _weaknesses(seen: Seen, run: Run) -> Iterator[str]:
    """Tell of what could be better; where times say little, only of what does not rest on them."""
    asked = (_taking_turns, _many_pools, _short_calls, _starting, _idle_at_the_end, _large)
    # Of calls that have not ended, nobody knows how long they took.
    untold = run.disturbed or _of_not_all(seen)
    for weakness in (_many_pools, _large) if untold else asked:
        yield from weakness(seen)
    yield from _crowded(seen, run)


def _taking_turns(seen: Seen) -> Iterator[str]:
    """Tell of threads that computed on one core together.

    Nobody can look up the reason from a thread of the same process: it takes turns with them.
    """
    for pid in {lane.pid for lane in seen.lanes}:
        lanes = [lane for lane in seen.lanes if lane.pid == pid]
        ours = replace(seen, lanes=tuple(lanes))
        spent, span_ns = _spent(ours), _span_ns(ours)
        if len(lanes) > 1 and spent["blocked"] > MUCH * span_ns and spent["cpu"] > span_ns / 2:
            computed = spent["cpu"] / span_ns
            if computed <= ONE_CORE:
                yield (
                    f"{len(lanes)} threads of one process computed on {computed:.2f} cores "
                    "together. If they wait for the GIL, which lets one thread compute at a time, "
                    "processes help: swimlanes.run(function, inputs, mode='threads') can tell."
                )


def _many_pools(seen: Seen) -> Iterator[str]:
    """Tell of pools that one process has started when its last one of that kind was done."""
    last_end_ns: dict[tuple[str, int], int] = {}
    counts: Counter[tuple[str, int]] = Counter()
    for pool in seen.pools:
        ends = [_last_end_ns(lane, seen) for lane in seen.lanes if lane.pool is pool]
        maker = pool.kind, pool.pid
        if ends and pool.asked_ns >= last_end_ns.get(maker, 0):
            counts[maker] += 1
            last_end_ns[maker] = max(ends)
    for (kind, _), count in counts.items():
        if count >= MANY_POOLS and kind not in _NO_POOLS:
            yield f"A {kind} was started {count} times: start one, and use it for all calls."


def _short_calls(seen: Seen) -> Iterator[str]:
    """Tell of calls that are shorter than the time in which their workers have none."""
    spent, count = _spent(seen), seen.total(log.CALLS)
    each_ns = (spent["cpu"] + spent["blocked"]) / count
    between_ns = sum(_between_ns(lane) for lane in seen.lanes) / count
    if each_ns < SHORT_CALL_NS and each_ns < between_ns:
        yield (
            f"A call took {duration(each_ns / 1e9)} on average, and its worker had none for "
            f"{duration(between_ns / 1e9)} before the next: do more in each call, or hand out "
            "larger chunks (chunksize)."
        )


def _between_ns(lane: SeenLane) -> int:
    """Return how long a lane had no call between its first one and its last one."""
    if not len(lane.calls):
        return 0
    return int(lane.ends.max() - lane.starts.min() - (lane.ends - lane.starts).sum())


def _starting(seen: Seen) -> Iterator[str]:
    there = sum(_there_ns(seen, lane) for lane in seen.lanes)
    starting = sum(max(0, lane.ready_ns - lane.asked_ns) for lane in seen.lanes)
    if starting > MUCH * there:
        once = "start them once, and " if len(seen.pools) > 1 else ""
        share = f"{starting / there:.0%} of the workers' time"
        yield f"Starting took {share}: {once}give them more to do."


def _idle_at_the_end(seen: Seen) -> Iterator[str]:
    """Tell of workers that had nothing left to do while others of their pool still had."""
    idle = there = 0.0
    why: dict[str, None] = {}
    for lanes in (lanes for lanes in _by_pool(seen) if len(lanes) > 1):
        calls = np.concatenate([lane.calls for lane in lanes])
        ends = [_last_end_ns(lane, seen) - _held_up_ns(lane, calls) for lane in lanes]
        left = sum(max(ends) - end for end in ends)
        idle += left
        there += sum(max(ends) - lane.asked_ns for lane in lanes)
        if left > LEAST_NS and len(calls):
            why[_why_idle(lanes, calls, max(ends) - min(lane.ready_ns for lane in lanes))] = None
    if why and idle > LEAST_NS and MUCH * there < min(idle, sum(_spent(seen).values())):
        yield (
            f"Workers had nothing left to do for {idle / there:.0%} of the time, while others of "
            f"their pool still worked: {'; '.join(why)}."
        )


def _own_ns(some: Words, calls: Words) -> FloatWords:
    """Return how long some of a pool's calls took by themselves: other programs have no part in it.

    That is their CPU time if the pool's calls compute; else the time without waiting for a core.
    """
    cpu, waiting = some[:, log.CPU], some[:, log.WAITING]
    if 2 * calls[:, log.CPU].sum() > (calls[:, log.LENGTH] - calls[:, log.WAITING]).sum():
        return cpu.astype(float)
    return (some[:, log.LENGTH] - waiting).astype(float)


def _held_up_ns(lane: SeenLane, calls: Words) -> float:
    return float(lane.calls[:, log.LENGTH].sum() - _own_ns(lane.calls, calls).sum())


def _why_idle(lanes: list[SeenLane], calls: Words, span_ns: float) -> str:
    """Say what the lengths, the order and the chunks of a pool's calls tell, and what to do."""
    own, counts = _own_ns(calls, calls), calls[:, log.COUNT]
    each, count = own / counts, int(counts.sum())
    longest, average = float(each.max()), float(own.sum()) / count
    chunks = sum(int(lane.header[log.CHUNKS]) for lane in lanes)
    smaller = "hand out smaller chunks (chunksize=1)" if count > chunks > 0 else ""
    if count < len(lanes):
        return f"{plural(count, 'call')} cannot fill {plural(len(lanes), 'worker')}"
    if longest > UNEQUAL * average:
        took = f"the longest call took {duration(longest / 1e9)}, {duration(average / 1e9)} is "
        took += "the average"
        if longest > (1 - MUCH) * span_ns:
            return f"{took}. No order makes it shorter: divide it into several calls"
        return f"{took}. Hand out the longest calls first{f', and {smaller}' if smaller else ''}"
    if smaller:
        return f"calls were handed out {count / chunks:.0f} at a time: {smaller}"
    if count % len(lanes):
        return (
            f"{plural(count, 'call')} of about equal length do not fill {len(lanes)} workers to "
            f"the end. A multiple of {len(lanes)} does"
        )
    return "this run cannot tell why"


def _crowded(seen: Seen, run: Run) -> Iterator[str]:
    """Tell of calls that waited for a core, and of what is known about why."""
    spent = _spent(seen)
    share = spent["waiting"] / max(1.0, sum(spent.values()))
    if share <= MUCH or spent["waiting"] < LEAST_NS:
        return
    waited = f"Calls waited for a core for {share:.0%} of their time"
    cores = plural(run.usable_cores, "core")
    busy = f"other programs kept {run.others_seen:.2f} cores busy"
    by_others = run.others_seen > MUCH * run.usable_cores
    if seen.inner_s * 1e9 > max(MUCH * spent["cpu"], spent["waiting"] / 2):
        yield (
            f"{waited}: their own threads, such as those of BLAS, computed besides "
            f"({duration(seen.inner_s)}). Allow one thread in each worker (OMP_NUM_THREADS=1)."
        )
    elif _computed_on(seen) > LOW * run.usable_cores and _wanted(seen) > run.usable_cores:
        ran = f"up to {_most_at_a_time(seen.lanes)} ran at a time, on {cores}"
        yield (
            f"{waited}: {ran}, and {busy}. This run cannot tell how much each of the two did."
            if by_others
            else f"{waited}: {ran}. Start as many workers as there are cores."
        )
    elif run.disturbed:
        return  # that was said first
    elif by_others:
        yield f"{waited}: {busy}. {ONCE_THEY_END}"
    else:
        yield f"{waited}. This run cannot tell what used the cores meanwhile."


def _computed_on(seen: Seen) -> float:
    """Return on how many cores the calls computed together, on average while there were calls."""
    starts = np.concatenate([lane.starts for lane in seen.lanes])
    ends = np.concatenate([lane.ends for lane in seen.lanes])
    return _spent(seen)["cpu"] / max(1, int(ends.max() - starts.min()))


def _wanted(seen: Seen) -> int:
    """Return how many cores the calls could use at a time: threads that take turns use one."""
    wanted = 0
    for pid in {lane.pid for lane in seen.lanes if len(lane.calls)}:
        lanes = tuple(lane for lane in seen.lanes if lane.pid == pid and len(lane.calls))
        take_turns = _computed_on(replace(seen, lanes=lanes)) <= ONE_CORE
        wanted += 1 if take_turns else _most_at_a_time(lanes)
    return min(wanted, _most_at_a_time(seen.lanes))


def _most_at_a_time(lanes: Iterable[SeenLane]) -> int:
    """Return how many calls went on at a time at most."""
    lanes = list(lanes)
    starts = np.concatenate([lane.starts for lane in lanes])
    ends = np.concatenate([lane.ends for lane in lanes])
    steps = np.repeat([-1, +1], len(starts))  # first who ends: the next one begins at once
    order = np.argsort(np.concatenate([ends, starts]), kind="stable")
    return int(steps[order].cumsum().max(initial=0))


def _by_pool(seen: Seen) -> list[list[SeenLane]]:
    """Return the lanes of each pool."""
    lanes: dict[str, list[SeenLane]] = {}
    for lane in seen.lanes:
        lanes.setdefault(lane.pool.name, []).append(lane)
    return list(lanes.values())


def _last_end_ns(lane: SeenLane, seen: Seen) -> int:
    """Return when a lane's last call ended; when it was ready, if it had none."""
    if lane.running:
        return lane.end_ns or seen.now_ns
    return int(lane.ends.max(initial=lane.ready_ns))


def _there_ns(seen: Seen, lane: SeenLane) -> int:
    return (lane.end_ns or seen.now_ns) - lane.asked_ns


def _large(seen: Seen) -> Iterator[str]:
    """Name inputs and results that are large, and what pickling them took.

    A mean over pools of which some send much and some nothing would be the size of no call.
    """
    by_pool = (lanes for lanes in _by_pool(seen) if lanes[0].pool.kind not in _NO_POOLS)
    pools = [replace(seen, lanes=tuple(lanes)) for lanes in by_pool]
    for what, done, size, time in (
        ("is sent", "unpickled", log.BYTES_IN, log.LOAD_NS),
        ("gives back", "pickled", log.BYTES_OUT, log.DUMP_NS),
    ):
        large = [pool for pool in pools if _mean([pool], size) >= LARGE_BYTES]
        if large:
            took_s = sum(pool.total(time) for pool in large) / 1e9
            of_some = "" if len(large) == len(pools) else f" in {len(large)} of {len(pools)} pools"
            yield (
                f"A call {what} {amount(round(_mean(large, size), -5))} on average{of_some}, and "
                f"the workers {done} for {duration(took_s)}: send the name of a file, or share the "
                "memory."
            )


def _mean(pools: Sequence[Seen], size: int) -> int:
    """Return the mean size of the inputs of all calls, or of the results of those that ended."""
    calls = sum(pool.calls if size == log.BYTES_IN else pool.total(log.CALLS) for pool in pools)
    return sum(pool.total(size) for pool in pools) // max(1, calls)
