"""Settings that are needed less often, folded behind *More*."""

from __future__ import annotations

import ipywidgets as widgets

from swimlanes.modes import SCHEDULES, start_methods
from swimlanes.panel import choices
from swimlanes.panel.folds import Fold
from swimlanes.panel.named import choice, with_slider
from swimlanes.panel.request import MOST_WORKERS, Request


class Settings:
    """Task lengths, schedule, chunk size, start method, and whether very many workers may be.

    Parameters
    ----------
    first : Request
        What they show at first.
    many : bool
        Whether very many workers may be chosen at first.
    """

    def __init__(self, first: Request, many: bool) -> None:
        methods = start_methods()
        given = first.options
        self.lengths = choice("Task lengths", choices.lengths(given["lengths"]), given["lengths"])
        self.schedule = choice("Schedule", SCHEDULES, given["schedule"])
        sizes = choices.chunksizes(given["chunksize"])
        self.chunksize = choice("Chunk size", sizes, given["chunksize"] or 0)
        self.start_method = choice("Start method", methods, given["start_method"] or methods[0])
        self.many = widgets.Checkbox(
            value=many, description=f"up to {MOST_WORKERS} workers", indent=False
        )
        parts = [self.lengths, self.schedule, with_slider(self.chunksize)]
        self.fold = Fold("More", [*parts, self.start_method, self.many])
