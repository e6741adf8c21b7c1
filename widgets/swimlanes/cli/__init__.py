"""The command line: ``swimlanes run``, ``study``, ``compare``, ``watch`` and others."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import NoReturn

from swimlanes import hiding
from swimlanes.brief import cut
from swimlanes.errors import RequestError, SwimlanesError

try:
    import click

    from swimlanes.cli.commands import FAILED, commands
    from swimlanes.markup import legible

    INTERRUPTED, ENDED = 128 + signal.SIGINT, 128 + signal.SIGTERM
except Exception as error:  # a file may hide what these need
    if sentence := hiding.told_by_error(error):
        sys.exit(sentence)
    raise

__all__ = ["main"]

WRONG_USE = 2
HEARD_WITHIN_S = 3.0
"""From when on a signal was dropped, seconds: to end a run takes less."""


def main() -> NoReturn:
    """Run the command line: any failure is one sentence on stderr and a non-zero exit code.

    Wrong use ends with 2, a failure with 1, an interrupt with 130, and SIGTERM with 143. A script
    that is to be watched ends as it does in Python.
    """
    errors = _show_what_can_be_shown()
    try:
        with signals_heard(), hiding.Told():
            script = commands.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        _fail(error.format_message(), WRONG_USE)
    except click.ClickException as error:
        _fail(cut(error.format_message()) + _hint(error), WRONG_USE)
    except SwimlanesError as error:
        code = WRONG_USE if isinstance(error, RequestError) else FAILED
        _fail("\n".join(filter(None, (str(error), error.detail))), code)
    except (click.Abort, KeyboardInterrupt):
        _fail("Interrupted: the work was ended, and nothing of it is left.", INTERRUPTED)
    except BrokenPipeError:
        # The program that read our output has ended.
        sys.stderr.close()
        sys.exit(FAILED)
    except OSError as error:
        click.echo(f"That could not be read or written: {error.strerror}.", err=True)
        os._exit(FAILED)  # what is still to be written would fail again
    if callable(script):
        for stream, before in errors:
            stream.reconfigure(errors=before)
        script()
    sys.exit(0)


@contextmanager
def signals_heard() -> Iterator[None]:
    """Let SIGINT and SIGTERM end the work in the block.

    Python drops what a handler raises while a weak reference's callback or ``__del__`` runs. So do
    packages that try this and that while they are imported. Then the signal would have no effect.
    """
    before = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    }
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # nobody wants it ignored
        signal.signal(signal.SIGINT, _raise)
    signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _: object = None) -> NoReturn:
    signal.signal(signal.SIGALRM, lambda *_: _raise(number))
    signal.setitimer(signal.ITIMER_REAL, HEARD_WITHIN_S)
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(ENDED)


def _show_what_can_be_shown() -> list[tuple[TextIOWrapper, str | None]]:
    """Replace characters that the terminal does not know, instead of failing over them.

    Return the streams and what they did before.
    """
    streams = [s for s in (sys.stdout, sys.stderr) if isinstance(s, TextIOWrapper)]
    before = [(stream, stream.errors) for stream in streams]
    for stream in streams:
        stream.reconfigure(errors="replace")
    return before


def _hint(error: click.ClickException) -> str:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    return f" See {command} --help." if command else ""


def _fail(sentence: str, code: int) -> NoReturn:
    click.echo(legible(sentence), err=True)
    sys.exit(code)
