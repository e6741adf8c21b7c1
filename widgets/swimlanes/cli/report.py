"""What the doctor found, for people: the verdict, the facts, what to do."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING

import click

from swimlanes.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from swimlanes.doctor import Facts, Report

WIDEST = 100
"""Longer lines are hard to read; where there is no terminal, a line has 80 characters."""


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
        first = f"  {label}".ljust(indent)
        lines = textwrap.fill(
            text,
            _width(),
            initial_indent=first,
            subsequent_indent=" " * indent,
            break_on_hyphens=False,
        )
        click.echo(lines)


def _width() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST)


def _facts(facts: Facts) -> list[tuple[str, str]]:
    load = "unknown" if facts.others_load is None else f"{facts.others_load:.2f} cores"
    return [
        ("usable cores", _cores(facts)),
        ("limits", " · ".join(limit.detail for limit in facts.limits if limit.cores is not None)),
        *_throttling(facts),
        ("load by others", load),
        ("interpreter", f"{facts.interpreter}, Pool starts its workers with {facts.start_method}"),
        ("modes", ", ".join(mode for mode in MODES if mode not in facts.unavailable_modes)),
        ("memory", _size(facts.memory_bytes)),
        ("room in /dev/shm", _size(facts.shared_memory_bytes)),
        ("participants", _participants(facts)),
    ]


def _cores(facts: Facts) -> str:
    of_the_host = f"{facts.usable_cores} of the host's {facts.host_cores}"
    if facts.physical_cores == facts.usable_cores:
        return of_the_host
    return f"{of_the_host}, hardware threads of {facts.physical_cores} physical"


def _throttling(facts: Facts) -> list[tuple[str, str]]:
    if facts.quota is None or facts.throttled_s is None:
        return []
    return [("held back so far", f"{facts.throttled_s:.1f} core-seconds, by the quota")]


def _participants(facts: Facts) -> str:
    if not facts.participants:
        return "nobody can have two cores of their own"
    each = _size(facts.memory_bytes // facts.participants)
    return f"{facts.participants} can have two cores of their own, and {each} of memory"


def _size(size_bytes: int | None) -> str:
    if size_bytes is None:
        return "none"
    mib = size_bytes / 2**20
    return f"{mib / 1024:.1f} GiB" if mib >= 1024 else f"{mib:.0f} MiB"
