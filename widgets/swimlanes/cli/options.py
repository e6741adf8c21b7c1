"""The options that commands share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

import click

from swimlanes import hiding, options
from swimlanes.brief import shown
from swimlanes.workloads import WORKLOADS

Command = Callable[..., None]


def read_list(value: str) -> list[Any]:
    """Return inputs or arguments of a participant's own function: a JSON list, or a file with one.

    Raises
    ------
    click.BadParameter
        If it is neither.
    """
    with hiding.Told():
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


_ONLY_HERE: dict[str, dict[str, Any]] = {
    "initializer": {"metavar": "MODULE:FUNCTION"},
    "initargs": {"type": read_list, "metavar": "JSON", "default": "[]"},
    "limit_s": {"flag": "--limit", "metavar": "SECONDS"},
    "cluster": {"metavar": "ADDRESS"},
}
"""Options that differ on the command line from those in Python."""


def options_of(group: type, **defaults: Any) -> Callable[[Command], Command]:  # noqa: ANN401
    """Return what gives a command its options: the work, a `TypedDict`'s, --save and --json."""
    work: tuple[Callable[[Command], Command], ...] = (
        click.option(
            "--workload", default="count-down",
            help=f"One of {', '.join(WORKLOADS)}; or your own function as module:function.",
        ),
        click.option(
            "--inputs", type=read_list, metavar="JSON",
            help="Inputs of your own function: a JSON list such as [1,2,3], or a file with one.",
        ),
    )  # fmt: skip

    def decorate(command: Command) -> Command:
        own = map(_option, options.options_of(group, **defaults))
        given: list[Callable[[Command], Command]] = [*work, *own, save_option, json_option]
        for add in reversed(given):
            command = add(command)
        return command

    return decorate


def _option(option: options.Option) -> Callable[[Command], Command]:
    """Return an option of the command line; its help is the first sentence that is told of it."""
    values = {"default": option.default} | _ONLY_HERE.get(option.name, {})
    flag = values.pop("flag", "--" + option.name.replace("_", "-"))
    if option.hint is bool:
        flag += f"/--no-{flag[2:]}"
    else:
        known = (option.hint, *get_args(option.hint))
        values.setdefault("type", next((kind for kind in (int, float) if kind in known), str))
    sentence = " ".join(option.about.replace("``", "").split()).partition(". ")[0]
    return click.option(flag, option.name, help=sentence.rstrip(".") + ".", **values)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
save_option = click.option(
    "--save", "--figure", "targets", multiple=True, metavar="FILE",
    help="Save to .json (to open it again), .csv, .trace.json (a run, for Perfetto), .svg or "
    ".png. May be given several times.",
)  # fmt: skip
