"""A script or a module that is run as Python runs it, and watched."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable, Sequence
from types import TracebackType

from swimlanes.errors import RequestError
from swimlanes.watching.block import Watch

_INTERRUPTED = 130


def watch_script(
    command: Sequence[str], module: bool, on_look: Callable[[Watch], None] | None = None
) -> tuple[Watch, int]:
    """Run a script, or a module, with its arguments.

    Parameters
    ----------
    command : sequence of str
        The script's file or the module's name, and the arguments.
    module : bool
        Whether it is a module.
    on_look : callable, optional
        As for `Watch`.

    Returns
    -------
    tuple of (Watch, int)
        What was seen, and the exit code that Python would have had.
    """
    name = command[0]
    if not module and not os.path.isfile(name):
        raise RequestError(f"There is no script {name!r}. Give its file, or a module after -m.")
    sys.argv = list(command)
    sys.path.insert(0, os.getcwd() if module else os.path.dirname(os.path.abspath(name)))
    with Watch(os.path.basename(name), on_look) as watch:
        code = _exit_code(lambda: _run(name, module))
    return watch, code


def _run(name: str, module: bool) -> None:
    if module:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(os.path.abspath(name), run_name="__main__")


def _exit_code(run: Callable[[], None]) -> int:
    """Do it, tell of an error as Python does, and return the exit code."""
    try:
        run()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        traceback = _of_the_script(error.__traceback__)
        sys.excepthook(type(error), error.with_traceback(traceback), traceback)
        return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _of_the_script(traceback: TracebackType | None) -> TracebackType | None:
    """Leave out the frames from here to the script's first line."""
    ours = os.path.dirname(__file__)
    while traceback is not None and _is_ours(traceback.tb_frame.f_code.co_filename, ours):
        traceback = traceback.tb_next
    return traceback


def _is_ours(file: str, folder: str) -> bool:
    return file.startswith(folder) or "runpy" in file
