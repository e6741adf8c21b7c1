"""What a notebook shows of a watched block: the lanes while it goes on, and more when it is over.

It is HTML without widgets, so it stays in the notebook's file and shows everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from secrets import token_hex
from typing import Any

from IPython.display import display

from swimlanes import drawing, figures
from swimlanes.drawing.look import INK, PAPER
from swimlanes.markup import NOTHING, Markup, join, markup
from swimlanes.watching.block import Watch
from swimlanes.watching.seen import timeline


class Page:
    """The place below a cell where its lanes show."""

    def __init__(self) -> None:
        self._name = f"swimlanes-{token_hex(4)}"
        self._handle: Any = display(_both(NOTHING, ""), raw=True, display_id=True)

    def show(self, watch: Watch) -> None:
        """Show what was seen so far; when the block is over, also the sentences about it."""
        parts = [*(_whole if watch.over else _so_far)(watch, self._name)]
        shown = parts and markup(
            '<div role="group" aria-label="Lanes of this cell" '
            'style="max-width:720px;overflow-x:auto;padding:8px;background:{};color:{}">{}</div>',
            PAPER,
            INK,
            join(parts),
        )
        said = "\n".join(watch.sentences if watch.over else ())
        self._handle.update(_both(shown or NOTHING, said), raw=True)


def _both(shown: Markup, said: str) -> dict[str, str]:
    """Return what a notebook shows, and what stays where a notebook is turned into text."""
    return {"text/html": shown, "text/plain": said}


def print_at_end(watch: Watch) -> None:
    """Print the sentences, for a terminal, which shows no pictures."""
    if watch.over:
        print("\n".join(watch.sentences))


def _so_far(watch: Watch, name: str) -> Iterator[Markup]:
    yield from (markup("<p><strong>{}</strong></p>", fault) for fault in watch.faults)
    if watch.seen.lanes:
        yield drawing.lanes(timeline(watch.seen), name)


def _whole(watch: Watch, name: str) -> Iterator[Markup]:
    if watch.has_run:
        yield drawing.lanes(watch.run.timeline, name)
    yield from (markup("<p>{}</p>", sentence) for sentence in watch.sentences)
    if watch.has_run:
        parts = (
            figures.account(watch.run)._repr_html_(),
            figures.core_load(watch.run)._repr_html_(),
            drawing.run_table(watch.run),
        )
        yield markup("<details><summary>{}</summary>{}</details>", _DETAILS, join(parts))


_DETAILS = "Where the time of the workers went, the load of the cores, a table of the calls"
