"""The commands, each from its options to what it prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from swimlanes import __version__
from swimlanes.cli.options import json_option, work_options
from swimlanes.cli.report import print_report
from swimlanes.cli.table import print_table
from swimlanes.cli.words import print_study, run_in_words
from swimlanes.errors import SwimlanesError
from swimlanes.modes import start_methods

if TYPE_CHECKING:
    from swimlanes.records import ScalingStudy


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
    click.echo(_json(record.to_dict()) if as_json else run_in_words(record))


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
    record = _measure_study(request)
    if figure is not None:
        _save_figure(record, figure)
        click.echo(f"Saved the curve to {figure}.", err=True)
    if as_json:
        click.echo(_json(record.to_dict()))
    else:
        print_study(record)


@commands.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say whether a speedup can be shown here, and why not."""
    from swimlanes.doctor import examine

    report = examine()
    if as_json:
        click.echo(_json(report.to_dict()))
    else:
        print_report(report)


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
        print_table(("what", "measured"), rows)


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False)


def _measure_study(request: dict[str, Any]) -> ScalingStudy:
    from rich.console import Console
    from rich.progress import Progress

    from swimlanes import scaling

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(f"{request['mode']} on 1 worker and more", total=None)

        def show(done: int, total: int, _: ScalingStudy | None) -> None:
            progress.update(bar, completed=done, total=total)

        return scaling.study(**request, on_progress=show)


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
