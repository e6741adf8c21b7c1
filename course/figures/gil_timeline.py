"""What the GIL makes of two threads, and what they do when it is released."""

from canvas import Canvas

ALT = (
    "Two threads on two cores, over time. Computing in Python: only the thread that holds the GIL "
    "runs, the other is blocked, and they take turns. Work that releases the GIL: both run at the "
    "same time and end in half the time."
)

LEFT, TURN, LANE = 130, 132, 34


def draw() -> str:
    """Return the figure."""
    canvas = Canvas(ALT, 372)
    canvas.text(24, 34, "Computing in Python: they take turns", "head")
    lane(canvas, 50, "thread A", "rbrb")
    lane(canvas, 92, "thread B", "brbr")
    canvas.text(24, 155, "holds the GIL", "small faint")
    for turn, name in enumerate("ABAB"):
        canvas.rect(LEFT + TURN * turn + 1, 138, TURN - 2, 26, "box")
        canvas.text(LEFT + TURN * (turn + 0.5), 156, name, "small middle")

    canvas.text(24, 206, "Work that releases the GIL: both at once", "head")
    lane(canvas, 222, "thread A", "rr")
    lane(canvas, 264, "thread B", "rr")
    canvas.text(LEFT + TURN * 2 + 14, 264, "Both are done: half the time.")
    canvas.arrow(LEFT, 318, LEFT + TURN * 4, 318)
    canvas.text(24, 322, "time", "small faint")
    legend(canvas, 340)
    return canvas.svg()


def lane(canvas: Canvas, y: float, name: str, turns: str) -> None:
    """Draw a thread's turns: r for running, b for blocked."""
    canvas.text(24, y + 22, name)
    for turn, state in enumerate(turns):
        kind = "useful" if state == "r" else "blocked"
        canvas.rect(LEFT + TURN * turn + 1, y, TURN - 2, LANE, kind)
        if state == "r":
            canvas.text(LEFT + TURN * (turn + 0.5), y + 22, "computes", "white middle")


def legend(canvas: Canvas, y: float) -> None:
    """Say what the fills mean."""
    canvas.rect(LEFT, y, 26, 14, "useful")
    canvas.text(LEFT + 34, y + 12, "useful: on a core", "small")
    canvas.rect(LEFT + 190, y, 26, 14, "blocked")
    canvas.text(LEFT + 224, y + 12, "blocked: waits for the GIL", "small")
