"""What a watched program's lanes say: what was seen, and one piece of advice for each weakness.

There is no serial run to compare with, so no speedup is told: only how many calls' computing went
on at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from swimlanes.drawing.svg import amount, duration, plural
from swimlanes.watching import log
from swimlanes.watching.seen import Fault, Seen, SeenLane

MANY_POOLS = 4
"""From so many pools on that one process starts one after the other, they are counted."""
SHORT_CALL_NS = 100_000
"""What handing out a call costs at least; shorter calls cost more to hand out than to do."""
LARGE_BYTES = 1_000_000
"""Size of what a call is sent, or gives back, from which on it is named."""
MUCH = 0.2
"""Share of the time of all lanes from which on a weakness is told."""


def describe(seen: Seen) -> list[str]:
    """Return sentences about what was seen, the most important first."""
    if not seen.lanes:
        return [
            "No worker was started: pools, executors, processes and threads are seen if they are "
            "started while their program is watched."
        ]
    return [*map(_fault, seen.faults[:3]), _summary(seen), *_weaknesses(seen)]


def _fault(fault: Fault) -> str:
    if fault.what == "lost":
        return (
            f"A worker of {fault.pool.kind} cannot find what it is to call "
            f"({fault.told['error']}). A function of a notebook is unknown to processes that are "
            "started by spawn or forkserver: write it into a file, and import it from there."
        )
    return f"The call with the input {fault.told['input']} raised {fault.told['error']}."


def _summary(seen: Seen) -> str:
    """Say how much of the calls' computing went on at a time."""
    spent = _spent(seen)
    span_ns = _span_ns(seen)
    calls, lanes = plural(seen.calls, "call"), plural(len(seen.lanes), "worker")
    what = f"{calls} on {lanes} in {duration(span_ns / 1e9)}"
    if spent["cpu"] < spent["blocked"]:
        at_a_time = sum(spent.values()) / span_ns
        return f"{what}: {at_a_time:.2f} calls at a time on average; most of that they waited."
    return (
        f"{what}: the cores computed for {spent['cpu'] / span_ns:.2f} calls at a time on average. "
        "How much faster than serial that is, only a serial run can tell: beside each other, calls "
        "may compute slower than alone."
    )


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
    return max(ends) - min(lane.pool.asked_ns for lane in seen.lanes)


def _weaknesses(seen: Seen) -> Iterator[str]:
    starts = Counter((lane.pool.kind, lane.pool.pid) for lane in _one_of_each_pool(seen))
    for (kind, _), count in starts.items():
        if count >= MANY_POOLS and kind not in ("Process", "Thread"):
            yield f"{count} times a {kind} was started: start one, and use it for all calls."
    spent = _spent(seen)
    in_calls = sum(spent.values())
    if seen.calls and in_calls / seen.calls < SHORT_CALL_NS:
        each = duration(in_calls / seen.calls / 1e9)
        yield (
            f"A call took {each} on average, and handing it out takes longer: do more in each "
            "call, or hand out larger chunks (chunksize)."
        )
    there = sum(_there_ns(seen, lane) for lane in seen.lanes)
    starting = sum(max(0, lane.ready_ns - lane.pool.asked_ns) for lane in seen.lanes)
    if starting > MUCH * there:
        yield (
            f"Starting took {starting / there:.0%} of the workers' time: start them once, and give "
            "them more to do."
        )
    if spent["waiting"] > MUCH * in_calls:
        yield (
            f"Calls waited for a core for {spent['waiting'] / in_calls:.0%} of their time: there "
            "were more of them at a time than cores, or other programs used these."
        )
    yield from _large(seen)


def _one_of_each_pool(seen: Seen) -> list[SeenLane]:
    return list({lane.pool.name: lane for lane in seen.lanes}.values())


def _there_ns(seen: Seen, lane: SeenLane) -> int:
    return (lane.end_ns or seen.now_ns) - lane.pool.asked_ns


def _large(seen: Seen) -> Iterator[str]:
    """Name inputs and results that are large, and what pickling them took."""
    calls = max(1, seen.calls)
    for what, size, time in (
        ("is sent", log.BYTES_IN, log.LOAD_NS),
        ("gives back", log.BYTES_OUT, log.DUMP_NS),
    ):
        each = sum(int(lane.header[size]) for lane in seen.lanes) // calls
        took_s = sum(int(lane.header[time]) for lane in seen.lanes) / 1e9
        if each >= LARGE_BYTES:
            yield (
                f"A call {what} {amount(round(each, -5))} on average, and the workers pickled for "
                f"{duration(took_s)}: send the name of a file, or share the memory."
            )
