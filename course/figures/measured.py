"""Comparisons of all modes that were measured, one below the other on a card."""

from __future__ import annotations

from pathlib import Path

from canvas import WIDTH, Canvas, height_at

from swimlanes import drawing, load

EDGE, GAP = 24, 16


def comparisons(alt: str, names: tuple[str, ...]) -> str:
    """Return a figure of what `swimlanes compare --save NAME.json` wrote into this folder."""
    records = {name: load(Path(__file__).with_name(f"{name}.json")) for name in names}
    pictures = [drawing.comparison(record, name) for name, record in records.items()]
    width = WIDTH - 2 * EDGE
    heights = [round(height_at(picture, width)) + GAP for picture in pictures]
    canvas, y = Canvas(alt, 2 * EDGE + sum(heights)), EDGE
    for picture, height in zip(pictures, heights, strict=True):
        canvas.picture(EDGE, y, width, picture)
        y += height
    return canvas.svg()
