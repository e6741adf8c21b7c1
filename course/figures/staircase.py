"""Why chunks make a staircase of what is possible."""

from canvas import Canvas
from chart import Chart

from swimlanes.metrics import ceiling, default_chunksize

TASKS, SHOWN = 16, 3
WORKERS = range(1, TASKS + 1)
POSSIBLE = {workers: ceiling(TASKS, workers) for workers in WORKERS}
ALT = (
    "Above, lanes of 3 workers with 16 tasks in chunks of 2: three rounds, and in the last one a "
    "worker has nothing to do, so the end comes after 6 tasks. Below, the possible speedup with "
    "1 to 16 workers, a staircase under the ideal line: 2.67 with 3 workers, 4 with 4 and 5, "
    "8 with 8 to 15, 16 with 16."
)

LEFT, TASK = 130, 60


def draw() -> str:
    """Return the figure."""
    canvas = Canvas(ALT, 530)
    chunksize = default_chunksize(TASKS, SHOWN)
    canvas.text(24, 34, f"{TASKS} tasks, {SHOWN} workers, chunks of {chunksize}", "head")
    lanes(canvas, chunksize)
    canvas.text(24, 222, f"Possible speedup of {TASKS} equal tasks", "head")
    curves(Chart(canvas, 60, 244, 600, 230, (1, TASKS), (0, TASKS)))
    return canvas.svg()


def lanes(canvas: Canvas, chunksize: int) -> None:
    """Draw the chunks as they are handed out, and the end."""
    chunks = -(-TASKS // chunksize)
    rounds = -(-chunks // SHOWN)
    for place in range(rounds * SHOWN):
        lap, worker = divmod(place, SHOWN)
        x, y, width = LEFT + lap * chunksize * TASK, 52 + 34 * worker, chunksize * TASK
        canvas.rect(x + 1, y, width - 2, 28, "useful" if place < chunks else "gap")
        if place < chunks:
            canvas.line(x + width / 2, y, x + width / 2, y + 28, "split")
            for task in range(chunksize):
                number = place * chunksize + task + 1
                canvas.text(x + TASK * (task + 0.5), y + 19, str(number), "white middle small")
        else:
            canvas.text(x + width / 2, y + 19, "nothing to do", "middle small")
    for worker in range(SHOWN):
        canvas.text(24, 71 + 34 * worker, f"worker {worker + 1}")
    end = rounds * chunksize
    canvas.text(LEFT, 178, f"{rounds} rounds of {chunksize}: {TASKS} tasks in the time of {end}.")
    canvas.text(LEFT + 300, 178, f"{TASKS} / {end} = {POSSIBLE[SHOWN]:.2f}", "strong")


def curves(chart: Chart) -> None:
    """Draw the ideal line and the staircase, with some values."""
    ticks = {n: str(n) for n in WORKERS}
    chart.axes(ticks, {n: str(n) for n in range(0, TASKS + 1, 4)}, "workers")
    chart.curve(WORKERS, float, "axis dashed")
    chart.curve(WORKERS, POSSIBLE.__getitem__, "line blue")
    for workers in WORKERS:
        chart.canvas.dot(*chart.place(workers, POSSIBLE[workers]))
    for workers in (3, 5, 7, 12):
        x, y = chart.place(workers, POSSIBLE[workers])
        chart.canvas.text(x, y + 20, f"{POSSIBLE[workers]:.3g}", "middle small strong")
    x, y = chart.place(11, 11)
    chart.canvas.text(x - 10, y - 8, "ideal", "small end")
