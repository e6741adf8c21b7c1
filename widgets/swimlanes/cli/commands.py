"""The commands, each from its options to what it prints."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from swimlanes import __version__, hiding
from swimlanes.brief import quoted
from swimlanes.cli.options import json_option, options_of, save_option
from swimlanes.cli.table import print_report, print_table, print_text, progress
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.markup import legible
from swimlanes.options import ComparisonOptions, RunOptions, StudyOptions

if TYPE_CHECKING:
    from swimlanes.records import Record
    from swimlanes.scaling import R, Step
    from swimlanes.watching.block import Watch
    from swimlanes.watching.scripts import Script

_FILE = click.Path(dir_okay=False, path_type=Path)
FAILED = 1
"""The exit code of a command that was asked for in the right way, and failed."""


@click.group(context_settings={"show_default": True, "help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def commands() -> None:
    """See your Pool at work: measure parallel Python on this machine."""


@commands.command()
@options_of(RunOptions)
def run(as_json: bool, targets: tuple[str, ...], **request: Any) -> None:  # noqa: ANN401 - typed by click
    """Run tasks once and show what happened."""
    from swimlanes import measure

    _perform("run", lambda: measure.run(**request), targets, as_json)


@commands.command()
@options_of(StudyOptions)
def study(as_json: bool, targets: tuple[str, ...], **request: Any) -> None:  # noqa: ANN401
    """Measure the speedup over the number of workers."""
    from swimlanes.scaling import sweep

    title = f"{request['mode']} on 1 worker and more"
    _perform("study", lambda: _watched("The study", sweep, title, request), targets, as_json)


@commands.command()
@options_of(ComparisonOptions, repeats=3)
def compare(as_json: bool, targets: tuple[str, ...], **request: Any) -> None:  # noqa: ANN401
    """Measure the speedup in every way that works here, for the same work."""
    from swimlanes.comparing import comparing

    what = "The comparison"
    _perform("comparison", lambda: _watched(what, comparing, "serial", request), targets, as_json)


@commands.command(context_settings={"allow_interspersed_args": False})
@click.option("-m", "module", is_flag=True, help="Run a module instead, as python -m does.")
@save_option
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="SCRIPT [ARGUMENTS]...")
def watch(module: bool, targets: tuple[str, ...], command: tuple[str, ...]) -> Callable[[], None]:
    """Run a script as python does, and show what its workers do.

    On a terminal, their lanes show live. At the end, a summary of them is written to stderr.
    """
    from swimlanes import keep
    from swimlanes.watching.scripts import Script

    if not command:
        raise RequestError("There is no script to run. Give its file, or a module after -m.")
    for target in targets:
        keep.check_target(target, "run")
    script = Script(command, module)
    files = tuple(map(os.path.abspath, targets))  # the script may change the folder
    return partial(script.run, _live_lanes(), partial(_tell_watched, script, files))


def _live_lanes() -> Callable[[Watch], None] | None:
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") in (None, "dumb"):
        return None
    from swimlanes.cli.lanes import LiveLanes

    return LiveLanes(sys.stderr).show


def _tell_watched(script: Script, targets: tuple[str, ...], watch: Watch) -> None:
    with redirect_stderr(sys.__stderr__):
        try:
            with hiding.Told():  # files beside the script may hide what is imported only now
                print_text(*watch.sentences, stderr=True)
                if targets:
                    with _saved(watch.run, targets):
                        pass
        except SwimlanesError as error:
            click.echo(legible(str(error)), err=True)
            if targets and script.succeeded:
                _end_at_once()


def _end_at_once() -> None:
    """End with an exit code that Python has no other way to get so late."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(FAILED)


@commands.command()
@click.argument("file")
@save_option
def show(file: str, targets: tuple[str, ...]) -> None:
    """Show a run, study or comparison that was saved.

    FILE is a .json file that --save wrote, in this version or an older one. With --save, it is
    converted.
    """
    from swimlanes import keep

    record = keep.load(file)
    with _saved(record, targets):
        _tell(record)


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
    """Measure what measuring costs (about three minutes)."""
    from swimlanes import bench as benchmark

    report = benchmark.measure_all(lambda what: click.echo(f"{what} ...", err=True))
    if output is not None:
        benchmark.save(report, output)
    if as_json:
        click.echo(_json(report))
    else:
        rows = [(name, f"{value:.4g}") for name, value in report["ratios"].items()]
        print_table(("what", "measured"), rows)


