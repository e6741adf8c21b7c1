"""What measuring costs, as ratios within one run; ``make bench`` prints them.

Each comparison is interleaved, so that what disturbs one side disturbs the other as well, and
the medians are compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from statistics import median
from typing import Any

from swimlanes import measure, scaling
from swimlanes.doctor import examine
from swimlanes.panel import ControlPanel
from swimlanes.records import Run

REPEATS = 15
NO_OP_TASKS = 20_000
REDRAWS = 200

# The lines that the lecture teaches, timed by themselves in a fresh interpreter.
BARE_POOL = """
import json, sys, time
from multiprocessing import Pool
from swimlanes.workloads import count_down

request = json.load(sys.stdin)
function = {"count_down": count_down, "abs": abs}[request["function"]]
start = time.monotonic()
with Pool(request["workers"]) as pool:
    ready = time.monotonic()
    pool.map(function, request["inputs"])
    mapped = time.monotonic()
end = time.monotonic()
print(json.dumps({"map_s": mapped - ready, "wall_time_s": end - start}))
"""


def measure_all(tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure every ratio.

    Parameters
    ----------
    tell : callable
        Called with the name of each measurement before it begins.

    Returns
    -------
    dict
        ``ratios`` by name; ``machine``, what they were measured on.
    """
    ratios: dict[str, float] = {}
    for measurement in (
        speedups,
        query_threads_8,
        run_over_pool_map_10ms,
        recording_us_per_task,
        redraw_ms,
    ):
        tell(measurement.__name__)
        ratios |= measurement()
    return {"ratios": ratios, "machine": asdict(examine())}


def speedups() -> dict[str, float]:
    """Return S(2) of count-down, 16 tasks of 100 ms, for processes and threads."""
    studies = {
        mode: scaling.study("count-down", mode=mode, tasks=16, task_ms=100, max_workers=2)
        for mode in ("processes", "threads")
    }
    return {f"{mode}_speedup_2": study.points[-1].speedup for mode, study in studies.items()}


def query_threads_8() -> dict[str, float]:
    """Return S(8) of threads that wait, 16 tasks of 100 ms."""
    work = measure.make_work("query", None, tasks=16, task_ms=100)
    serial_s, threads_s = _interleaved(
        lambda: _wall_time_s(work, "serial", 1), lambda: _wall_time_s(work, "threads", 8), repeats=3
    )
    return {"query_threads_speedup_8": serial_s / threads_s}


def run_over_pool_map_10ms() -> dict[str, float]:
    """Return our wall time over that of the same bare ``Pool.map``, tasks of 10 ms, start-up in."""
    work = measure.make_work("count-down", None, tasks=32, task_ms=10)
    ours_s, bare_s = _interleaved(
        lambda: _wall_time_s(work, "processes", 2),
        lambda: _bare_pool("count_down", work.inputs, 2)["wall_time_s"],
    )
    return {"run_over_pool_map_10ms": ours_s / bare_s}


def recording_us_per_task() -> dict[str, float]:
    """Return what recording adds to a task that does nothing, microseconds on its worker."""
    work = measure.Work("abs", None, abs, tuple(range(NO_OP_TASKS)))
    ours_s, bare_s = _interleaved(
        lambda: _run(work, "processes", 1).map_s,
        lambda: _bare_pool("abs", work.inputs, 1)["map_s"],
    )
    return {"recording_us_per_task": (ours_s - bare_s) / NO_OP_TASKS * 1e6}


def redraw_ms() -> dict[str, float]:
    """Return the CPU time of reading the sheet, drawing the lanes of 16 tasks and showing them, ms.

    Outside a kernel the message to the browser is made up but not sent.
    """
    panel = ControlPanel()
    work = measure.make_work("count-down", None, tasks=16, task_ms=100)
    running = measure.RunInProgress(work, measure.make_plan("processes", 2, None, None))
    costs_ms = []
    for _ in range(REDRAWS):
        start = time.thread_time()
        panel.show_timeline(running.timeline())
        costs_ms.append((time.thread_time() - start) * 1e3)
        if running.done:
            break
        time.sleep(0.005)
    running.result()
    return {"redraw_ms": median(costs_ms)}


def _run(work: measure.Work, mode: str, workers: int) -> Run:
    return measure.RunInProgress(work, measure.make_plan(mode, workers, None, None)).result()


def _wall_time_s(work: measure.Work, mode: str, workers: int) -> float:
    return _run(work, mode, workers).wall_time_s


def _bare_pool(function: str, inputs: tuple[Any, ...], workers: int) -> dict[str, float]:
    request = json.dumps({"function": function, "inputs": inputs, "workers": workers})
    command = [sys.executable, "-c", BARE_POOL]
    answer = subprocess.run(command, input=request, stdout=subprocess.PIPE, check=True, text=True)
    times: dict[str, float] = json.loads(answer.stdout)
    return times


def _interleaved(
    ours: Callable[[], float], theirs: Callable[[], float], repeats: int = REPEATS
) -> tuple[float, float]:
    """Return the medians of both, measured in turns."""
    pairs = [(ours(), theirs()) for _ in range(repeats)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
