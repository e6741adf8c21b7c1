"""Runs and studies in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from swimlanes.cli.table import print_table

if TYPE_CHECKING:
    from swimlanes.records import Run, ScalingStudy


def run_in_words(record: Run) -> str:
    """Say how long a run took."""
    lanes = len({task.worker for task in record.tasks})
    return (
        f"{record.mode}: {record.tasks_count} tasks on {lanes} of {record.workers} workers "
        f"in {record.wall_time_s:.3f} s\n"
        f"start-up {record.startup_s * 1e3:.1f} ms, map {record.map_s:.3f} s, "
        f"CPU time {record.cpu_time_s:.3f} s, usable cores {record.usable_cores}"
    )


def print_study(record: ScalingStudy) -> None:
    """Print a line for every number of workers."""
    rows = [
        (
            str(point.workers),
            f"{record.serial_s / point.speedup:.3f}",
            f"{point.speedup:.2f}",
            "{:.2f}–{:.2f}".format(*point.speedup_spread),
            f"{point.ceiling:.2f}",
            f"{point.efficiency:.0%}",
            "disturbed" if point.disturbed else "",
        )
        for point in record.points
    ]
    click.echo(
        f"{record.mode}, tasks: {record.tasks_count}, usable cores: {record.usable_cores}, "
        f"serial: {record.serial_s:.3f} s"
    )
    head = ("workers", "time s", "speedup", "spread", "ceiling", "efficiency", "remark")
    print_table(head, rows)
    if any(point.disturbed for point in record.points):
        click.echo("Disturbed: other programs used the cores meanwhile. Close them and repeat.")
