"""What one tells the class, where there is a wall: a raised hand, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ipywidgets as widgets

from swimlanes.course import Lesson
from swimlanes.markup import markup
from swimlanes.shown import Shown
from swimlanes.start_page.hand import RaiseHand
from swimlanes.start_page.how_far import HowFar
from swimlanes.start_page.parts import show
from swimlanes.wall import client


class YourClass:
    """All that the start page has for a class; without a wall it is not seen.

    Attributes
    ----------
    hand : RaiseHand
        The own hand.
    how_far : HowFar
        Whether the class is told how far one is.
    whole : VBox
        All of it.
    """

    def __init__(self, folder: Path, lessons: Sequence[Lesson]) -> None:
        self.hand = RaiseHand()
        self.how_far = HowFar(folder, lessons)
        head = Shown(markup("<strong>Your class</strong>"))
        self.whole = widgets.VBox([head, self.hand.whole, self.how_far.whole])
        show(self.whole, False)

    def look(self) -> None:
        """Tell what is to be told, and show how it stands."""
        show(self.whole, client.find() is not None)
        self.hand.look()
        self.how_far.look()
