"""A finished run as it looked at an earlier moment."""

from __future__ import annotations

from dataclasses import replace

from swimlanes import sheet
from swimlanes.records.timeline import Lane, Tasks, Timeline


def seen_at(timeline: Timeline, moment_s: float) -> Timeline:
    """Return what could be seen of a finished run at a moment; from its end on it is seen whole."""
    if timeline.wall_time_s is None or moment_s >= timeline.elapsed_s:
        return timeline
    startup_s, map_end_s = timeline.startup_s or 0.0, timeline.map_end_s or 0.0
    return replace(
        timeline,
        elapsed_s=max(0.0, moment_s),
        startup_s=timeline.startup_s if startup_s <= moment_s else None,
        map_s=timeline.map_s if map_end_s <= moment_s else None,
        wall_time_s=None,
        lanes=tuple(
            _lane_at(lane, moment_s) for lane in timeline.lanes if lane.ready_s <= moment_s
        ),
        tasks=_tasks_at(timeline, moment_s),
        core_load=tuple(load for load in timeline.core_load if load.until_s <= moment_s),
        warmup_s=min(timeline.warmup_s, max(0.0, moment_s - startup_s)),
    )


def _lane_at(lane: Lane, moment_s: float) -> Lane:
    """Return a lane as far as it has warmed up."""
    if lane.warmup_start_s > moment_s:
        return replace(lane, warmup_start_s=0.0, warmup_end_s=0.0)
    return replace(lane, warmup_end_s=min(lane.warmup_end_s, moment_s))


def _tasks_at(timeline: Timeline, moment_s: float) -> Tasks:
    """Return the tasks that had started, without what they write when they end."""
    import numpy as np  # slow to import

    tasks = timeline.all_tasks
    slots = np.array(tasks.slots, dtype=np.int64).reshape(-1, sheet.SLOT_WORDS)
    now_ns = tasks.zero_ns + round(moment_s * 1e9)
    slots[slots[:, sheet.START] > now_ns] = 0
    running = slots[:, sheet.END] > now_ns
    for word in (sheet.END, sheet.CPU, sheet.WAITING):
        slots[running, word] = 0
    slots[slots[:, sheet.ARRIVED] > now_ns, sheet.ARRIVED] = 0
    return Tasks(slots.tobytes(), tasks.zero_ns)
