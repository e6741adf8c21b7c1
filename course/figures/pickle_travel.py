"""How an input gets to a worker, and how its result comes back."""

from canvas import Canvas

ALT = (
    "The way of one task. The main process turns the input into bytes (pickle), a pipe carries "
    "them, the worker makes an object of them and computes. The result goes back in the same way. "
    "Seven steps, one of them is the work."
)

THERE, BACK = 86, 226


def draw() -> str:
    """Return the figure."""
    canvas = Canvas(ALT, 330)
    for x, name in ((20, "main process"), (490, "worker")):
        canvas.rect(x, 24, 210, 270, "box", radius=8)
        canvas.text(x + 105, 48, name, "strong middle")
    step(canvas, 44, THERE, "1  pickle", "input → bytes")
    pipe(canvas, THERE, "2  send", 1)
    step(canvas, 514, THERE, "3  unpickle", "bytes → input")
    canvas.arrow(595, 132, 595, 150)
    canvas.rect(514, 154, 162, 46, "useful")
    canvas.text(595, 182, "4  compute", "white middle")
    canvas.arrow(595, 202, 595, 222)
    step(canvas, 514, BACK, "5  pickle", "result → bytes")
    pipe(canvas, BACK, "6  send", -1)
    step(canvas, 44, BACK, "7  unpickle", "bytes → result")
    canvas.text(360, 170, "Only step 4 is work.", "middle strong")
    canvas.text(360, 190, "All others are the price.", "middle")
    canvas.text(360, 316, "Large inputs and results make steps 1 to 3 and 5 to 7 long.", "middle")
    return canvas.svg()


def step(canvas: Canvas, x: float, y: float, name: str, words: str) -> None:
    """Draw a step that happens in a process."""
    canvas.rect(x, y, 162, 46, "box")
    canvas.text(x + 81, y + 20, name, "middle strong")
    canvas.text(x + 81, y + 37, words, "middle small")


def pipe(canvas: Canvas, y: float, name: str, direction: int) -> None:
    """Draw the pipe between the processes; it leads to the right if `direction` is 1."""
    ends = (212, 508)[::direction]
    canvas.arrow(ends[0], y + 23, ends[1], y + 23)
    canvas.text(360, y + 14, name, "middle strong")
    canvas.text(360, y + 40, "bytes in a pipe", "middle small")
