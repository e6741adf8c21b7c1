"""What measuring costs beside the same work without it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from swimlanes import measure, scaling
from swimlanes.bench.memory import MANY_TASKS
from swimlanes.bench.turns import fresh_process, in_turns, medians
from swimlanes.panel import ControlPanel
from swimlanes.records import Run

ROUNDS = 15
MANY_ROUNDS = 5
DISPLAY_ROUNDS = 40
NO_OP_TASKS = 20_000
STUDY_TASK_MS = 100
STUDY_REPEATS = 3
REDRAWS = 200


def run_over_pool_map_10ms() -> float:
    """Return our wall time over that of the same bare ``Pool.map``, tasks of 10 ms, start-up in."""
    work = measure.make_work("count-down", None, tasks=32, task_ms=10)
    ours_s, bare_s = medians(
        lambda: _run(work.function, work.inputs, 2).wall_time_s,
        lambda: bare_pool("count_down", work.inputs, 2)["total_s"],
        ROUNDS,
    )
    return ours_s / bare_s


def recording_us_per_task() -> float:
    """Return what recording adds to a task that does nothing, microseconds on its worker."""
    ours_s, bare_s = medians(
        lambda: _run(abs, range(NO_OP_TASKS), 1).map_s,
        lambda: bare_pool("abs", range(NO_OP_TASKS), 1)["map_s"],
        ROUNDS,
    )
    return (ours_s - bare_s) / NO_OP_TASKS * 1e6


def no_op_100k_extra_s() -> float:
    """Return what 100 000 no-op tasks take longer than in a bare ``Pool.map``, seconds.

    On 2 workers, from asking to having the record or the results, with all start-up.
    """
    ours_s, bare_s = medians(
        lambda: _elapsed_s(lambda: _run(abs, range(MANY_TASKS), 2)),
        lambda: bare_pool("abs", range(MANY_TASKS), 2)["total_s"],
        MANY_ROUNDS,
    )
    return ours_s - bare_s


def study_over_runs() -> float:
    """Return the time of a study over the sum of its runs' wall times, 16 tasks of 100 ms."""
    measure.make_work(
        "count-down", None, tasks=1, task_ms=STUDY_TASK_MS
    )  # calibrates, once for all
    wall_times_s = []
    start = time.monotonic()
    for step in scaling.sweep(tasks=16, task_ms=STUDY_TASK_MS, repeats=STUDY_REPEATS):
        if step.running is not None:
            wall_times_s.append(step.running.result().wall_time_s)
    return (time.monotonic() - start) / sum(wall_times_s)


def redraw_ms() -> float:
    """Return the CPU time of reading the sheet, drawing the pictures of 16 tasks, showing them, ms.

    Outside a kernel the message to the browser is made up but not sent.
    """
    return _redraw_ms(measure.launch("count-down", workers=2, tasks=16, task_ms=100))


def redraw_ms_100k() -> float:
    """Return the same for 100 000 no-op tasks, ms."""
    return _redraw_ms(measure.launch(abs, range(MANY_TASKS), workers=2))


def _redraw_ms(running: measure.RunInProgress) -> float:
    panel = ControlPanel()
    costs_ms = []
    for _ in range(REDRAWS):
        start = time.thread_time()
        panel.session.show_timeline(running.timeline())
        costs_ms.append((time.thread_time() - start) * 1e3)
        if running.done:
            break
        time.sleep(0.005)
    running.result()
    return median(costs_ms)


def display_effect() -> float:
    """Return the wall time of a run that the panel shows live over that of the same run unseen.

    24 tasks of 40 ms on 2 workers; median of the ratios of all rounds. Outside a kernel the
    messages to the browser are made up but not sent.
    """
    request: dict[str, Any] = {"workers": 2, "tasks": 24, "task_ms": 40}
    panel = ControlPanel(**request)

    def shown_s() -> float:
        panel.session.run()
        panel.wait()
        assert panel.last_run is not None
        return panel.last_run.wall_time_s

    def unseen_s() -> float:
        return measure.run("count-down", mode="processes", **request).wall_time_s

    unseen_s()  # calibrates, for both
    rounds = in_turns({"shown": shown_s, "unseen": unseen_s}, DISPLAY_ROUNDS)
    return median(a / b for a, b in zip(rounds["shown"], rounds["unseen"], strict=True))


def bare_pool(function: str, inputs: Iterable[Any], workers: int) -> dict[str, float]:
    """Return the times of the lines that the lecture teaches, by themselves."""
    request = {
        "name": "Pool.map",
        "workers": workers,
        "function": function,
        "inputs": list(inputs),
    }
    return fresh_process("swimlanes.bench.peers", request)


def _run(function: Callable[[Any], Any], inputs: Iterable[Any], workers: int) -> Run:
    return measure.run(function, inputs, mode="processes", workers=workers)


def _elapsed_s(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start
