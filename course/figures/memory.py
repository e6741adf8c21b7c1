"""What threads share, and what every process has of its own."""

from canvas import Canvas

ALT = (
    "Left, one process with three threads: one Python and one copy of the data, which all threads "
    "use. Right, a main process and two workers: each has a Python and a copy of the data of its "
    "own."
)


def draw() -> str:
    """Return the figure."""
    canvas = Canvas(ALT, 320)
    canvas.text(24, 34, "Threads share one memory", "head")
    process(canvas, 24, 240, "one process")
    for number in range(3):
        x = 64 + 80 * number
        thread(canvas, x, f"thread {number + 1}")
        canvas.arrow(x, 136, 144 + (x - 144) * 0.7, 160)

    canvas.text(312, 34, "Processes have one each", "head")
    for number, name in enumerate(("main process", "worker 1", "worker 2")):
        x = 312 + 132 * number
        process(canvas, x, 120, name)
        thread(canvas, x + 60, "1 thread")
        canvas.arrow(x + 60, 136, x + 60, 160)
    return canvas.svg()


def process(canvas: Canvas, x: float, width: float, name: str) -> None:
    """Draw a process with its data and its interpreter."""
    canvas.rect(x, 52, width, 244, "box", radius=8)
    canvas.text(x + width / 2, 74, name, "strong middle")
    middle = x + width / 2
    canvas.rect(x + 14, 164, width - 28, 56, "data")
    canvas.text(middle, 189, "data", "black middle")
    canvas.text(middle, 207, "and globals", "black middle small")
    canvas.rect(x + 14, 232, width - 28, 50, "box")
    canvas.text(middle, 254, "Python", "middle")
    canvas.text(middle, 272, "with its GIL", "middle small faint")


def thread(canvas: Canvas, x: float, name: str) -> None:
    """Draw a thread as a wave, with its name below."""
    canvas.text(x, 128, name, "middle small")
    wave = [(x - 14 + 7 * step, 97 + (6 if step % 2 else -6)) for step in range(5)]
    canvas.curve(wave, "line blue")
