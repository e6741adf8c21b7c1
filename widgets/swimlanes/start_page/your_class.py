"""What one tells the class, where there is a wall: a raised hand, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ipywidgets as widgets

from swimlanes.course import Lesson
from swimlanes.markup import Markup, markup
from swimlanes.shown import Shown
from swimlanes.start_page.hand import RaiseHand
from swimlanes.start_page.how_far import HowFar
from swimlanes.start_page.joining import Joining
from swimlanes.wall import client


class YourClass:
    """All that the start page has for a class.

    Attributes
    ----------
    hand : RaiseHand
        The own hand.
    how_far : HowFar
        Whether the class is told how far one is.
    joining : Joining
        The way to the class.
    whole : VBox
        All of it.
    """

    def __init__(self, folder: Path, lessons: Sequence[Lesson]) -> None:
        self.hand = RaiseHand()
        self.how_far = HowFar(folder, lessons)
        self.joining = Joining()
        self._head = Shown(_head(None))
        parts = [self.hand.whole, self.how_far.whole, self.joining.whole]
        self.whole = widgets.VBox([self._head, *parts])

    def look(self) -> None:
        """Tell what is to be told, and show how it stands."""
        place = client.find()
        self._head.value = _head(place)
        self.joining.look(place)
        self.hand.look()
        self.how_far.look()


def _head(place: client.Place | None) -> Markup:
    """Return the heading, with the way to the wall's page, on which the own curve stands out."""
    if place is None:
        return markup("<strong>Your class</strong>")
    return markup(
        '<strong>Your class</strong>, on its wall: <a href="{}" target="_blank" '
        'rel="noopener noreferrer">{}</a>',
        place.page,
        place.shown,
    )
