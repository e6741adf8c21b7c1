"""The command line: ``swimlanes run``, ``study``, ``compare``, ``show``, ``doctor``, ``bench``."""

from __future__ import annotations

import os
import signal
import sys
from io import TextIOWrapper
from typing import NoReturn

from swimlanes import hiding
from swimlanes.brief import cut
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.markup import legible

try:
    import click

    from swimlanes.cli.commands import commands
    from swimlanes.cli.signals import heard
except Exception as error:  # a file may hide what these need
    if sentence := hiding.told_by_error(error):
        sys.exit(sentence)
    raise

__all__ = ["main"]

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 128 + signal.SIGINT


def main() -> NoReturn:
    """Run the command line: any failure is one sentence on stderr and a non-zero exit code.

    Wrong use ends with 2, a failure with 1, an interrupt with 130, and SIGTERM with 143.
    """
    _show_what_can_be_shown()
    try:
        with heard(), hiding.Told():
            commands.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        _fail(error.format_message(), WRONG_USE)
    except click.ClickException as error:
        _fail(cut(error.format_message()) + _hint(error), WRONG_USE)
    except SwimlanesError as error:
        code = WRONG_USE if isinstance(error, RequestError) else FAILED
        _fail("\n".join(filter(None, (str(error), error.detail))), code)
    except (click.Abort, KeyboardInterrupt):
        _fail("Interrupted: what went on was ended, and nothing is left of it.", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        sys.stderr.close()
        sys.exit(FAILED)
    except OSError as error:
        click.echo(f"That could not be read or written: {error.strerror}.", err=True)
        os._exit(FAILED)  # what is still to be written would fail again
    sys.exit(0)


def _show_what_can_be_shown() -> None:
    """Replace characters that the terminal does not know, instead of failing over them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _hint(error: click.ClickException) -> str:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    return f" See {command} --help." if command else ""


def _fail(sentence: str, code: int) -> NoReturn:
    click.echo(legible(sentence), err=True)
    sys.exit(code)
