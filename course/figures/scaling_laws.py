"""Amdahl and Gustafson: the same serial share, two questions."""

from collections.abc import Callable

from canvas import Canvas
from chart import Chart

from swimlanes.metrics import amdahl, gustafson

WORKERS = 64
SHARES = {0.01: "line blue", 0.05: "line dashed orange", 0.20: "line dotted"}
ALT = (
    "Two charts of speedup over 1 to 64 workers, with 1, 5 and 20 percent serial. Amdahl, the "
    "same work: the curves bend and reach 39, 15 and 5. Gustafson, more work: straight lines that "
    "reach 63, 61 and 51."
)


def draw() -> str:
    """Return the figure."""
    canvas = Canvas(ALT, 350)
    chart(canvas, 50, "Amdahl: the same work", amdahl, {0.01: 0, 0.05: 0, 0.20: 0})
    chart(canvas, 400, "Gustafson: more work", gustafson, {0.01: -6, 0.05: 8, 0.20: 6})
    return canvas.svg()


def chart(
    canvas: Canvas,
    left: float,
    title: str,
    law: Callable[[float, int], float],
    nudges: dict[float, float],
) -> None:
    """Draw a law for all shares, and write its last value at each curve's end."""
    canvas.text(left - 26, 34, title, "head")
    area = Chart(canvas, left, 60, 190, 230, (1, WORKERS), (0, WORKERS))
    ticks = {n: str(n) for n in (1, 16, 32, 48, 64)}
    area.axes(ticks, {n: str(n) for n in (0, 16, 32, 48, 64)}, "workers")
    area.curve((1, WORKERS), float, "axis")
    canvas.text(left + 112, 132, "ideal", "small end")
    for share, kind in SHARES.items():
        values = {n: law(share, n) for n in range(1, WORKERS + 1)}
        area.curve(values, values.__getitem__, kind)
        x, y = area.place(WORKERS, values[WORKERS])
        words = f"{values[WORKERS]:.0f} ({share:.0%} serial)"
        canvas.text(x + 6, y + 4 + nudges[share], words, "small")
