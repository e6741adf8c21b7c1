"""Threads, processes, or neither: the questions in their order."""

from canvas import Canvas

ALT = (
    "Questions from top to bottom; the first yes decides. Is it fast enough? Leave it. Can better "
    "code do it? Improve the code first. Do the tasks mostly wait? Threads. Does the computing "
    "release the GIL, or is this a Python without GIL? Threads. Do inputs and results travel "
    "cheaply? Processes. Otherwise larger tasks or shared memory, then processes."
)

QUESTIONS = (
    ("Is it fast enough?", "", "Leave it."),
    ("Can better code do it?", "another algorithm, NumPy", "Improve the code first."),
    ("Do the tasks mostly wait?", "network, disk, a database", "Threads"),
    ("Does the computing release the GIL?", "NumPy, hashing; or a Python without GIL", "Threads"),
    ("Do inputs and results travel cheaply?", "sending is short beside computing", "Processes"),
)
STEP = 74


def draw() -> str:
    """Return the figure."""
    canvas = Canvas(ALT, 474)
    for number, (question, hint, answer) in enumerate(QUESTIONS):
        ask(canvas, 20 + STEP * number, question, hint, answer)
    y = 20 + STEP * len(QUESTIONS)
    canvas.rect(24, y, 330, 60, "useful")
    canvas.text(189, y + 26, "Larger tasks, or shared memory.", "white middle")
    canvas.text(189, y + 46, "Then processes.", "white middle")
    canvas.text(400, y + 26, "One machine is not enough?")
    canvas.text(400, y + 46, "The same map on several: lesson 10.")
    return canvas.svg()


def ask(canvas: Canvas, y: float, question: str, hint: str, answer: str) -> None:
    """Draw a question with its two ways out."""
    canvas.rect(24, y, 330, 50, "box")
    canvas.text(189, y + (21 if hint else 30), question, "middle strong")
    canvas.text(189, y + 39, hint, "middle small")
    canvas.arrow(354, y + 25, 436, y + 25)
    canvas.text(392, y + 18, "yes", "middle small")
    canvas.rect(440, y + 3, 256, 44, "useful")
    canvas.text(568, y + 30, answer, "white middle")
    canvas.arrow(189, y + 50, 189, y + STEP - 3)
    canvas.text(200, y + 67, "no", "small")
