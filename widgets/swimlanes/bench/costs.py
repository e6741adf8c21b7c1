"""What is reached, what measuring costs beside the same work without it, whether all adds up."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import swimlanes
from swimlanes import measure, modes, scaling
from swimlanes.bench.peers import time_afresh
from swimlanes.bench.turns import fresh_process, in_turns, medians
from swimlanes.panel import ControlPanel
from swimlanes.records import Run
from swimlanes.workloads import WORKLOADS

ROUNDS = 15
MANY_ROUNDS = 5
DISPLAY_ROUNDS = 40
WATCH_ROUNDS = 20
NO_OP_TASKS = 20_000
STUDY_TASK_MS = 100
STUDY_REPEATS = 3
REDRAWS = 200
MANY_TASKS = 100_000
SPEEDUP_ROUNDS = 3
ACCOUNT_TASKS, ACCOUNT_TASK_MS, ACCOUNT_TASK_BYTES = 16, 10, 100_000
# NumPy is not installed for the one, and does not load in the other.
WITHOUT_NUMPY = ("free-threaded", "interpreters")


def processes_speedup_2() -> float:
    """Return S(2) of processes on count-down, 16 tasks of 100 ms."""
    return _speedup_2("processes")


def threads_speedup_2() -> float:
    """Return S(2) of threads on count-down, 16 tasks of 100 ms."""
    return _speedup_2("threads")


def query_threads_speedup_8() -> float:
    """Return S(8) of threads that wait, 16 tasks of 100 ms."""
    serial_s, threads_s = medians(
        lambda: _query_s("serial", 1), lambda: _query_s("threads", 8), SPEEDUP_ROUNDS
    )
    return serial_s / threads_s


def _speedup_2(mode: str) -> float:
    study = scaling.study("count-down", mode=mode, tasks=16, task_ms=100, max_workers=2)
    return study.points[-1].speedup


def _query_s(mode: str, workers: int) -> float:
    return measure.run("query", mode=mode, workers=workers, tasks=16, task_ms=100).wall_time_s


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
    """Return how much longer 100 000 no-op tasks take than in a bare ``Pool.map``, seconds.

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
    # Calibrates, once for all.
    measure.make_work("count-down", None, tasks=1, task_ms=STUDY_TASK_MS)
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
        panel.controls.run.click()
        panel.wait()
        assert panel.last_run is not None
        return panel.last_run.wall_time_s

    def unseen_s() -> float:
        return measure.run("count-down", mode="processes", **request).wall_time_s

    unseen_s()  # calibrates, for both
    rounds = in_turns({"shown": shown_s, "unseen": unseen_s}, DISPLAY_ROUNDS)
    return median(a / b for a, b in zip(rounds["shown"], rounds["unseen"], strict=True))


def watched_over_plain() -> float:
    """Return the wall time of a watched ``Pool.map`` over that of the same one unwatched.

    24 tasks of 40 ms on 2 workers, start-up in; median of the ratios of all rounds.
    """
    work = measure.make_work("count-down", None, tasks=24, task_ms=40)
    rounds = in_turns(
        {
            "watched": lambda: _pool_map_s(work.function, work.inputs, swimlanes.watch()),
            "plain": lambda: _pool_map_s(work.function, work.inputs, nullcontext()),
        },
        WATCH_ROUNDS,
    )
    return median(a / b for a, b in zip(rounds["watched"], rounds["plain"], strict=True))


def watching_us_per_call() -> float:
    """Return what watching adds to a call that does nothing, microseconds on its worker."""
    inputs = range(MANY_TASKS)
    watched_s, plain_s = medians(
        lambda: _pool_map_s(abs, inputs, swimlanes.watch(), workers=1),
        lambda: _pool_map_s(abs, inputs, nullcontext(), workers=1),
        WATCH_ROUNDS,
    )
    return (watched_s - plain_s) / MANY_TASKS * 1e6


def _pool_map_s(
    function: Callable[[Any], Any],
    inputs: Iterable[Any],
    block: AbstractContextManager[object],
    workers: int = 2,
) -> float:
    def work() -> None:
        with get_context("fork").Pool(workers) as pool:
            pool.map(function, inputs)

    with block:
        return _elapsed_s(work)


def account_remainder() -> float:
    """Return the largest remainder of all accounts, as a share of the area n × T, at least 0."""
    accounts = (run.account for run in _all_kinds())
    return max(abs(account.remainder_s) / account.area_s for account in accounts)


def _all_kinds() -> Iterator[Run]:
    for mode, workload in product(modes.MODES, WORKLOADS):
        missing = workload == "matrix-product" and mode in WITHOUT_NUMPY
        if not missing and not modes.why_unavailable(mode):
            yield measure.run(
                workload,
                mode=mode,
                workers=2,
                tasks=ACCOUNT_TASKS,
                task_ms=ACCOUNT_TASK_MS,
                task_bytes=ACCOUNT_TASK_BYTES,
            )


def caller_memory_mb_100k() -> float:
    """Return by how much a run of 100 000 no-op tasks raises its caller's peak memory, MB."""
    growth_mb: float = fresh_process(__name__, MANY_TASKS)["growth_mb"]
    return growth_mb


def main() -> None:
    """Perform a run of as many tasks as standard input says and print the growth."""
    tasks: int = json.load(sys.stdin)
    measure.run(abs, [0], workers=2)  # what is imported late is there before and after
    before = _status_bytes("VmRSS")
    measure.run(abs, range(tasks), workers=2)
    print(json.dumps({"growth_mb": (_status_bytes("VmHWM") - before) / 1e6}))


def _status_bytes(field: str) -> int:
    """Return a field of this process's status; ``getrusage`` would count its parent's peak."""
    found = re.search(rf"^{field}:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.M)
    assert found is not None
    return int(found[1]) * 1024


def bare_pool(function: str, inputs: Iterable[Any], workers: int) -> dict[str, float]:
    """Return the times of the lines that the lecture teaches, by themselves."""
    return time_afresh("Pool.map", workers, function, inputs)


def _run(function: Callable[[Any], Any], inputs: Iterable[Any], workers: int) -> Run:
    return measure.run(function, inputs, mode="processes", workers=workers)


def _elapsed_s(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start
