"""The command line: ``swimlanes run``, ``study``, ``doctor`` and ``bench``."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from swimlanes import __version__
from swimlanes.errors import SwimlanesError
from swimlanes.modes import MODES, start_methods
from swimlanes.workloads import WORKLOADS

if TYPE_CHECKING:
    from swimlanes.records import Run, ScalingStudy

FAILED, WRONG_USE, INTERRUPTED, ENDED = 1, 2, 128 + signal.SIGINT, 128 + signal.SIGTERM

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


@click.group(context_settings={"show_default": True, "help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def commands() -> None:
    """See your Pool at work: measure parallel Python on this machine."""


@commands.command()
@work_options
@click.option("--workers", type=int, help="Number of workers.  [default: the usable cores]")
@click.option("--chunksize", type=int, help="Tasks a worker takes at a time.  [default: map's]")
@click.option("--start-method", help=f"One of {', '.join(start_methods())}.  [default: Python's]")
@json_option
def run(as_json: bool, **request: Any) -> None:  # noqa: ANN401 - click gives each its type
    """Run tasks once and show what happened."""
    from swimlanes import measure

    record = measure.run(**request)
    click.echo(_json(record.to_dict()) if as_json else _run_in_words(record))


@commands.command()
@work_options
@click.option("--max-workers", type=int, help="Largest number.  [default: usable cores + 3]")
@click.option("--repeats", type=int, default=5, help="Repetitions of every run.")
@click.option("--figure", type=click.Path(dir_okay=False, path_type=Path), help="Save the curve.")
@json_option
def study(as_json: bool, figure: Path | None, **request: Any) -> None:  # noqa: ANN401
    """Measure the speedup over the number of workers."""
    if figure is not None:
        _check_figure(figure)
    record = _study_with_progress(request)
    if figure is not None:
        _save_figure(record, figure)
        click.echo(f"Saved the curve to {figure}.", err=True)
    if as_json:
        click.echo(_json(record.to_dict()))
    else:
        _print_study(record)


@commands.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say whether a speedup can be shown here, and why not."""
    from swimlanes.doctor import examine

    report = examine()
    if as_json:
        click.echo(_json(report.to_dict()))
    else:
        _print_report(report.verdict, report.to_dict())


@commands.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Save the JSON.")
@json_option
def bench(as_json: bool, output: Path | None) -> None:
    """Measure what measuring costs, as ratios within one run (about a minute)."""
    from swimlanes import bench as benchmark

    report = benchmark.measure_all(lambda what: click.echo(f"{what} ...", err=True))
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(_json(report) + "\n", encoding="utf-8")
    if as_json:
        click.echo(_json(report))
    else:
        rows = [(name, f"{value:.4g}") for name, value in report["ratios"].items()]
        _print_table(("what", "measured"), rows)


def main() -> NoReturn:
    """Run the command line: any failure is one sentence on stderr and a non-zero exit code."""
    signal.signal(signal.SIGTERM, _end)
    try:
        commands.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        _fail(error.format_message(), WRONG_USE)
    except click.ClickException as error:
        command = (
            error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        )
        hint = f" See {command} --help." if command else ""
        _fail(error.format_message() + hint, WRONG_USE)
    except SwimlanesError as error:
        _fail("\n".join(filter(None, (str(error), error.detail))), FAILED)
    except (click.Abort, KeyboardInterrupt):
        _fail("Interrupted; the run was ended and nothing is left of it.", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        sys.stderr.close()
        sys.exit(FAILED)
    sys.exit(0)


def _end(*_: object) -> NoReturn:
    raise SystemExit(ENDED)


def _fail(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False)


def _run_in_words(record: Run) -> str:
    lanes = len({task.worker for task in record.tasks})
    return (
        f"{record.mode}: {record.tasks_count} tasks on {lanes} of {record.workers} workers "
        f"in {record.wall_time_s:.3f} s\n"
        f"start-up {record.startup_s * 1e3:.1f} ms, map {record.map_s:.3f} s, "
        f"CPU time {record.cpu_time_s:.3f} s, usable cores {record.usable_cores}"
    )


def _study_with_progress(request: dict[str, Any]) -> ScalingStudy:
    from rich.console import Console
    from rich.progress import Progress

    from swimlanes import scaling

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(f"{request['mode']} on 1 worker and more", total=None)

        def show(done: int, total: int, _: ScalingStudy | None) -> None:
            progress.update(bar, completed=done, total=total)

        return scaling.study(**request, on_progress=show)


def _print_study(record: ScalingStudy) -> None:
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
    _print_table(head, rows)
    if any(point.disturbed for point in record.points):
        click.echo("Disturbed: other programs used the cores meanwhile. Close them and repeat.")


def _print_report(verdict: str, facts: dict[str, Any]) -> None:
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
    _print_table(("fact", "value"), rows)


def _print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(*head, box=SIMPLE)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _check_figure(path: Path) -> None:
    """Refuse a file that could not be saved before an hour of measuring, not after."""
    from matplotlib.backend_bases import FigureCanvasBase

    kinds = FigureCanvasBase.get_supported_filetypes()
    if path.suffix.lstrip(".").lower() not in kinds:
        raise SwimlanesError(
            f"The figure's name {path.name!r} must end in a format that can be drawn, such as .png "
            "or .svg."
        )
    if not path.absolute().parent.is_dir():
        raise SwimlanesError(f"The figure cannot be saved to {str(path)!r}: make the folder first.")


def _save_figure(record: ScalingStudy, path: Path) -> None:
    from matplotlib.figure import Figure

    from swimlanes import figures

    canvas = Figure(figsize=(6.4, 4.8), layout="constrained")
    figures.speedup(record, canvas.subplots())
    try:
        canvas.savefig(path, dpi=150)
    except OSError as error:
        raise SwimlanesError(
            f"The figure cannot be saved to {str(path)!r} ({error.strerror})."
        ) from error
