"""Tables, sentences and the doctor's page on the terminal, as wide as it is at most."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from swimlanes.brief import plural, size
from swimlanes.markup import legible
from swimlanes.modes import MODES

LEAST_WIDTH = 20
"""A terminal that says it is narrower, as ``COLUMNS=0`` does, is not believed."""
WIDEST = 100
"""Longer lines are hard to read; where there is no terminal, a line has 80 characters."""

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from swimlanes.doctor import Facts, Report


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


def print_text(*texts: str, stderr: bool = False) -> None:
    """Print texts; long lines are broken between words."""
    for text in texts:
        _console(stderr).print(legible(text), markup=False, emoji=False, highlight=False)


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


def print_report(report: Report) -> None:
    """Print a page: the verdict first."""
    colour = "green" if report.facts.speedup_possible else "yellow"
    click.secho(textwrap.fill(report.verdict, _width()), fg=colour, bold=True)
    click.secho("\nFacts", bold=True)
    _print_rows(_facts(report.facts))
    click.secho("\nWhat to do", bold=True)
    _print_rows([(f"{n}.", action) for n, action in enumerate(report.actions, 1)])


def _print_rows(rows: Sequence[tuple[str, str]]) -> None:
    """Print two columns; long text in the second one stays in it."""
    indent = max(len(label) for label, _ in rows) + 4
    for label, text in rows:
        lines = textwrap.fill(
            text,
            _width(),
            initial_indent=f"  {label}".ljust(indent),
            subsequent_indent=" " * indent,
            break_on_hyphens=False,
        )
        click.echo(lines)


def _width() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST)


def _facts(facts: Facts) -> list[tuple[str, str]]:
    room = facts.shared_memory_bytes
    load = "unknown" if facts.others_load is None else f"{facts.others_load:.2f} cores"
    return [
        ("usable cores", _cores(facts)),
        ("limits", " · ".join(limit.detail for limit in facts.limits if limit.cores is not None)),
        *_throttling(facts),
        ("load by others", load),
        *_emulation(facts),
        ("interpreter", f"{facts.interpreter}, Pool starts its workers with {facts.start_method}"),
        ("modes", ", ".join(mode for mode in MODES if mode not in facts.unavailable_modes)),
        ("memory", size(facts.memory_bytes)),
        ("room in /dev/shm", "none" if room is None else size(room)),
        ("participants", _participants(facts)),
    ]


def _emulation(facts: Facts) -> list[tuple[str, str]]:
    if not facts.emulated_on:
        return []
    return [("processor", f"{facts.emulated_on}, which emulates {facts.machine}")]


def _cores(facts: Facts) -> str:
    of_the_host = f"{facts.usable_cores} of the host's {facts.host_cores}"
    if facts.physical_cores == facts.usable_cores:
        return of_the_host
    return f"{of_the_host}, hardware threads of {plural(facts.physical_cores, 'physical core')}"


def _throttling(facts: Facts) -> list[tuple[str, str]]:
    if facts.quota is None or facts.throttled_s is None:
        return []
    return [("held back so far", f"{facts.throttled_s:.1f} core-seconds, by the quota")]


def _participants(facts: Facts) -> str:
    if not facts.participants:
        return "nobody can have two cores of their own"
    each = size(facts.memory_bytes // facts.participants)
    return f"{facts.participants} can have two cores of their own, and {each} of memory"
