"""Room for a picture: what stands below does not move when the picture grows."""

from __future__ import annotations

import re

from swimlanes.markup import Markup, markup

_SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


class Room:
    """The place of a picture, as high as the highest that stood in it since it was emptied.

    Parameters
    ----------
    least : int
        Its height at least, px at the picture's natural width.

    Attributes
    ----------
    height : int
        Its height now.
    """

    def __init__(self, least: int = 0) -> None:
        self._least = self.height = least

    def put(self, svg: Markup) -> Markup:
        """Return the picture in its place."""
        width, height = _size(svg)
        self.height = max(self.height, height)
        return markup('<div style="aspect-ratio:{}/{}">{}</div>', width, self.height, svg)

    def keep_for(self, svg: Markup) -> None:
        """Make the place as high as a picture that is still to come, and no higher."""
        self.height = max(self._least, _size(svg)[1])


def _size(svg: str) -> tuple[int, int]:
    found = _SIZE.search(svg)
    assert found is not None
    return int(found[1]), int(found[2])
