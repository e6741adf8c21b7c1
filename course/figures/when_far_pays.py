"""From which task length on far workers pay, measured: a cluster near, one with 4 ms latency."""

from __future__ import annotations

import json
from math import log10
from pathlib import Path

from canvas import Canvas
from chart import Chart

ALT = (
    "Speedup with two workers over the length of a task, 1 to 100 ms, measured on two cores: "
    "processes, a Dask cluster on the same machine, and one with a latency of 4 ms and 100 "
    "Mbit/s. Processes: clearly faster than serial from 3 ms on, 1.72 times as fast at 100 ms. "
    "Cluster, here: clearly faster than serial from 10 ms on, 1.70 times as fast at 100 ms. "
    "Cluster, latency 4 ms: clearly faster than serial from 30 ms on, 1.68 times as fast at 100 ms."
)
CURVES = {"processes": "line blue", "near": "line dashed orange", "far": "line dotted"}
NAMES = {"processes": "processes", "near": "cluster, here", "far": "cluster, latency 4 ms"}
TICKS = {1: "1 ms", 3: "3 ms", 10: "10 ms", 30: "30 ms", 100: "100 ms"}


def draw() -> str:
    """Return the figure of what `make cluster-numbers` wrote."""
    measured = json.loads(Path(__file__).with_suffix(".json").read_text())
    rows = {"near": measured["near-near"], "far": measured["far-far"]}
    speedups = {name: {row[0]: row[2] for row in of} for name, of in rows.items()}
    speedups = {"processes": {row[0]: row[1] for row in rows["near"]}, **speedups}
    canvas = Canvas(ALT, 350)
    canvas.text(24, 34, "When do far workers pay?", "head")
    chart = Chart(canvas, 70, 64, 470, 212, (1, 100), (0, 2.2), log10)
    chart.axes(TICKS, {0: "0", 0.5: "0.5", 1: "serial", 1.5: "1.5", 2: "2"}, "length of a task")
    for name, kind in CURVES.items():
        points = [chart.place(*point) for point in speedups[name].items()]
        canvas.curve(points, kind)
        for point in points:
            canvas.dot(*point)
    for name, y in _spread({name: chart.place(100, of[100])[1] for name, of in speedups.items()}):
        canvas.text(550, y + 4, f"{NAMES[name]} {speedups[name][100]:.2f}", "small")
    canvas.text(
        24, 338, "16 tasks, 2 workers, against serial here; the cluster runs already.", "faint"
    )
    return canvas.svg()


def _spread(heights: dict[str, float]) -> list[tuple[str, float]]:
    """Return where labels go so that none covers another."""
    placed, free = [], 0.0
    for name, y in sorted(heights.items(), key=lambda item: item[1]):
        free = max(y, free)
        placed.append((name, free))
        free += 16
    return placed
