"""What the doctor found, for people."""

from __future__ import annotations

from typing import Any

import click

from swimlanes.cli.table import print_table


def print_report(verdict: str, facts: dict[str, Any]) -> None:
    """Print the verdict, then the facts it rests on."""
    load = facts["others_load"]
    limits = ", ".join(limit["detail"] for limit in facts["limits"])
    rows = [
        ("usable cores", f"{facts['usable_cores']} of the host's {facts['host_cores']}"),
        ("limits", limits),
        ("interpreter", facts["interpreter"]),
        ("start method", facts["start_method"]),
        ("memory", f"{facts['memory_bytes'] / 2**30:.1f} GiB"),
        ("load by others", "unknown" if load is None else f"{load:.2f} cores"),
    ]
    click.echo(verdict)
    print_table(("fact", "value"), rows)