@commands.command()
@click.option("--title", default="The class", help="What the wall is headed with.")
@click.option("--port", type=click.IntRange(1, 65535), default=8890, help="Where it listens.")
@click.option("--address", default="127.0.0.1", help="Where it listens; 0.0.0.0: everywhere.")
@click.option("--name", default="", help="How others reach this computer: its name or address.")
@click.option("--join-code", default="", help="The code to join, instead of a random one.")
@click.option("--certificate", type=_FILE, help="A certificate (PEM), so that all is encrypted.")
@click.option("--key", type=_FILE, help="The certificate's key (PEM), without a password.")
@click.option("--replay", metavar="CSV", help="Show a class again that the wall has saved.")
@click.option("--hub", is_flag=True, help="Be a service of a JupyterHub, which knows everybody.")
def wall(title: str, join_code: str, replay: str | None, hub: bool, **door: Any) -> None:  # noqa: ANN401
    """Show on one wall what a class shares from its panels.

    Everybody sees the curves of all, and nobody's name. The first lines say how to join.
    """
    from swimlanes.wall import recorded
    from swimlanes.wall.identity import Identity, JoinCode
    from swimlanes.wall.opening import Door, open_wall
    from swimlanes.wall.room import Classroom

    if hub:
        from swimlanes.wall.hub import HubIdentity

        if join_code:
            raise RequestError(
                f"With --hub nobody needs a code to join, and --join-code is {quoted(join_code)}: "
                "leave one of them out."
            )
        identity: Identity = HubIdentity.set_by_hub()
    else:
        identity = JoinCode(join_code)
    recording = recorded.read(replay) if replay else []
    try:
        open_wall(Classroom(title), identity, Door(**door), recording, click.echo)
    except KeyboardInterrupt:
        click.echo("The class is closed: nothing of it is kept.")


@commands.command()
@click.argument("folder")
def course_template(folder: str) -> None:
    """Write a small course to begin with: a lesson, an exercise with its check, a quiz.

    FOLDER is the folder to make; nothing of this name may be there yet. With - in its place, an
    archive of the folder my-course goes to standard output: swimlanes course-template - | tar
    --extract --keep-old-files
    """
    from swimlanes.cli.course import send_template, write_template
    from swimlanes.keep.files import as_path

    if folder == "-":
        send_template()
    else:
        write_template(as_path(folder))
        click.echo(f"A course is in {folder}. Its page 01-first-lesson.md is a lesson.", err=True)


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False)


def _watched(
    what: str, steps: Callable[..., Iterator[Step[R]]], first: str, request: dict[str, Any]
) -> R:
    """Show how many runs there are, how far they have come, and return their record."""
    from swimlanes.forecast import in_words

    with progress() as shown:
        bar = shown.add_task(legible(first), total=None)
        for step in steps(**request):
            name = legible(step.name) or None
            if step.done == 0 and not shown.disable:
                text = in_words(what, step.total, step.time_s)
                shown.console.print(text, markup=False, highlight=False)
            shown.update(bar, completed=step.done, total=step.total, description=name)
    assert step.record is not None
    return step.record


def _perform(
    kind: Literal["run", "study", "comparison"],
    measure: Callable[[], Record],
    targets: tuple[str, ...],
    as_json: bool,
) -> None:
    """Measure, and save and print the record."""
    from swimlanes import keep
    from swimlanes.records import Run

    for target in targets:
        keep.check_target(target, kind)
    with redirect_stdout(sys.stderr):  # what a module prints when it is imported
        record = measure()
    with _saved(record, targets):
        # All runs print the same.
        first = record if isinstance(record, Run) else record.serial_runs[0]
        click.echo(first.printed, err=True, nl=False)
        _tell(record, as_json)


@contextmanager
def _saved(record: Record, targets: tuple[str, ...]) -> Iterator[None]:
    """Save before anything is printed, because the reader may close the pipe early.

    If something could not be saved, this is said afterwards: it may have taken an hour to measure.
    """
    from swimlanes import keep

    refused = []
    for target in targets:
        try:
            keep.save(record, target)
            click.echo(f"Saved to {target}.", err=True)
        except SwimlanesError as error:  # the others are saved all the same
            refused.append(error)
    yield
    if refused:
        raise type(refused[0])("\n".join(map(str, refused)))


def _tell(record: Record, as_json: bool = False) -> None:
    from swimlanes.cli.words import print_comparison, print_run, print_study
    from swimlanes.records import Run, ScalingStudy

    if as_json:
        click.echo(_json(record.to_dict()))
    elif isinstance(record, Run):
        print_run(record)
    elif isinstance(record, ScalingStudy):
        print_study(record)
    else:
        print_comparison(record)
