"""The four things that limit the cores, and the smallest that wins."""

from canvas import Canvas

ALT = (
    "Four limits as rows of eight squares. Host: 8 cores. Cpuset: pinned to 4 of them. "
    "Quota: time for 2. Environment: libraries are told 4. Usable: 2, the smallest."
)

ROWS = (
    ("host", 8, "has 8 cores"),
    ("cpuset", 4, "pins you to 4 of them"),
    ("quota", 2, "gives you the time of 2"),
    ("environment", 4, "tells libraries to use 4"),
)
SIDE, STEP, LEFT = 30, 36, 140


def draw() -> str:
    """Return the figure."""
    canvas = Canvas(ALT, 290)
    canvas.text(24, 34, "Four limits on one host", "head")
    for row, (name, count, words) in enumerate(ROWS):
        squares(canvas, 56 + 42 * row, name, count, words)
    canvas.line(24, 228, 696, 228, "axis")
    squares(canvas, 240, "usable", min(count for _, count, _ in ROWS), "The smallest wins.")
    return canvas.svg()


def squares(canvas: Canvas, y: float, name: str, count: int, words: str) -> None:
    """Draw eight cores, of which `count` may be used."""
    canvas.text(24, y + 20, name, "strong")
    for core in range(8):
        kind = "useful" if core < count else "gap"
        canvas.rect(LEFT + STEP * core, y, SIDE, SIDE, kind)
        if core < count:
            canvas.text(LEFT + STEP * core + SIDE / 2, y + 20, str(core + 1), "white middle")
    canvas.text(LEFT + STEP * 8 + 16, y + 20, words)
