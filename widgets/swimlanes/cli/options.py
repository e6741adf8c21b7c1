"""The options that commands share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from swimlanes.brief import shown
from swimlanes.modes import MODES, SCHEDULES, start_methods
from swimlanes.workloads import LENGTHS, WORKLOADS

Command = Callable[..., None]


def read_list(value: str) -> list[Any]:
    """Return inputs or arguments of a participant's own function: a JSON list, or a file with one.

    Raises
    ------
    click.BadParameter
        If it is neither.
    """
    from swimlanes.keep import files  # slow to import

    try:
        inputs = json.loads(value if value.lstrip().startswith("[") else files.read(value))
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise click.BadParameter(
            f"{shown(value)} is neither a JSON list nor a file with one ({files.reason(error)})."
        ) from error
    if not isinstance(inputs, list):
        raise click.BadParameter(f"the file {shown(value)} holds no JSON list.")
    return inputs


def work_options(command: Command) -> Command:
    """Add the options that say what is to be done."""
    return _add(
        command,
        click.option(
            "--workload", default="count-down",
            help=f"One of {', '.join(WORKLOADS)}; or your own function as module:function.",
        ),
        click.option(
            "--inputs", type=read_list, metavar="JSON",
            help="Inputs of your own function: a JSON list such as [1,2,3], or a file with one.",
        ),
        click.option("--tasks", type=int, default=16, help="Number of tasks."),
        click.option("--task-ms", type=float, default=50.0, help="Length of a task, ms of work."),
        click.option(
            "--task-bytes", type=int, default=1_000_000,
            help="Size of a task of payload and memory.",
        ),
        click.option(
            "--lengths", default="equal",
            help=f"Of the tasks: {', '.join(LENGTHS)}, or factors such as 1,8,1.5,2.",
        ),
        click.option(
            "--initializer", metavar="MODULE:FUNCTION", help="What each worker calls first.",
        ),
        click.option(
            "--initargs", type=read_list, metavar="JSON", default="[]",
            help="Arguments of the initializer: a JSON list, or a file with one.",
        ),
        click.option(
            "--warmup", type=int, default=0, metavar="N",
            help="Calls of the function in each worker before the clock.",
        ),
    )  # fmt: skip


def way_options(command: Command) -> Command:
    """Add the options that say how it is to be done."""
    return _add(
        schedule_options(command),
        click.option("--mode", default="processes", help=f"One of {', '.join(MODES)}."),
        click.option("--threads", type=int, help="Of each worker, if nested.  [default: 2]"),
        click.option(
            "--start-method",
            help=f"Of processes: {', '.join(start_methods())}.  [default: Python's]",
        ),
    )


def schedule_options(command: Command) -> Command:
    """Add the options that say how tasks are handed out, in whatever mode."""
    return _add(
        command,
        click.option("--schedule", default="map", help=f"One of {', '.join(SCHEDULES)}."),
        click.option(
            "--chunksize", type=int,
            help="Tasks a worker takes at a time.  [default: the schedule's]",
        ),
        click.option(
            "--limit", "limit_s", type=float, metavar="SECONDS",
            help="End the run if a task takes longer.",
        ),
        click.option(
            "--cluster", metavar="ADDRESS",
            help="Of a Dask scheduler, in the mode cluster; without one it is started here.  "
            "[env: SWIMLANES_CLUSTER]",
        ),
    )  # fmt: skip


check_results_option = click.option(
    "--no-check-results", "check_results", is_flag=True, flag_value=False, default=True,
    help="Do not compare what the runs returned: results need not repeat.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
save_option = click.option(
    "--save", "--figure", "targets", multiple=True, metavar="FILE",
    help="Save to .json (to open it again), .csv, .trace.json (a run, for Perfetto), .svg or "
    ".png. May be given several times.",
)  # fmt: skip


def _add(command: Command, *options: Callable[[Command], Command]) -> Command:
    """Add options; they are listed in this order."""
    for option in reversed(options):
        command = option(command)
    return command
