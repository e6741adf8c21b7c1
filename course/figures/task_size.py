"""How long a task must be to be worth its hand-out."""

from collections.abc import Callable
from math import log10

from canvas import Canvas
from chart import Chart, decades

ALT = (
    "Share of the time that is work, over the length of a task from 1 microsecond to 1 hour. It "
    "rises from almost 0 to almost 100 percent, first for threads, then for processes, then for a "
    "cluster's scheduler, last for batch jobs."
)

# Orders of magnitude, for the picture: what handing out one task costs, in seconds.
HAND_OUTS = {
    "threads": (1e-5, "line"),
    "processes": (1e-4, "line dashed blue"),
    "scheduler": (1e-3, "line dotted"),  # what distributed.dask.org says of itself
    "batch job": (3e1, "line dashed orange"),
}
SHORTEST_S, LONGEST_S = 1e-6, 3.6e3
TICKS = {1e-6: "1 µs", 1e-4: "100 µs", 1e-2: "10 ms", 1: "1 s", 60: "1 min", 3600: "1 h"}


def draw() -> str:
    """Return the figure."""
    canvas = Canvas(ALT, 390)
    canvas.text(24, 34, "How much of the time is work?", "head")
    chart = Chart(canvas, 70, 94, 610, 196, (SHORTEST_S, LONGEST_S), (0, 1), log10)
    chart.axes(TICKS, {share / 4: f"{share / 4:.0%}" for share in range(5)}, "length of a task")
    for row, (name, (hand_out_s, kind)) in enumerate(HAND_OUTS.items()):
        share = share_of_work(hand_out_s)
        chart.curve(decades(SHORTEST_S, LONGEST_S), share, kind)
        x, _ = chart.place(hand_out_s, 0)
        _, half = chart.place(hand_out_s, 0.5)
        raised = 12 + 16 * (row % 2)
        canvas.line(x, chart.top - raised + 4, x, half, "grid")
        canvas.dot(x, half)
        canvas.text(x, chart.top - raised, name, "strong middle small")
    canvas.text(24, 350, "Dots: handing out costs as much as the task. Ten times longer: 91% work.")
    canvas.text(24, 372, "These are orders of magnitude. Measure your own.", "faint")
    return canvas.svg()


def share_of_work(hand_out_s: float) -> Callable[[float], float]:
    """Return the function from a task's length to the share of its time that is work."""
    return lambda task_s: task_s / (task_s + hand_out_s)
