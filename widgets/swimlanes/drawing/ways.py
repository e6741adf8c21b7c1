"""How the ways of a comparison look."""

from __future__ import annotations

from typing import NamedTuple

from swimlanes.drawing import look
from swimlanes.records import Way


class Style(NamedTuple):
    """A colour, a pattern of dashes, and a marker as the path around its middle."""

    colour: str
    dashes: str
    shape: str


def style_of(way: Way) -> Style:
    """Return how a way looks: like its mode, or like its start method if that is known here."""
    if way.start_method not in look.START_COLOURS:
        return Style(
            look.MODE_COLOURS[way.mode], look.MODE_DASHES[way.mode], look.MODE_SHAPES[way.mode]
        )
    method = way.start_method
    return Style(look.START_COLOURS[method], look.START_DASHES[method], look.START_SHAPES[method])
