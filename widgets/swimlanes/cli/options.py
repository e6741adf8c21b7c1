"""The options that commands share."""

from __future__ import annotations

from collections.abc import Callable

import click

from swimlanes.modes import MODES
from swimlanes.workloads import WORKLOADS

Command = Callable[..., None]


def work_options(command: Command) -> Command:
    """Add the options that say what is to be done."""
    for option in (
        click.option("--task-ms", type=float, default=50.0, help="Length of a task, ms of work."),
        click.option("--tasks", type=int, default=16, help="Number of equal tasks."),
        click.option("--workload", default="count-down", help=f"One of {', '.join(WORKLOADS)}."),
        click.option("--mode", default="processes", help=f"One of {', '.join(MODES)}."),
    ):
        command = option(command)
    return command


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
