"""A script or a module that is run as Python runs it, and watched until Python ends.

It runs in place of the program that was started: how it ends, by whatever error, exit code or
signal, is Python's own business, and so is waiting for its threads and calling what it has
registered for the end. Only then the watch ends.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import pkgutil
import runpy
import sys
import types
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib.machinery import SourceFileLoader
from multiprocessing import util

from swimlanes.errors import RequestError
from swimlanes.watching.block import Watch


class Script:
    """A script, or a module, with its arguments.

    Parameters
    ----------
    command : sequence of str
        The script's file, folder or zip file, or the module's name, and the arguments.
    module : bool
        Whether it is a module.

    Attributes
    ----------
    name : str
        What it is called.
    succeeded : bool
        Whether it has come to its end without an error.

    Raises
    ------
    RequestError
        If the script cannot be read.
    """

    def __init__(self, command: Sequence[str], module: bool) -> None:
        self.name = os.path.basename(command[0])
        self.succeeded = self._interrupted = False
        self._error: type[BaseException] | None = None
        self._command = list(command)
        self._module = module
        self._file = os.path.join(os.getcwd(), command[0])  # as Python has it, with all dots
        # Imported: a folder or a zip file with a module __main__.
        self._imported = module or pkgutil.get_importer(self._file) is not None
        self._source = b"" if self._imported else _read(command[0])

    def run(self, on_look: Callable[[Watch], None] | None, at_end: Callable[[Watch], None]) -> None:
        """Run it, in place of this program, which is to do nothing else.

        Parameters
        ----------
        on_look : callable or None
            As for `Watch`.
        at_end : callable
            Is called with the watch when all of the script is over.
        """
        watch = Watch(self.name, on_look)
        # Its threads are no reason to warn of a fork.
        warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)
        self._become_main()
        watch.__enter__()
        _at_the_very_end(partial(self._end, watch, at_end, os.getpid()))
        try:
            if self._imported:
                runpy._run_module_as_main(  # type: ignore[attr-defined]
                    self._command[0] if self._module else "__main__", alter_argv=self._module
                )
            else:
                exec(
                    compile(self._source, self._file, "exec", dont_inherit=True),
                    vars(sys.modules["__main__"]),
                )
        except SystemExit as end:
            self.succeeded = not end.code
            self._error = SystemExit if end.code else None
            raise
        except BaseException as error:
            self._error = type(error)
            self._interrupted = isinstance(error, KeyboardInterrupt)
            _leave_out_first_frame(error)
            raise
        self.succeeded = True

    def _end(self, watch: Watch, at_end: Callable[[Watch], None], pid: int) -> None:
        if os.getpid() != pid:  # a child that the script has forked
            return
        watch.__exit__(self._error, None, None)
        at_end(watch)
        if self._interrupted:
            _recall_interrupt()

    def _become_main(self) -> None:
        """Change what a program can see of how it was started."""
        option = ["-m"] if self._module else []
        sys.orig_argv = [sys.orig_argv[0], *option, *self._command]
        sys.argv = [*(option or self._command[:1]), *self._command[1:]]
        if not sys.flags.safe_path:
            sys.path[0] = self._first_place()
        elif self._imported and not self._module:
            sys.path.insert(0, self._file)
        before = sys.modules["__main__"]
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        own = {name: value for name, value in vars(before).items() if name.startswith("__")}
        loader = SourceFileLoader("__main__", self._file)
        vars(main).update(own, __file__=self._file, __loader__=loader)

    def _first_place(self) -> str:
        """Return where it finds modules first."""
        if self._module:
            return os.getcwd()
        return self._file if self._imported else os.path.dirname(os.path.realpath(self._file))


def _read(name: str) -> bytes:
    try:
        with io.open_code(os.path.abspath(name)) as file:
            return file.read()
    except OSError as error:
        raise RequestError(
            f"The script {name!r} cannot be read ({error.strerror}). Give its file, or a module "
            "after -m."
        ) from error


def _at_the_very_end(end: Callable[[], None]) -> None:
    """Have it called when everything else that was to be done at the end of Python is done."""
    atexit.register(end)
    # Ends workers, or waits for them: they are watched until then.
    end_workers = util._exit_function  # type: ignore[attr-defined]
    atexit.unregister(end_workers)
    atexit.register(end_workers)


def _recall_interrupt() -> None:
    """Have Python end by SIGINT: it does if the last text that it evaluated was interrupted."""
    with contextlib.suppress(KeyboardInterrupt):
        exec("raise KeyboardInterrupt")


def _leave_out_first_frame(error: BaseException) -> None:
    """Let an error be shown, by any handler, without the frame that has just caught it."""
    tell = sys.excepthook
    assert error.__traceback__ is not None
    traceback = error.__traceback__.tb_next

    def tell_without(
        kind: type[BaseException], error: BaseException, _: types.TracebackType | None
    ) -> None:
        sys.excepthook = tell
        tell(kind, error.with_traceback(traceback), traceback)

    sys.excepthook = tell_without
