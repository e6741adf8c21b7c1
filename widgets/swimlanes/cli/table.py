"""Tables and sentences on the terminal, as wide as it is at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from swimlanes.markup import legible

LEAST_WIDTH = 20
"""A terminal that says it is narrower, as ``COLUMNS=0`` does, is not believed."""

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows below a head; the first column to the left, numbers to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for number, name in enumerate(head):
        table.add_column(Text(legible(name)), justify="right" if number else "left")
    for row in rows:
        table.add_row(*(Text(legible(cell)) for cell in row))
    _console().print(table)


def print_text(text: str) -> None:
    """Print a text; long lines are broken between words."""
    _console().print(legible(text), markup=False, emoji=False, highlight=False)


def progress() -> Progress:
    """Return bars for what goes on, on a terminal only; what they are called is text."""
    from rich.progress import Progress, TextColumn

    console = _console(stderr=True)
    name = TextColumn("{task.description}", markup=False)
    columns = (name, *Progress.get_default_columns()[1:])
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _console(stderr: bool = False) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr)
    console.width = console.width if console.width >= LEAST_WIDTH else 80
    return console
