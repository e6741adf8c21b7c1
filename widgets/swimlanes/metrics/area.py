"""From what was seen of each lane to the account of its time.

A lane's time, from asking for the pool (0) to the pool's end (T)::

    startup | dispatch, task, dispatch, task ... | imbalance | tail | shutdown
            ready, and map called                this lane's | all lanes' last task, map's end
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from swimlanes.metrics import guards
from swimlanes.metrics.accounts import Account, LaneAccount

# Moments are sums of spans, so they may differ in the last digit.
_CLOCK_STEP_S = 1e-9


class LaneTotals(NamedTuple):
    """What was seen of one lane; moments are seconds from asking for the pool.

    Attributes
    ----------
    ready_s : float or None
        When the worker was ready; None if it never said so.
    first_start_s, last_end_s : float or None
        Start of its first and end of its last task; None without a task.
    in_tasks_s : float
        Sum of the lengths of its tasks, seconds; with those that were lost.
    cpu_s, waiting_s : float
        CPU time and run-queue delay of its tasks, seconds.
    transfer_s : float
        How long it waited before and between tasks for messages from another machine, seconds.
    lost_s : float
        Sum of the lengths of its tasks that were lost with the worker, seconds.
    inputs_s, results_s : float
        How long it stood before and between tasks while inputs were pickled and unpickled, and
        while results were pickled and sent, seconds.
    sent_s : float or None
        When the result of its last task had gone, seconds; None if nothing was sent. What it
        waited for the rest of a batch before is left out.
    batches_s : float
        How long it waited before and between tasks for the rest of a batch, seconds.
    asked_s : float
        When the worker was asked for; 0 in a run, which asks for all of them at once.
    gone_s : float or None
        When it was gone; None if it stayed as long as the pool.

    Examples
    --------
    >>> LaneTotals(0.5, 1.0, 3.0, in_tasks_s=2.0, cpu_s=1.5, waiting_s=0.25).last_end_s
    3.0
    """

    ready_s: float | None
    first_start_s: float | None
    last_end_s: float | None
    in_tasks_s: float
    cpu_s: float
    waiting_s: float
    transfer_s: float = 0.0
    lost_s: float = 0.0
    inputs_s: float = 0.0
    results_s: float = 0.0
    sent_s: float | None = None
    batches_s: float = 0.0
    asked_s: float = 0.0
    gone_s: float | None = None


class _Span(NamedTuple):
    """The moments that all lanes share, seconds."""

    map_start_s: float
    last_end_s: float
    last_result_s: float
    map_end_s: float
    wall_time_s: float


def account(
    lanes: Sequence[LaneTotals],
    *,
    map_start_s: float,
    map_end_s: float,
    wall_time_s: float,
    throttled_s: float = 0.0,
    others_busy_s: float = 0.0,
    last_result_s: float = 0.0,
    oversubscribed: bool = True,
) -> Account:
    """Return where the time of all lanes went.

    Parameters
    ----------
    lanes : sequence of LaneTotals
        What was seen of each lane, shape (n_lanes,).
    map_start_s, map_end_s : float
        When ``map`` was called and when it returned, seconds from asking for the pool.
    wall_time_s : float
        When the pool was gone, seconds, greater than 0.
    throttled_s : float
        How long a quota kept the run from its cores, seconds, summed over cores; 0 if unknown.
    others_busy_s : float
        CPU time that other programs took of the usable cores during the run, seconds, at least
        0; 0 if unknown.
    last_result_s : float
        When the last result was unpickled, seconds from asking for the pool; 0 if none was.
    oversubscribed : bool
        Whether the run had more threads to run than cores to run them on.

    Raises
    ------
    ValueError
        If there is no lane, if the moments are not in order, or if a time is negative.

    Notes
    -----
    A lane that was never ready counts as start-up until ``map`` returned. Nothing is forced to
    add up: what contradicts itself shows in `Account.remainder_s`.

    Examples
    --------
    >>> first = LaneTotals(0.5, 1.0, 3.0, in_tasks_s=2.0, cpu_s=1.5, waiting_s=0.25)
    >>> second = LaneTotals(0.5, 0.75, 1.75, in_tasks_s=1.0, cpu_s=1.0, waiting_s=0.0)
    >>> run = account([first, second], map_start_s=0.25, map_end_s=3.5, wall_time_s=4.0)
    >>> run.lanes[0]  # doctest: +NORMALIZE_WHITESPACE
    LaneAccount(startup=0.5, dispatch=0.5, useful=1.5, waiting=0.25, blocked=0.25,
                imbalance=0.0, tail=0.5, shutdown=0.5, transfer=0.0, lost=0.0,
                inputs=0.0, results=0.0, batches=0.0, absent=0.0)
    >>> run.imbalance, run.remainder_s
    (1.25, 0.0)
    """
    guards.at_least(1, len(lanes), "lanes")
    _check_order(map_start_s, map_end_s, wall_time_s)
    guards.no_negative(throttled_s, "throttled_s")
    guards.no_negative(others_busy_s, "others_busy_s")
    ends_s = (lane.last_end_s for lane in lanes if lane.last_end_s is not None)
    last_end_s = max(ends_s, default=0.0)
    last_result_s = max(last_end_s, min(last_result_s, map_end_s))
    span = _Span(map_start_s, last_end_s, last_result_s, map_end_s, wall_time_s)
    parts = tuple(_lane_account(lane, span) for lane in lanes)
    return Account(parts, wall_time_s, throttled_s, others_busy_s, oversubscribed)


def _check_order(map_start_s: float, map_end_s: float, wall_time_s: float) -> None:
    in_order = 0 <= map_start_s <= map_end_s <= wall_time_s + _CLOCK_STEP_S
    if not (in_order and wall_time_s > 0):
        raise ValueError(
            "A run starts its map, ends it and ends itself in this order, but these moments are "
            f"{map_start_s} s, {map_end_s} s and {wall_time_s} s."
        )


def _lane_account(lane: LaneTotals, span: _Span) -> LaneAccount:
    begin_s = _startup_s(lane, span)
    done_s = begin_s if lane.last_end_s is None else lane.last_end_s
    between_s = max(0.0, done_s - begin_s - lane.in_tasks_s)
    transfer_s = min(lane.transfer_s, between_s)
    batches_s = min(lane.batches_s, between_s - transfer_s)
    inputs_s = min(lane.inputs_s, between_s - transfer_s - batches_s)
    after_s = max(0.0, span.last_end_s - done_s)
    results_s = min(lane.results_s, between_s - transfer_s - batches_s - inputs_s)
    sending_s = min(max(0.0, (lane.sent_s or 0.0) - done_s), after_s)
    tail_s = max(0.0, span.map_end_s - max(span.last_end_s, done_s))
    last_results_s = min(tail_s, span.last_result_s - span.last_end_s)
    found = LaneAccount(
        startup=begin_s,
        dispatch=between_s - transfer_s - batches_s - inputs_s - results_s,
        useful=lane.cpu_s,
        waiting=lane.waiting_s,
        blocked=max(0.0, lane.in_tasks_s - lane.lost_s - lane.cpu_s - lane.waiting_s),
        imbalance=after_s - sending_s,
        tail=tail_s - last_results_s,
        shutdown=max(0.0, span.wall_time_s - span.map_end_s),
        transfer=transfer_s,
        lost=lane.lost_s,
        inputs=inputs_s,
        results=results_s + sending_s + last_results_s,
        batches=batches_s,
    )
    gone_s = span.wall_time_s if lane.gone_s is None else lane.gone_s
    return _without_absence(found, lane.asked_s, max(0.0, span.wall_time_s - gone_s))


def _without_absence(lane: LaneAccount, before_s: float, after_s: float) -> LaneAccount:
    """Return the account of a lane that came later and went earlier than others."""
    taken = {"startup": min(before_s, lane.startup)}
    for part in ("shutdown", "tail", "imbalance"):
        taken[part] = min(after_s, getattr(lane, part))
        after_s -= taken[part]
    left = {part: getattr(lane, part) - seconds for part, seconds in taken.items()}
    return lane._replace(**left, absent=sum(taken.values()))


def _startup_s(lane: LaneTotals, span: _Span) -> float:
    if lane.ready_s is None:
        return span.map_end_s
    return min(max(lane.ready_s, span.map_start_s), span.map_end_s)
